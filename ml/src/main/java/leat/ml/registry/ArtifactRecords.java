package leat.ml.registry;

import java.util.Optional;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.tracking.TrackingRefused;
import leat.ml.fold.JsonRecords;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The records of the topic of artifacts: the key is the path, the value says where the file's
/// chunks are, nothing for a file that was deleted.
final class ArtifactRecords {

    private final JsonRecords json;

    ArtifactRecords(String topic) {
        this.json = new JsonRecords(topic);
    }

    /// A file as a record says it is.
    ///
    /// @param artifact empty where it was deleted
    record Read(ArtifactPath path, Optional<Artifact> artifact) {}

    ProducerRecord<byte[], byte[]> of(Artifact artifact) {
        return json.of(
                artifact.path().text(),
                JsonRecords.value()
                        .put("upload", artifact.upload())
                        .put("size", artifact.sizeBytes())
                        .put("sha256", artifact.sha256())
                        .put("chunks", artifact.chunks())
                        .put("first", artifact.first())
                        .put("last", artifact.last())
                        .put("modified", artifact.modifiedMillis()));
    }

    ProducerRecord<byte[], byte[]> deleted(ArtifactPath path) {
        return json.of(path.text(), null);
    }

    /// What a record says.
    ///
    /// @throws leat.ml.fold.RecordUnreadable when it cannot be read
    Read read(ConsumerRecord<byte[], byte[]> record) {
        return json.read(record, ArtifactRecords::read);
    }

    private static Read read(String key, @Nullable JsonNode value) {
        ArtifactPath path;
        try {
            path = new ArtifactPath(key);
        } catch (TrackingRefused e) {
            throw new IllegalArgumentException(e);
        }
        return new Read(path, Optional.ofNullable(value).map(node -> artifact(path, node)));
    }

    private static Artifact artifact(ArtifactPath path, JsonNode value) {
        return new Artifact(
                path,
                value.required("upload").asString(),
                value.required("size").asLong(),
                value.required("sha256").asString(),
                value.required("chunks").asInt(),
                value.required("first").asLong(),
                value.required("last").asLong(),
                value.required("modified").asLong());
    }
}
