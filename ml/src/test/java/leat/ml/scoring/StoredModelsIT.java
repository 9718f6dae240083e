package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import leat.core.artifact.ArtifactPath;
import leat.core.artifact.Fingerprint;
import leat.core.event.Names;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.scoring.Model;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.core.tracking.TrackingRefused;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.objectstore.ObjectStoreUnavailable;
import leat.ml.objectstore.RealS3;
import leat.ml.objectstore.S3Objects;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.ModelFile;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.Pinning;
import leat.ml.registry.Promotions;
import leat.ml.registry.RegistryKafka;
import leat.ml.registry.RegistryLog;
import leat.ml.registry.Sources;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Versions whose files are in a real object store, by a real log.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class StoredModelsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> OUTSIDE = List.of("outside.onnx", "outside.onnx.data");

    private final Names names = RegistryKafka.prepare();
    private final LogConnection log = FeatureKafka.connection();
    private final InstantSource clock = InstantSource.system();
    private final TrackingLog tracking = new TrackingLog(log, names, clock);
    private final RegistryLog registry = new RegistryLog(log, names, clock);

    @TempDir private Path folder;
    private RealS3 store;
    private S3Objects objects;
    private ArtifactLog artifacts;
    private ModelsInLog models;
    private Pinning pinning;

    @BeforeEach
    void start() throws IOException {
        store = new RealS3(folder.resolve("s3"));
        objects = store.objects();
        artifacts = new ArtifactLog(log, names, folder.resolve("spool"), clock);
        models = new ModelsInLog(tracking, registry, artifacts, objects);
        pinning = new Pinning(new Sources(tracking, registry), objects);
        registry.write(new RegisteredModelCommand.Create("r", "risk", "", Map.of()));
    }

    @AfterEach
    void stop() {
        if (models != null) {
            models.close();
        }
        if (store != null) {
            store.close();
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = StoredModelsIT.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    /// Registers the next version as the console does.
    private ModelVersion register(String source, Map<String, String> tags) {
        int number = registry.read(state -> state.versions("risk")).size() + 1;
        registry.write(
                new VersionCommand.Create(
                        "v" + number, "risk", source, "", "", "", "", tags, pinning.of(source)));
        return models.resolve(new ModelReference.Numbered("risk", number)).version();
    }

    private ModelVersion register(String source) {
        return register(source, Map.of());
    }

    private void alias(String alias, ModelVersion version) {
        registry.write(new RegisteredModelCommand.SetAlias("risk", alias, version.info().number()));
    }

    private ModelVersion inLog(float adds) {
        String path = "0/r" + adds + "/artifacts/model";
        artifacts.put(
                new ArtifactPath(path + "/model.onnx"),
                new ByteArrayInputStream(LinearModel.weighted(adds)));
        return register("mlflow-artifacts:/" + path);
    }

    /// What a version computes of two ones.
    private float computed(ModelVersion version) {
        Model model = new ModelFiles(models, version).open();
        try {
            Tensor one =
                    model.run(
                                    Map.of(
                                            "X",
                                            new Tensor.Floats(
                                                    Shape.of(1, 2),
                                                    FloatBuffer.wrap(new float[] {1, 1}))),
                                    Duration.ofSeconds(10))
                            .get("variable");
            return ((Tensor.Floats) Objects.requireNonNull(one)).values().get(0);
        } finally {
            ModelFiles.close(model);
        }
    }

    private static Predicted predict(RegisteredModels predictor, String reference) {
        return predictor
                .predict(
                        new PredictionRequest(
                                ModelReference.parse(reference),
                                List.of("a", "b"),
                                List.of(List.of(1L, 1L)),
                                List.of(new OutputValue("variable", 0)),
                                Duration.ofSeconds(5)))
                .getFirst();
    }

    private static String version(Predicted predicted) {
        return switch (predicted) {
            case Predicted.Values values -> values.version();
            case Predicted.Failed failed -> failed.why();
        };
    }

    private static void awaitVersion(RegisteredModels predictor, String wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String seen = version(predict(predictor, "risk@champion"));
        while (!seen.equals(wanted)) {
            assertThat(System.nanoTime()).as(seen).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            seen = version(predict(predictor, "risk@champion"));
        }
    }

    @Test
    void aVersionInTheStoreComputesWhatItsFilesInTheLogDoWithWeightsBesideTheModelToo()
            throws IOException {
        for (String name : OUTSIDE) {
            store.put("runs/1/model/" + name, resource(name));
            artifacts.put(
                    new ArtifactPath("0/r1/artifacts/model/" + name),
                    new ByteArrayInputStream(resource(name)));
        }
        ModelVersion logged = register("mlflow-artifacts:/0/r1/artifacts/model");
        ModelVersion stored = register("s3://models/runs/1/model");

        try (RegisteredModels predictor = new RegisteredModels(models)) {
            Predicted.Values ofLog = (Predicted.Values) predict(predictor, "risk/1");
            Predicted.Values ofStore = (Predicted.Values) predict(predictor, "risk/2");

            assertThat(ofStore).isEqualTo(new Predicted.Values(ofLog.values(), "risk/2"));
        }
        assertThat(computed(stored)).isEqualTo(computed(logged));
        assertThat(models.files(stored))
                .extracting(ModelFile::path)
                .containsExactlyInAnyOrderElementsOf(OUTSIDE);
        assertThat(VersionFile.ofModel(models, stored).fingerprint())
                .isInstanceOf(Fingerprint.Etag.class);
    }

    @Test
    void aVersionThatWasReplacedInTheStoreIsRefusedAndTheOneBeforeGoesOn() {
        store.put("a/model.onnx", LinearModel.weighted(3));
        store.put("b/model.onnx", LinearModel.weighted(5));
        alias("champion", register("s3://models/a"));
        ModelVersion replaced = register("s3://models/b");
        store.put("b/model.onnx", LinearModel.weighted(7));

        assertThatThrownBy(() -> computed(replaced))
                .isInstanceOf(TrackingRefused.class)
                .hasMessage(
                        "file 'model.onnx' of risk/2 in s3://models/b is not the one that was"
                                + " registered any more: register it again as a new version");
        try (RegisteredModels predictor = new RegisteredModels(models)) {
            awaitVersion(predictor, "risk/1");
            alias("champion", replaced);
            assertThat(version(predict(predictor, "risk/2")))
                    .isEqualTo(
                            "risk/2: file 'model.onnx' of risk/2 in s3://models/b is not the one"
                                    + " that was registered any more: register it again as a new"
                                    + " version");
            assertThat(version(predict(predictor, "risk@champion"))).isEqualTo("risk/1");

            alias("champion", register("s3://models/b"));

            awaitVersion(predictor, "risk/3");
        }
    }

    @Test
    void whileTheStoreIsAwayTheVersionBeforeAnswersAndItsOwnDoesWhenItIsBack() {
        alias("champion", inLog(1));
        store.put("a/model.onnx", LinearModel.weighted(3));
        ModelVersion stored = register("s3://models/a");
        store.kill();

        assertThatThrownBy(() -> computed(stored))
                .isInstanceOf(ObjectStoreUnavailable.class)
                .hasMessageContaining("see that it runs");
        assertThatThrownBy(() -> register("s3://models/a"))
                .isInstanceOf(ObjectStoreUnavailable.class);
        try (RegisteredModels predictor = new RegisteredModels(models)) {
            awaitVersion(predictor, "risk/1");
            alias("champion", stored);
            assertThat(version(predict(predictor, "risk/2")))
                    .startsWith("risk/2: the object store does not give s3://models/a (");
            assertThat(version(predict(predictor, "risk@champion"))).isEqualTo("risk/1");

            store.restart();

            awaitVersion(predictor, "risk/2");
        }
    }

    @Test
    void aScorerFollowsItsOtherAliasWhileTheStoreOfOneIsAway() throws Exception {
        alias("champion", inLog(1));
        store.put("a/model.onnx", LinearModel.weighted(3));
        alias("shadow", register("s3://models/a"));
        store.kill();

        try (ReadyModels ready =
                ReadyModels.follow(
                        models,
                        "risk",
                        Optional.empty(),
                        List.of("champion", "shadow"),
                        Duration.ofMillis(50))) {
            awaitReady(ready, Map.of("champion", "risk/1"));
            alias("champion", inLog(2));
            awaitReady(ready, Map.of("champion", "risk/3"));
            store.restart();

            awaitReady(ready, Map.of("champion", "risk/3", "shadow", "risk/2"));
        }
    }

    private static void awaitReady(ReadyModels ready, Map<String, String> wanted)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Map<String, String> seen = Map.of();
        while (!seen.equals(wanted)) {
            assertThat(System.nanoTime()).as(seen.toString()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            try (ReadyModels.Ready now = ready.await()) {
                seen =
                        now.standings().entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                one -> one.getValue().version()));
            }
        }
    }

    @Test
    void whatIsMadeOfAVersionIsWhatThatOneIsAndStaysSo() {
        store.put("a/model.onnx", LinearModel.weighted(3));
        ModelVersion original = register("s3://models/a");
        ModelVersion copy = register("models:/risk/1");
        store.put("a/model.onnx", LinearModel.weighted(5));
        ModelVersion later = register("models:/risk/1");
        ModelVersion again = register("s3://models/a");

        assertThat(copy.info().stored()).isEqualTo(original.info().stored()).isPresent();
        assertThat(later.info().stored()).isEqualTo(original.info().stored());
        assertThat(again.info().stored()).isNotEqualTo(original.info().stored());
        assertThatThrownBy(() -> computed(copy)).isInstanceOf(TrackingRefused.class);
        assertThat(computed(again)).isNotNaN();
        registry.write(new VersionCommand.Describe("risk", 4, "larger"));
        assertThat(models.resolve(ModelReference.parse("risk/4")).version().info().stored())
                .isEqualTo(again.info().stored());
    }

    @Test
    void weightsAloneAreComposedWithABaseInTheStoreAndMayBeThereThemselves() throws IOException {
        store.put("a/model.onnx", LinearModel.weighted(3));
        store.put("w/weights.safetensors", LinearModel.weightsAdding(10));
        ModelVersion base = register("s3://models/a");
        ModelVersion stored = register("s3://models/w", Map.of(ModelVersion.BASE_TAG, "1"));
        Path file = Files.write(folder.resolve("w.safetensors"), LinearModel.weightsAdding(20));

        ModelVersion published =
                new WeightsPublishing(registry, artifacts, models)
                        .publish(
                                new WeightsPublishing.Order(
                                        ModelReference.parse("risk/1"),
                                        file,
                                        Optional.of("champion"),
                                        new Promotions.Will(false, ""),
                                        ""))
                        .version();

        assertThat(computed(stored) - computed(base)).isEqualTo(7);
        assertThat(computed(published) - computed(base)).isEqualTo(17);
        assertThat(published.tags()).doesNotContainKey(ModelVersion.BASE_SHA256_TAG);
        assertThat(published.info().stored()).isEmpty();
    }

    @Test
    void aVersionInTheStoreIsPromotedAndOneThatNobodyLookedUpIsNotWithoutForce() {
        store.put("a/model.onnx", LinearModel.weighted(3));
        register("s3://models/a");
        registry.write(
                new VersionCommand.Create(
                        "before", "risk", "s3://models/a", "", "", "", "", Map.of()));
        Promotions promotions = new Promotions(registry, models);
        Promotions.Will will = new Promotions.Will(false, "");

        promotions.promote(ModelReference.parse("risk/1"), "champion", will);

        assertThat(models.resolve(ModelReference.parse("risk@champion")).version().reference())
                .isEqualTo("risk/1");
        assertThatThrownBy(
                        () -> promotions.promote(ModelReference.parse("risk/2"), "champion", will))
                .hasMessageContaining(
                        "risk/2 is in 's3://models/a', and which files it is was not");
    }
}
