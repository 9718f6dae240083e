package leat.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.IntStream;
import leat.core.artifact.Artifact;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The records of the topic of chunks: the key is `UPLOAD/NUMBER`, numbers from 0 on, the value a
/// part of a file.
record ChunkRecords(String topic) {

    ProducerRecord<byte[], byte[]> of(String upload, int number, byte[] bytes) {
        return new ProducerRecord<>(topic, 0, key(upload, number).getBytes(UTF_8), bytes);
    }

    static String key(String upload, int number) {
        return upload + "/" + number;
    }

    /// What has compaction take a file's chunks away.
    List<ProducerRecord<byte[], byte[]>> deleted(Artifact artifact) {
        return IntStream.range(0, artifact.chunks())
                .mapToObj(number ->
                        new ProducerRecord<byte[], byte[]>(
                                topic, 0, key(artifact.upload(), number).getBytes(UTF_8), null))
                .toList();
    }
}
