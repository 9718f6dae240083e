/// The online side of the feature store: the newest vector of each entity, kept near for reading,
/// and answers about them. Knows the `latest` topics and nothing of who writes them.
@NullMarked
package leat.ml.featurestore.online;

import org.jspecify.annotations.NullMarked;
