/// The feature store: views' vectors computed by Kafka Streams, exactly once, and the proof of it.
/// It knows the core and the log; what values are is decided in `leat.core.feature`.
@NullMarked
package leat.ml.featurestore;

import org.jspecify.annotations.NullMarked;
