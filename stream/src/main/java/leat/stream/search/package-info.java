/// From the log into OpenSearch or Elasticsearch: index templates made from contracts, and a loader
/// a contract that keeps its two indices, enriched events and dead letters, exactly up to the log.
///
/// [leat.stream.search.SearchLoader] is the shell that polls, sends and commits;
/// [leat.stream.search.SearchEngine] speaks HTTP; the rest is pure: mappings, documents, and the
/// meaning of the engine's answers. No client library of an engine belongs here.
@NullMarked
package leat.stream.search;

import org.jspecify.annotations.NullMarked;
