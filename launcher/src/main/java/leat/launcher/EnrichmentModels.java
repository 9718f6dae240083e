package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import leat.core.contract.EnrichStep;
import leat.core.scoring.Predictor;
import leat.launcher.config.Workspace;
import leat.ml.registry.ModelsInLog;
import leat.ml.scoring.CountedPredictions;
import leat.ml.scoring.RegisteredModels;
import leat.ml.scoring.RemoteModels;
import leat.stream.log.LogConnection;

/// The models that steps of contracts ask: those of servers that the settings name, and the
/// registered ones.
record EnrichmentModels(Workspace workspace, LogConnection log, RunningParts parts) {

    /// Opens nothing where no step asks a model.
    Predictor predictor() {
        if (!isAsked()) {
            return request -> {
                throw new IllegalStateException("no step asks for " + request.model());
            };
        }
        Map<String, URI> servers = new TreeMap<>();
        workspace
                .config()
                .enricher()
                .models()
                .forEach((name, server) -> servers.put(name, URI.create(server.url())));
        RemoteModels remote = new RemoteModels(servers);
        parts.add(remote);
        ModelsInLog registry = new ModelsInLog(log, workspace.names());
        parts.add(registry);
        RegisteredModels registered = new RegisteredModels(registry);
        parts.add(registered);
        return new CountedPredictions(
                request ->
                        remote.has(request.model().modelName())
                                ? remote.predict(request)
                                : registered.predict(request),
                PrometheusRegistry.defaultRegistry);
    }

    private boolean isAsked() {
        return workspace.contracts().all().stream()
                .flatMap(contract -> contract.steps().stream())
                .anyMatch(EnrichStep.Predicted.class::isInstance);
    }
}
