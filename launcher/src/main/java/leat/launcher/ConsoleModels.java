package leat.launcher;

import java.time.InstantSource;
import leat.console.inference.InferenceSettings;
import leat.console.mlflow.MlflowApi;
import leat.core.event.Names;
import leat.launcher.config.Workspace;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.RegistryLog;
import leat.ml.scoring.Inference;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;

/// What the console has of models: experiments, registry and artifacts to read and write, and the
/// registered models to ask.
record ConsoleModels(MlflowApi.Parts mlflow, Inference inference) {

    /// Opens what ends with the process.
    static ConsoleModels open(Workspace workspace, LogConnection log, RunningParts parts) {
        Names names = workspace.names();
        InstantSource clock = InstantSource.system();
        TrackingLog tracking = new TrackingLog(log, names, clock);
        RegistryLog registry = new RegistryLog(log, names, clock);
        ArtifactLog artifacts =
                new ArtifactLog(log, names, workspace.stateFolder().resolve("uploads"), clock);
        ModelsInLog models = new ModelsInLog(tracking, registry, artifacts);
        parts.add(models);
        InferenceSettings settings = workspace.config().console().inference();
        Inference inference = new Inference(models, settings.maxOpenModels(), settings.timeout());
        parts.add(inference);
        return new ConsoleModels(new MlflowApi.Parts(tracking, registry, artifacts), inference);
    }
}
