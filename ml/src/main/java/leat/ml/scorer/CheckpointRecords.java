package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.ml.fold.JsonRecords;
import leat.ml.fold.RecordUnreadable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Checkpoints as records of two compacted topics: one a version and partition that says how far it
/// has learned, and its state in chunks, whose keys are the same from one checkpoint to the next.
final class CheckpointRecords {

    /// Well below what Kafka takes.
    private static final int CHUNK_BYTES = 128 << 10;

    private final String topic;
    private final String chunkTopic;
    private final JsonRecords records;

    CheckpointRecords(Names names) {
        this.topic = topic(names);
        this.chunkTopic = chunkTopic(names);
        this.records = new JsonRecords(topic);
    }

    static String topic(Names names) {
        return names.shared("checkpoints");
    }

    static String chunkTopic(Names names) {
        return names.shared("checkpoint-chunks");
    }

    /// The state's place in a checkpoint that is written with its chunks.
    static Checkpoint.State state(byte[] bytes, long writtenMillis) {
        return new Checkpoint.State(
                writtenMillis,
                (bytes.length + CHUNK_BYTES - 1) / CHUNK_BYTES,
                bytes.length,
                sha256(bytes));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    ProducerRecord<byte[], byte[]> of(Checkpoint checkpoint) {
        return records.of(
                checkpoint.key(),
                JsonRecords.value()
                        .put("scoring", checkpoint.scoring())
                        .put("version", checkpoint.version())
                        .put("since", checkpoint.since().toString())
                        .put("at", checkpoint.at())
                        .put("model", checkpoint.model())
                        .put("missing", checkpoint.nanForMissing() ? "nan" : "fail")
                        .put("lacking", checkpoint.lackingOffsets())
                        .put("written", checkpoint.state().writtenMillis())
                        .put("chunks", checkpoint.state().chunks())
                        .put("size", checkpoint.state().sizeBytes())
                        .put("sha256", checkpoint.state().sha256()));
    }

    /// What has compaction take a checkpoint away.
    ProducerRecord<byte[], byte[]> deleted(Checkpoint checkpoint) {
        return records.of(checkpoint.key(), null);
    }

    /// The chunks of a state that the checkpoint speaks of.
    List<ProducerRecord<byte[], byte[]>> chunks(Checkpoint checkpoint, byte[] state) {
        return IntStream.range(0, checkpoint.state().chunks())
                .mapToObj(number ->
                        chunk(
                                checkpoint,
                                number,
                                Arrays.copyOfRange(
                                        state,
                                        number * CHUNK_BYTES,
                                        Math.min(state.length, (number + 1) * CHUNK_BYTES))))
                .toList();
    }

    /// What has compaction take those chunks of an earlier checkpoint away that a later one does
    /// not write anew.
    List<ProducerRecord<byte[], byte[]>> deletedChunks(Checkpoint earlier, int chunksNow) {
        return IntStream.range(chunksNow, earlier.state().chunks())
                .mapToObj(number -> chunk(earlier, number, null))
                .toList();
    }

    private ProducerRecord<byte[], byte[]> chunk(
            Checkpoint checkpoint, int number, byte @Nullable [] bytes) {
        return new ProducerRecord<>(
                chunkTopic,
                0,
                bytes == null ? null : checkpoint.state().writtenMillis(),
                chunkKey(checkpoint, number).getBytes(UTF_8),
                bytes);
    }

    static String chunkKey(Checkpoint checkpoint, int number) {
        return checkpoint.key() + "/" + number;
    }

    /// What a record says.
    ///
    /// @param checkpoint empty where it was deleted
    record Read(String key, Optional<Checkpoint> checkpoint) {}

    /// @throws RecordUnreadable when it cannot be read
    Read read(ConsumerRecord<byte[], byte[]> record) {
        return records.read(
                record,
                (key, value) ->
                        new Read(key, Optional.ofNullable(value).map(CheckpointRecords::read)));
    }

    private static Checkpoint read(JsonNode value) {
        return new Checkpoint(
                value.required("scoring").asString(),
                value.required("version").asString(),
                Position.parse(value.required("since").asString()),
                value.required("at").asLong(),
                value.required("model").asString(),
                value.required("missing").asString().equals("nan"),
                value.required("lacking").asLong(),
                new Checkpoint.State(
                        value.required("written").asLong(),
                        value.required("chunks").asInt(),
                        value.required("size").asLong(),
                        value.required("sha256").asString()));
    }
}
