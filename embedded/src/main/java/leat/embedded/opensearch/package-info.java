/// The search engine of a laptop: OpenSearch in a child JVM of its own, started, watched, restarted
/// and stopped from here. Nothing here indexes or searches.
@NullMarked
package leat.embedded.opensearch;

import org.jspecify.annotations.NullMarked;
