package leat.launcher;

import leat.core.scoring.Predictor;
import leat.launcher.config.Workspace;
import leat.ml.registry.ModelsInLog;
import leat.ml.scoring.RegisteredModels;
import leat.stream.log.LogConnection;

/// The registered models that the Enrichment API serves.
record ServedModels(Workspace workspace, LogConnection log, RunningParts parts) {

    /// Opens nothing where it serves none.
    Predictor predictor() {
        if (workspace.config().enrichmentApi().models().isEmpty()) {
            return request -> {
                throw new IllegalStateException("no settings name " + request.model());
            };
        }
        ModelsInLog registry = new ModelsInLog(log, workspace.names());
        parts.add(registry);
        RegisteredModels models = new RegisteredModels(registry);
        parts.add(models);
        return models;
    }
}
