package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import leat.core.contract.EnrichStep;
import leat.core.scoring.Predictor;
import leat.launcher.config.Workspace;
import leat.ml.scoring.CountedPredictions;
import leat.ml.scoring.RegisteredModels;
import leat.ml.scoring.RemoteModels;

/// The models that steps of contracts ask: those of servers that the settings name, and the
/// registered ones.
record EnrichmentModels(Workspace workspace, ProcessModels models, RunningParts parts) {

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
        RemoteModels remote = parts.add(new RemoteModels(servers));
        RegisteredModels registered = models.registered();
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
