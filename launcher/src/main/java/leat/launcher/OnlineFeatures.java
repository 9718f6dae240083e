package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.List;
import leat.core.event.Names;
import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.LocalStore;
import leat.ml.featurestore.online.OnlineMetrics;
import leat.ml.featurestore.online.OnlineSettings;
import leat.ml.featurestore.online.OnlineStore;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.ml.featurestore.online.OnlineView;
import leat.ml.featurestore.online.RedisStore;
import leat.stream.log.LogConnection;

/// The online store, in the process that serves the console.
record OnlineFeatures(
        Workspace workspace, LogConnection log, Platform.Options options, RunningParts parts) {

    private static final String FOLDER = "features-online";

    /// Starts the store where the workspace has views.
    ///
    /// @throws UserError when another process has its folder, or it is unreadable
    FeatureQueries start() {
        Names names = workspace.names();
        List<OnlineView> views =
                ViewRegistration.flows(workspace).stream()
                        .map(flow -> OnlineView.of(names, flow.compiled()))
                        .toList();
        if (views.isEmpty()) {
            return FeatureQueries.NONE;
        }
        OnlineStore store = store(views);
        parts.add(store);
        parts.stages(Role.CONSOLE.word() + ".features", store::health, StageState::of);
        return new FeatureQueries(views, store, InstantSource.system());
    }

    private OnlineStore store(List<OnlineView> views) {
        OnlineSettings settings = workspace.config().features().online();
        OnlineMetrics metrics = new OnlineMetrics(PrometheusRegistry.defaultRegistry);
        if (settings.redis().isPresent()) {
            return RedisStore.open(
                    new RedisStore.Place(
                            log,
                            workspace.names(),
                            workspace.withSecrets(settings::password),
                            metrics),
                    settings,
                    views);
        }
        parts.add(
                new StateFolder(workspace.stateFolder())
                        .ownInstance(Role.CONSOLE, options.instance()));
        try {
            return LocalStore.open(
                    new LocalStore.Place(
                            log,
                            workspace.stateFolder().resolve(FOLDER).resolve(options.instance()),
                            "leat-features-online",
                            metrics,
                            InstantSource.system()),
                    settings,
                    views);
        } catch (OnlineUnavailable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }
}
