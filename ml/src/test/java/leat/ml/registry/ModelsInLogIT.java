package leat.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.core.model.LoggedModelCommand;
import leat.core.model.LoggedModelInfo;
import leat.core.model.LoggedModelStatus;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.ResolvedModel;
import leat.core.model.VersionCommand;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.RunCommand;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;
import leat.stream.log.SmallTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelsInLogIT {

    private final Names names = RegistryKafka.prepare();
    private final LogConnection log = FeatureKafka.connection();

    @TempDir private Path folder;

    private RegistryLog registry() {
        return new RegistryLog(log, names, InstantSource.system());
    }

    private static VersionCommand.Create version(String id, String source) {
        return new VersionCommand.Create(id, "cars", source, "", "", "", "", Map.of());
    }

    private void upload(String path, int... bytes) {
        byte[] content = new byte[bytes.length];
        IntStream.range(0, bytes.length).forEach(i -> content[i] = (byte) bytes[i]);
        try (ArtifactLog artifacts = new ArtifactLog(log, names, folder, InstantSource.system())) {
            artifacts.put(new ArtifactPath(path), new ByteArrayInputStream(content));
        }
    }

    @Test
    void aVersionIsFoundByAliasAndItsFilesAreReadWhereverItsSourcePoints() throws Exception {
        try (TrackingLog tracking = new TrackingLog(log, names, InstantSource.system());
                RegistryLog registry = registry()) {
            tracking.write(new RunCommand.Create("r1", "0", "", "", 1, Map.of()));
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
            registry.write(new RegisteredModelCommand.Create("c", "cars", "", Map.of()));
            registry.write(version("1", "runs:/r1/model"));
            registry.write(version("2", "models:/m-1"));
            registry.write(version("3", "mlflow-artifacts:/0/r1/artifacts/model"));
            registry.write(version("4", "s3://elsewhere/model"));
            registry.write(version("5", "https://elsewhere/model"));
            registry.write(new RegisteredModelCommand.SetAlias("cars", "champion", 2));
        }
        upload("0/r1/artifacts/model/model.onnx", 1, 2, 3);
        upload("0/models/m-1/artifacts/model.onnx", 4, 5);
        upload("0/models/m-1/artifacts/data/x", 6);

        try (ModelsInLog models = new ModelsInLog(log, names)) {
            ResolvedModel champion = models.resolve(ModelReference.parse("cars@champion"));
            List<ModelVersion> versions = models.versions("cars");

            assertThat(champion.version()).isEqualTo(versions.get(1));
            assertThat(champion.position()).isEqualTo(OptionalLong.of(lastAliasOffset()));
            assertThat(content(models, champion.version())).containsExactly(4, 5);
            assertThat(models.files(champion.version()))
                    .extracting(ModelFile::path)
                    .containsExactly("data/x", "model.onnx");
            assertThat(content(models, versions.get(0))).containsExactly(1, 2, 3);
            assertThat(content(models, versions.get(2))).containsExactly(1, 2, 3);
            assertThatThrownBy(() -> content(models, versions.get(3)))
                    .hasMessage(
                            "cars/4 is in 's3://elsewhere/model', and which files it is was not"
                                    + " looked up when it was registered: register it again as a new"
                                    + " version, with a console whose leat.yaml names the store"
                                    + " under models.object-store");
            assertThatThrownBy(() -> content(models, versions.get(4)))
                    .hasMessage("'https://elsewhere/model' is not in the log: read it where it is");
            assertThatThrownBy(() -> models.open(versions.get(0), "other"))
                    .hasMessage(
                            "cars/1 has no file 'other': there is no artifact"
                                    + " 0/r1/artifacts/model/other");
        }
    }

    private static byte[] content(Models models, ModelVersion version) throws Exception {
        try (InputStream in = models.open(version, "model.onnx")) {
            return in.readAllBytes();
        }
    }

    private long lastAliasOffset() {
        List<Long> offsets = new ArrayList<>();
        try (SmallTopic topic = SmallTopic.open(log, "test", names.shared("models"))) {
            topic.readOn(batch -> {
                for (ConsumerRecord<byte[], byte[]> record : batch) {
                    if (new String(record.key(), UTF_8).equals("model/c/alias/champion")) {
                        offsets.add(record.offset());
                    }
                }
            });
        }
        return offsets.getLast();
    }

    @Test
    void versionsThatAreMadeAtTheSameTimeHaveNumbersOfTheirOwn() throws Exception {
        int each = 10;
        try (RegistryLog one = registry();
                RegistryLog other = registry();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            one.write(new RegisteredModelCommand.Create("c", "cars", "", Map.of()));
            List<Future<?>> done = new ArrayList<>();
            for (RegistryLog registry : List.of(one, other)) {
                String by = registry == one ? "one" : "other";
                done.add(
                        threads.submit(() -> {
                            for (int i = 0; i < each; i++) {
                                registry.write(version(by + i, "s3://x"));
                            }
                        }));
            }
            for (Future<?> future : done) {
                future.get();
            }

            List<ModelVersion> versions = other.read(state -> state.versions("cars"));
            assertThat(versions)
                    .extracting(version -> version.info().number())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 2 * each).boxed().toList());
            assertThat(versions).extracting(version -> version.info().id()).doesNotHaveDuplicates();
        }
    }
}
