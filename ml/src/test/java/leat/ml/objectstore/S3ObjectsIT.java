package leat.ml.objectstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.model.ModelLimits;
import leat.core.tracking.TrackingRefused;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real store, asked.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class S3ObjectsIT {

    @TempDir private static Path folder;
    private static RealS3 store;
    private static S3Objects objects;

    @BeforeAll
    static void start() throws IOException {
        store = new RealS3(folder);
        objects = store.objects();
    }

    @AfterAll
    static void stop() {
        if (store != null) {
            objects.close();
            store.close();
        }
    }

    private static String read(String uri, StoredFile file) throws IOException {
        try (InputStream in = objects.open(uri, file).orElseThrow()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void filesAreFoundHoweverDeepAndReadAsTheyWereWritten() throws IOException {
        store.put("deep/model/model.onnx", "graph".getBytes(UTF_8));
        store.put("deep/model/data/größe 1+%20.bin", "weights".getBytes(UTF_8));
        store.put("deep/model/empty", new byte[0]);
        store.put("deep/model-2/other", new byte[3]);

        StoredFiles files = objects.below("s3://models/deep/model/");

        assertThat(files.files())
                .extracting(StoredFile::path)
                .containsExactlyInAnyOrder("data/größe 1+%20.bin", "empty", "model.onnx");
        assertThat(read(files.uri(), files.file("model.onnx").orElseThrow())).isEqualTo("graph");
        assertThat(read(files.uri(), files.file("data/größe 1+%20.bin").orElseThrow()))
                .isEqualTo("weights");
        assertThat(read(files.uri(), files.file("empty").orElseThrow())).isEmpty();
        assertThat(objects.below("s3://models/deep/model").files()).isEqualTo(files.files());
    }

    @Test
    void whatWasReplacedOrDeletedIsNotGivenAndTheSameBytesAgainAre() throws IOException {
        store.put("same/model.onnx", "one".getBytes(UTF_8));
        String uri = "s3://models/same";
        StoredFile file = objects.below(uri).files().getFirst();

        store.put("same/model.onnx", "two".getBytes(UTF_8));
        assertThat(objects.open(uri, file)).isEmpty();
        store.delete("same/model.onnx");
        assertThat(objects.open(uri, file)).isEmpty();
        store.put("same/model.onnx", "one".getBytes(UTF_8));
        assertThat(read(uri, file)).isEqualTo("one");
    }

    @Test
    void aStoreThatHeedsNoConditionIsNotBelieved() throws IOException {
        store.put("sizes/a", "abc".getBytes(UTF_8));
        String uri = "s3://models/sizes";
        StoredFile file = objects.below(uri).files().getFirst();

        assertThat(objects.open(uri, new StoredFile("a", 4, file.etag()))).isEmpty();
    }

    @Test
    void whereNothingOrTooMuchIsNothingIsRegistered() throws IOException {
        store.fill("many", ModelLimits.STORED_FILES + 1);

        assertThatThrownBy(() -> objects.below("s3://models/many"))
                .isInstanceOf(TrackingRefused.class)
                .hasMessage(
                        "More than 1000 files are below 's3://models/many': register a folder that"
                                + " has the model alone");
        assertThatThrownBy(() -> objects.below("s3://models/none"))
                .isInstanceOf(TrackingRefused.class)
                .hasMessage(
                        "Nothing is below 's3://models/none': upload the files first, then register"
                                + " them");
        assertThatThrownBy(() -> objects.below("s3://no-such-bucket/model"))
                .isInstanceOf(TrackingRefused.class)
                .hasMessage("There is no bucket no-such-bucket");
    }

    @Test
    void whoIsNotLetInIsToldWhereItIsConfigured() {
        try (S3Objects strangers = store.strangers()) {
            assertThatThrownBy(() -> strangers.below("s3://models/x"))
                    .isInstanceOf(ObjectStoreUnavailable.class)
                    .hasMessageStartingWith("the object store does not give s3://models/x (")
                    .hasMessageEndingWith(
                            "see that it runs, and what leat.yaml says of it under"
                                    + " models.object-store");
        }
    }

    @Test
    void aStoreThatSaysNothingIsGivenUpInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                S3Objects waiting =
                        RealS3.objects("http://127.0.0.1:" + silent.getLocalPort(), "x")) {
            StoredFile file = new StoredFile("model.onnx", 1, "e");
            long begun = System.nanoTime();

            assertThatThrownBy(() -> waiting.open("s3://models/m", file))
                    .isInstanceOf(ObjectStoreUnavailable.class);
            assertThatThrownBy(() -> waiting.below("s3://models/m"))
                    .isInstanceOf(ObjectStoreUnavailable.class);

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void noneHasNothingAndSaysWhereOneIsNamed() {
        assertThat(ObjectStore.NONE.has("s3://models/m")).isFalse();
        assertThatThrownBy(
                        () -> ObjectStore.NONE.open("s3://models/m", new StoredFile("a", 1, "e")))
                .hasMessage(
                        "'s3://models/m' is in an object store, and leat.yaml names none: add"
                                + " models.object-store");
        assertThat(Optional.of("s3://models/m").filter(objects::has)).isPresent();
        assertThat(objects.has("file:///m")).isFalse();
    }
}
