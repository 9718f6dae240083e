package leat.ml.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.monitor.Profile;
import leat.core.tracking.Run;
import leat.core.training.Training;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.RegistryLog;
import leat.ml.registry.Sources;
import leat.ml.tracking.TrackingLog;

/// Machines in a log, and the models that are trained on them.
final class TrainedMachines implements AutoCloseable {

    static final String DATA =
            """
            data: {view: state, label: {when: event.failed == 1}}
            seed: 7
            """;

    final Machines machines;
    final Trainer trainer;
    final TrackingLog tracking;
    final RegistryLog registry;
    final ModelsInLog models;
    private final Path folder;

    private TrainedMachines(Machines machines, Path folder) {
        this.machines = machines;
        this.folder = folder;
        this.trainer = machines.trainer(folder);
        this.tracking = new TrackingLog(machines.log, machines.names, InstantSource.system());
        this.registry = new RegistryLog(machines.log, machines.names, InstantSource.system());
        this.models = new ModelsInLog(machines.log, machines.names);
    }

    /// With 600 readings, and nothing trained.
    static TrainedMachines open(Path folder) throws InterruptedException, ExecutionException {
        Machines machines = Machines.fresh();
        machines.write(0, 600);
        return new TrainedMachines(machines, folder);
    }

    @Override
    public void close() {
        models.close();
        registry.close();
        tracking.close();
        trainer.close();
        machines.close();
    }

    TrainingReport train(Training training) {
        return trainer.train(training, Optional.empty(), TrainingProgress.NONE);
    }

    ModelVersion version(String reference) {
        return models.resolve(ModelReference.parse(reference)).version();
    }

    Run run(String id) {
        return tracking.read(state -> state.run(id)).orElseThrow();
    }

    List<Run> runs(String training) {
        return tracking.read(
                state -> state.runs(List.of(state.experimentNamed(training).orElseThrow().id())));
    }

    /// A metric's last value.
    static double value(Run run, String metric) {
        return Objects.requireNonNull(run.metrics().get(metric)).metric().value();
    }

    /// A text that a run has kept.
    String artifact(Run run, String file) throws IOException {
        try (ArtifactLog artifacts = artifacts();
                InputStream in =
                        artifacts.open(
                                artifacts
                                        .file(
                                                Sources.artifactPath(run.info().artifactUri())
                                                        .resolve(file))
                                        .orElseThrow())) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    ArtifactLog artifacts() {
        return new ArtifactLog(
                machines.log, machines.names, folder.resolve("read"), InstantSource.system());
    }

    /// The scores that a version gave of its test rows.
    Profile scoreProfile(ModelVersion version) throws IOException {
        String uri = version.tags().getOrDefault(ModelVersion.SCORE_PROFILE_TAG, "");
        try (ArtifactLog artifacts = artifacts();
                InputStream in =
                        artifacts.open(artifacts.file(Sources.artifactPath(uri)).orElseThrow())) {
            return Profile.parse(in.readAllBytes());
        }
    }
}
