package leat.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.core.model.LoggedModelCommand;
import leat.core.model.LoggedModelInfo;
import leat.core.model.LoggedModelStatus;
import leat.core.model.ModelVersion;
import leat.core.model.PruneRefused;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.RunCommand;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;
import leat.stream.log.SmallTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Versions that are pruned in a log, with nothing but Kafka.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class PruningsIT {

    /// A file of two chunks has so many bytes.
    private static final int SIZE = 1_000_000;

    private final Names names = RegistryKafka.prepare();
    private final LogConnection log = FeatureKafka.connection();
    private final InstantSource clock = InstantSource.system();
    private final TrackingLog tracking = new TrackingLog(log, names, clock);
    private final RegistryLog registry = new RegistryLog(log, names, clock);
    private ArtifactLog artifacts;
    private ModelsInLog models;
    private Prunings prunings;

    @TempDir private Path folder;

    @BeforeEach
    void open() {
        artifacts = new ArtifactLog(log, names, folder.resolve("up"), clock);
        models = new ModelsInLog(tracking, registry, artifacts);
        prunings = new Prunings(tracking, registry, artifacts, NeededVersions.NONE, clock);
        registry.write(new RegisteredModelCommand.Create("c", "cars", "", Map.of()));
    }

    @AfterEach
    void close() {
        models.close();
    }

    /// A version of a run of its own, with two files.
    private void trained(int number) {
        String run = "r" + number;
        tracking.write(new RunCommand.Create(run, "0", "", "", 1, Map.of()));
        upload("0/" + run + "/artifacts/model/model.onnx", SIZE);
        upload("0/" + run + "/artifacts/model/MLmodel", 10);
        upload("0/" + run + "/artifacts/training-profile.json", 5);
        version("mlflow-artifacts:/0/" + run + "/artifacts/model", Map.of());
    }

    private void upload(String path, int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        // No two files have the same bytes.
        bytes[0] = (byte) path.hashCode();
        artifacts.put(new ArtifactPath(path), new ByteArrayInputStream(bytes));
    }

    private void version(String source, Map<String, String> tags) {
        registry.write(
                new VersionCommand.Create(
                        "v" + registry.read(state -> state.versions("cars")).size() + source,
                        "cars",
                        source,
                        "",
                        "",
                        "",
                        "",
                        tags));
    }

    private void alias(int version) {
        registry.write(new RegisteredModelCommand.SetAlias("cars", "champion", version));
    }

    private Prunings.Plan plan() {
        return prunings.plan("cars", PrunesUntilKilled.RETENTION);
    }

    private List<Integer> numbers() {
        return models.versions("cars").stream().map(one -> one.info().number()).toList();
    }

    private List<String> files() {
        return artifacts.below(new ArtifactPath("0")).stream()
                .map(file -> file.path().text())
                .toList();
    }

    private static List<String> filesOf(int... runs) {
        Set<String> files = new TreeSet<>();
        for (int run : runs) {
            files.add("0/r" + run + "/artifacts/model/MLmodel");
            files.add("0/r" + run + "/artifacts/model/model.onnx");
        }
        return List.copyOf(files);
    }

    private List<String> modelFiles() {
        return files().stream().filter(path -> path.contains("/model/")).toList();
    }

    /// Reads all of a version, as a scorer that opens it does.
    private void opens(int number) {
        ModelVersion version = registry.read(state -> state.version("cars", number)).orElseThrow();
        try (InputStream in = models.open(version, "model.onnx")) {
            assertThat(in.readAllBytes()).hasSize(SIZE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The keys of the chunks that compaction leaves.
    private Set<String> chunks() {
        Set<String> keys = new HashSet<>();
        try (SmallTopic topic = SmallTopic.open(log, "test", new RegistryTopics(names).chunks())) {
            topic.readOn(batch -> {
                for (ConsumerRecord<byte[], byte[]> record : batch) {
                    String key = new String(record.key(), UTF_8);
                    if (record.value() == null) {
                        keys.remove(key);
                    } else {
                        keys.add(key);
                    }
                }
            });
        }
        return keys;
    }

    private Map<String, String> notes() {
        return registry.read(state -> state.model("cars").orElseThrow()).tags();
    }

    @Test
    void versionsGoWithTheirFilesAndThoseThatAliasesNeedStillOpen() {
        for (int number = 1; number <= 5; number++) {
            trained(number);
        }
        alias(2);
        alias(4);

        Prunings.Plan plan = plan();
        assertThat(numbers()).as("nothing is written yet").hasSize(5);
        long freedBytes = prunings.prune(plan);

        assertThat(plan.freedBytes()).isEqualTo(2 * (SIZE + 10));
        assertThat(freedBytes).isEqualTo(plan.freedBytes());
        assertThat(numbers()).containsExactly(2, 4, 5);
        assertThat(modelFiles()).isEqualTo(filesOf(2, 4, 5));
        assertThat(chunks()).as("two of a model, one of each other file").hasSize(3 * 3 + 5);
        assertThat(files()).contains("0/r1/artifacts/training-profile.json");
        assertThat(tracking.<Boolean>read(state -> state.run("r1").isPresent())).isTrue();
        assertThat(notes()).isEmpty();
        for (int number : List.of(2, 4, 5)) {
            opens(number);
        }
        assertThat(
                        new Promotions(registry, models)
                                .rollback(
                                        "cars",
                                        "champion",
                                        OptionalInt.empty(),
                                        new Promotions.Will(false, ""))
                                .move()
                                .version())
                .isEqualTo(2);
        assertThat(plan().versions()).extracting(Prunings.Going::version).containsExactly(4);
    }

    @ParameterizedTest
    @CsvSource({
        "models.after-send:1, 5",
        "models.after-commit:1, 3",
        "prune.after-versions:1, 3",
        "artifacts.after-send:1, 3",
        "artifacts.after-commit:1, 3",
        "prune.after-files:1, 3",
        "prune.after-files:2, 3",
        "models.after-send:2, 3",
        "models.after-commit:3, 3"
    })
    void whereOneWasKilledTheNextOneGoesOnAndNothingIsLeft(String failPoint, int versionsThen)
            throws Exception {
        for (int number = 1; number <= 5; number++) {
            trained(number);
        }
        alias(2);
        alias(4);

        Process process = PrunesUntilKilled.start(failPoint, names, folder.resolve("killed"));
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(FailPoint.EXIT_CODE);

        // Whatever stands, what an alias needs opens
        assertThat(numbers()).hasSize(versionsThen);
        for (int number : numbers()) {
            opens(number);
        }
        Prunings.Plan plan = plan();
        prunings.prune(plan);

        assertThat(numbers()).containsExactly(2, 4, 5);
        assertThat(modelFiles()).isEqualTo(filesOf(2, 4, 5));
        assertThat(chunks()).hasSize(3 * 3 + 5);
        assertThat(notes()).isEmpty();
        assertThat(plan().isEmpty()).isTrue();
    }

    @Test
    void aVersionThatBecameChampionMeanwhileIsNotDeletedNorAreItsFiles() {
        for (int number = 1; number <= 3; number++) {
            trained(number);
        }
        Prunings.Plan plan = plan();
        alias(1);

        assertThatThrownBy(() -> prunings.prune(plan))
                .isInstanceOf(PruneRefused.class)
                .hasMessage("cars/1 is not deleted any more: it is @champion");

        assertThat(numbers()).containsExactly(1, 2, 3);
        opens(1);
        opens(2);
    }

    @Test
    void filesThatOthersHaveTooStay() {
        trained(1);
        trained(2);
        trained(3);
        upload("0/r4/artifacts/model.onnx", 7);
        tracking.write(new RunCommand.Create("r4", "0", "", "", 1, Map.of()));
        upload("0/models/m-1/artifacts/model.onnx", 8);
        registry.write(
                new LoggedModelCommand.Create(
                        new LoggedModelInfo(
                                "m-1",
                                "0",
                                "model",
                                "",
                                "r1",
                                "mlflow-artifacts:/0/models/m-1/artifacts",
                                LoggedModelStatus.LOGGED_MODEL_READY,
                                LifecycleStage.ACTIVE,
                                1,
                                1),
                        Map.of(),
                        Map.of()));
        version("mlflow-artifacts:/0/r4/artifacts", Map.of());
        version("models:/m-1", Map.of());
        version("s3://elsewhere/model", Map.of());
        version("runs:/r2/model", Map.of());
        version(
                "mlflow-artifacts:/0/r5/artifacts/model",
                Map.of(ModelVersion.PROFILE_TAG, "mlflow-artifacts:/0/r3/artifacts/model/MLmodel"));

        Prunings.Plan plan = plan();
        prunings.prune(plan);

        assertThat(plan.versions())
                .extracting(going -> going.version() + " " + going.files().staying().orElse("go"))
                .containsExactly(
                        "7 go",
                        "6 's3://elsewhere/model' is not in the log: read it where it is",
                        "5 the logged model m-1 has them too",
                        "4 they are all that a run has in 0/r4/artifacts",
                        "3 cars/8 has them too",
                        "2 go",
                        "1 go");
        assertThat(numbers()).containsExactly(8);
        assertThat(files())
                .contains(
                        "0/models/m-1/artifacts/model.onnx",
                        "0/r4/artifacts/model.onnx",
                        "0/r3/artifacts/model/MLmodel")
                .doesNotContain(
                        "0/r1/artifacts/model/model.onnx", "0/r2/artifacts/model/model.onnx");
        assertThat(plan.freedBytes()).as("7 and 2 have one folder").isEqualTo(2 * (SIZE + 10));
        assertThat(notes()).isEmpty();
    }

    @Test
    void filesOfWhichSomebodyMadeAVersionAfterTheKillStay() throws Exception {
        trained(1);
        trained(2);
        Process process =
                PrunesUntilKilled.start("prune.after-versions", names, folder.resolve("killed"));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        version("mlflow-artifacts:/0/r1/artifacts/model", Map.of());

        Prunings.Plan plan = plan();
        prunings.prune(plan);

        assertThat(plan.left())
                .extracting(going -> going.files().staying())
                .containsExactly(Optional.of("cars/3 has them too"));
        assertThat(notes()).isEmpty();
        opens(3);
        assertThat(artifacts.file(new ArtifactPath("0/r1/artifacts/model/model.onnx")))
                .map(Artifact::sizeBytes)
                .contains((long) SIZE);
    }

    @Test
    void aVersionWhoseTrainingHasNotEndedStays() {
        for (int number = 1; number <= 2; number++) {
            tracking.write(new RunCommand.Create("r" + number, "0", "", "", 1, Map.of()));
            registry.write(
                    new VersionCommand.Create(
                            "v" + number,
                            "cars",
                            "runs:/r" + number + "/model",
                            "r" + number,
                            "",
                            "",
                            "",
                            number == 1 ? Map.of(ModelVersion.TRAINING_TAG, "cars") : Map.of()));
        }
        trained(3);

        assertThat(plan().versions()).extracting(Prunings.Going::version).containsExactly(2);
        assertThat(plan().staying()).containsEntry(1, "its training has not ended");
    }
}
