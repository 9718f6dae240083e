package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.core.model.Alias;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.scoring.Model;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.RegistryKafka;
import leat.ml.registry.RegistryLog;
import leat.ml.tracking.TrackingLog;
import leat.ml.weights.WeightsRefused;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Weights published in a log, by processes that are killed between any two effects.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class WeightsPublishingIT {

    /// Each with weights of its own. All leave the file, which is a transaction as any upload.
    ///
    /// @param version whether it leaves that too
    private record Kill(String failPoint, boolean version) {}

    private static final List<Kill> KILLS =
            List.of(
                    new Kill("weights.after-file", false),
                    new Kill("models.after-send", false),
                    new Kill("weights.after-version", true));

    private final Names names = RegistryKafka.prepare();
    private final LogConnection log = FeatureKafka.connection();
    private final RegistryLog registry = new RegistryLog(log, names, InstantSource.system());
    private ArtifactLog artifacts;
    private ModelsInLog models;

    @TempDir private Path folder;

    @BeforeEach
    void register() {
        InstantSource clock = InstantSource.system();
        artifacts = new ArtifactLog(log, names, folder.resolve("spool"), clock);
        models = new ModelsInLog(new TrackingLog(log, names, clock), registry, artifacts);
        artifacts.put(
                new ArtifactPath("0/r1/artifacts/model/model.onnx"),
                new ByteArrayInputStream(LinearModel.weighted(0)));
        registry.write(new RegisteredModelCommand.Create("c", "cars", "", Map.of()));
        registry.write(
                new VersionCommand.Create(
                        "whole",
                        "cars",
                        "mlflow-artifacts:/0/r1/artifacts/model",
                        "",
                        "",
                        "",
                        "",
                        Map.of()));
    }

    @AfterEach
    void close() {
        models.close();
    }

    private List<Artifact> files() {
        return artifacts.below(new ArtifactPath("weights"));
    }

    private List<ModelVersion> versions() {
        return registry.read(state -> state.versions("cars"));
    }

    private Alias champion() {
        return Objects.requireNonNull(
                registry.read(state -> state.model("cars").orElseThrow())
                        .aliases()
                        .get("champion"));
    }

    /// What a version adds to `2a - 3b`.
    private float adds(ModelVersion version) {
        Model model = new ModelFiles(models, version).open();
        try {
            Tensor one =
                    model.run(
                                    Map.of(
                                            "X",
                                            new Tensor.Floats(
                                                    Shape.of(1, 2),
                                                    FloatBuffer.wrap(new float[2]))),
                                    Duration.ofSeconds(10))
                            .get("variable");
            return ((Tensor.Floats) Objects.requireNonNull(one)).values().get(0);
        } finally {
            ModelFiles.close(model);
        }
    }

    private WeightsPublishing.Published publish(Path file) {
        return new WeightsPublishing(registry, artifacts, models)
                .publish(PublishesUntilKilled.order(file));
    }

    private Path weights(String name, byte[] bytes) throws Exception {
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void killedBetweenAnyTwoEffectsTheSameCommandAgainDoesItOnce() throws Exception {
        for (int i = 0; i < KILLS.size(); i++) {
            Kill kill = KILLS.get(i);
            String when = kill.failPoint();
            Path file = weights("w.safetensors", LinearModel.weightsAdding(10 + i));
            Process process = PublishesUntilKilled.start(when, names, file);
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(when).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).as(when).isEqualTo(FailPoint.EXIT_CODE);
            assertThat(files()).as(when).hasSize(i + 1);

            WeightsPublishing.Published again = publish(file);

            assertThat(again.isNew()).as(when).isEqualTo(!kill.version());
            assertThat(versions()).as(when).hasSize(2 + i);
            assertThat(files()).as(when).hasSize(1 + i);
            assertThat(champion().version()).as(when).isEqualTo(2 + i);
            assertThat(champion().moves()).as(when).hasSize(1 + i);
            assertThat(adds(versions().getLast())).as(when).isEqualTo(10 + i);
        }
    }

    @Test
    void whatIsNotForTheBaseIsRefusedBeforeAnythingIsWritten() throws Exception {
        Path own = weights("own.onnx", LinearModel.weighted(0));
        Path other = weights("other.onnx", LinearModel.adding(3));
        Path whole = weights("whole.onnx", LinearModel.weighted(7));

        assertThatThrownBy(() -> publish(own))
                .isInstanceOf(WeightsRefused.class)
                .hasMessage("the weights are those of cars/1 already");
        assertThatThrownBy(() -> publish(other))
                .isInstanceOf(WeightsRefused.class)
                .hasMessage("other.onnx has another graph than cars/1");
        assertThat(files()).isEmpty();
        assertThat(versions()).hasSize(1);

        WeightsPublishing.Published published = publish(whole);

        assertThat(published.names()).containsExactly("intercept");
        assertThat(adds(published.version())).isEqualTo(7);
        assertThat(published.version().info().source()).startsWith("mlflow-artifacts:/weights/");
    }
}
