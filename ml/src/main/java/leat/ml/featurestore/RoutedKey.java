package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/// The key of a vector on its way to a topic.
///
/// @param partition that of the event, in the source and in the topics of vectors
record RoutedKey(int partition, String entity) {

    /// Writes the entity alone.
    static Serializer<RoutedKey> serializer() {
        return (_, key) -> key.entity().getBytes(StandardCharsets.UTF_8);
    }

    /// Sends each to its partition.
    static StreamPartitioner<RoutedKey, byte[]> partitioner() {
        return (_, key, _, _) -> Optional.of(Set.of(key.partition()));
    }
}
