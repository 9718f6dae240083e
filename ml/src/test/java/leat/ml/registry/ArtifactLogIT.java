package leat.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactLimits;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.ml.featurestore.FeatureKafka;
import leat.stream.log.SmallTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArtifactLogIT {

    private static final ArtifactPath PATH = new ArtifactPath("0/r/artifacts/model.onnx");
    private static final int CHUNK = ArtifactLimits.CHUNK_BYTES;

    private final Names names = RegistryKafka.prepare();

    @TempDir private Path folder;

    private ArtifactLog opened() {
        return new ArtifactLog(FeatureKafka.connection(), names, folder, InstantSource.system());
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static void put(Artifacts artifacts, ArtifactPath path, byte[] bytes) {
        artifacts.put(path, new ByteArrayInputStream(bytes));
    }

    private static byte[] read(Artifacts artifacts, ArtifactPath path) throws IOException {
        try (InputStream in = artifacts.open(artifacts.file(path).orElseThrow())) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 20_000_000})
    void aFileIsReadAsItWasUploadedByALaterProcess(int size) throws IOException {
        byte[] written = bytes(size);
        try (ArtifactLog artifacts = opened()) {
            put(artifacts, new ArtifactPath("0/before"), bytes(10));
            put(artifacts, PATH, written);
            put(artifacts, new ArtifactPath("0/after"), bytes(20));
        }

        try (ArtifactLog later = opened()) {
            assertThat(read(later, PATH)).isEqualTo(written);
            assertThat(later.file(PATH).orElseThrow().sizeBytes()).isEqualTo(size);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    /// Compaction leaves of each key the last value.
    private Map<String, Integer> chunks() {
        Map<String, Integer> sizes = new HashMap<>();
        try (SmallTopic topic =
                SmallTopic.open(
                        FeatureKafka.connection(), "test", new RegistryTopics(names).chunks())) {
            topic.readOn(batch -> {
                for (ConsumerRecord<byte[], byte[]> record : batch) {
                    String key = new String(record.key(), UTF_8);
                    if (record.value() == null) {
                        sizes.remove(key);
                    } else {
                        sizes.put(key, record.value().length);
                    }
                }
            });
        }
        return sizes;
    }

    @Test
    void whatIsReplacedOrDeletedLeavesNoChunksToCompaction() throws IOException {
        try (ArtifactLog artifacts = opened()) {
            put(artifacts, PATH, bytes(3 * CHUNK));
            put(artifacts, PATH, bytes(CHUNK + 7));
            assertThat(read(artifacts, PATH)).isEqualTo(bytes(CHUNK + 7));
            assertThat(chunks().values()).containsExactlyInAnyOrder(CHUNK, 7);

            put(artifacts, new ArtifactPath("0/r/artifacts/a/b"), bytes(10));
            artifacts.delete(new ArtifactPath("0/r"));
            artifacts.delete(new ArtifactPath("0/r"));

            assertThat(artifacts.file(PATH)).isEmpty();
            assertThat(artifacts.list(new ArtifactPath("0/r"))).isEmpty();
            assertThat(chunks()).isEmpty();
        }
    }

    @Test
    void anUploadThatBreaksOffLeavesWhatWasThere() throws IOException {
        InputStream broken =
                new SequenceInputStream(
                        new ByteArrayInputStream(bytes(2 * CHUNK)),
                        new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("the client went away");
                            }

                            @Override
                            public int read(byte[] bytes, int offset, int length)
                                    throws IOException {
                                return read();
                            }
                        });
        try (ArtifactLog artifacts = opened()) {
            put(artifacts, PATH, bytes(10));

            assertThatThrownBy(() -> artifacts.put(PATH, broken))
                    .isInstanceOf(UncheckedIOException.class);

            assertThat(read(artifacts, PATH)).isEqualTo(bytes(10));
            assertThat(chunks()).hasSize(1);
        }
    }

    @Test
    void whatIsTooLargeIsRefusedWithItsLimit() {
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 1;
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        return length;
                    }
                };
        try (ArtifactLog artifacts = opened()) {
            assertThatThrownBy(() -> artifacts.put(PATH, endless))
                    .hasMessageContaining("has more than 268435456 bytes");
            assertThat(artifacts.file(PATH)).isEmpty();
        }
    }

    @Test
    void damagedBytesAreNotGivenOutAsAWhole() throws Exception {
        try (ArtifactLog artifacts = opened()) {
            put(artifacts, PATH, bytes(2 * CHUNK));
            Artifact good = artifacts.file(PATH).orElseThrow();
            Artifact wrong =
                    new Artifact(
                            PATH,
                            good.upload(),
                            good.sizeBytes(),
                            "0".repeat(64),
                            good.chunks(),
                            good.first(),
                            good.last(),
                            1);
            Artifact cut =
                    new Artifact(
                            PATH,
                            good.upload(),
                            good.sizeBytes(),
                            good.sha256(),
                            3,
                            good.first(),
                            good.last(),
                            1);

            for (Artifact damaged : List.of(wrong, cut)) {
                try (InputStream in = artifacts.open(damaged)) {
                    assertThat(in.readNBytes(CHUNK)).hasSize(CHUNK);
                    assertThatThrownBy(in::readAllBytes)
                            .isInstanceOf(ArtifactDamaged.class)
                            .hasMessageContaining("the artifact " + PATH + " is damaged: ")
                            .hasMessageContaining(
                                    damaged.equals(wrong) ? "SHA-256" : "chunk 3 of 3");
                }
            }
        }
    }

    @Test
    void aRecordOfSomebodyElseStopsReadingUntilItIsCompacted() {
        try (ArtifactLog artifacts = opened();
                Producer<byte[], byte[]> producer =
                        FeatureKafka.connection().producer("test", Map.of())) {
            put(artifacts, PATH, bytes(10));
            Objects.requireNonNull(
                    producer.send(
                            new ProducerRecord<>(
                                    new RegistryTopics(names).artifacts(),
                                    0,
                                    "0/x".getBytes(UTF_8),
                                    "{}".getBytes(UTF_8))));
            producer.flush();

            assertThatThrownBy(() -> artifacts.file(PATH))
                    .hasMessageContaining("is none that this program can read");
        }
    }

    @Test
    void processesThatUploadAtTheSameTimeLoseNothing() throws Exception {
        try (ArtifactLog one = opened();
                ArtifactLog other = opened();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> uploads = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ArtifactLog artifacts = i % 2 == 0 ? one : other;
                ArtifactPath path = new ArtifactPath("0/r/" + i);
                int size = 1_000_000 + i;
                uploads.add(threads.submit(() -> put(artifacts, path, bytes(size))));
            }
            for (Future<?> upload : uploads) {
                upload.get();
            }
            for (int i = 0; i < 10; i++) {
                assertThat(read(i % 2 == 0 ? other : one, new ArtifactPath("0/r/" + i)))
                        .isEqualTo(bytes(1_000_000 + i));
            }
            assertThat(chunks()).hasSize(20);
        }
    }
}
