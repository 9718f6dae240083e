package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import leat.core.feature.CompiledView;
import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.ServingWatch;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.LocalStore;
import leat.ml.featurestore.online.OnlineMetrics;
import leat.ml.featurestore.online.OnlineSettings;
import leat.ml.featurestore.online.OnlineStore;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.ml.featurestore.online.OnlineView;
import leat.ml.featurestore.online.RedisStore;
import leat.stream.log.LogConnection;

/// The online store, in the process that serves the console. Where a version of a view is on its
/// way, it has both, and answers with the one that serves.
record OnlineFeatures(
        Workspace workspace, LogConnection log, Platform.Options options, RunningParts parts) {

    private static final String FOLDER = "features-online";

    /// Starts the store where the workspace has views.
    ///
    /// @throws UserError when another process has its folder, or it is unreadable
    FeatureQueries start() {
        if (workspace.features().isEmpty()) {
            return FeatureQueries.NONE;
        }
        ServingViews serving = ServingViews.of(workspace, log);
        List<OnlineView> views =
                Stream.concat(serving.former().values().stream(), workspace.features().stream())
                        .map(this::view)
                        .toList();
        OnlineMetrics metrics = new OnlineMetrics(PrometheusRegistry.defaultRegistry);
        OnlineStore store = store(views, metrics);
        parts.add(store);
        parts.stages(Role.CONSOLE.word() + ".features", store::health, StageState::of);
        FeatureQueries queries =
                new FeatureQueries(views, workspace.sets(), store, InstantSource.system());
        metrics.show(queries::readers);
        List<ServingWatch.Change> changes =
                serving.changes(
                        workspace.features(),
                        view ->
                                serving.inPlaceOf(view)
                                        .map(former ->
                                                new Answers(
                                                        queries, store, view(former), view(view))));
        if (!changes.isEmpty()) {
            parts.add(ServingWatch.start(log, workspace.names(), changes));
        }
        return queries;
    }

    private OnlineView view(CompiledView view) {
        return OnlineView.of(workspace.names(), view);
    }

    /// The answers of a version that may take over.
    private record Answers(
            FeatureQueries queries, OnlineStore store, OnlineView former, OnlineView view)
            implements ServingWatch.Answers {

        @Override
        public boolean hold(Map<Integer, Long> offsets) {
            try {
                return store.holds(view, offsets);
            } catch (OnlineUnavailable _) {
                return false;
            }
        }

        @Override
        public void change() {
            queries.serve(view);
            store.replaced(former);
        }
    }

    private OnlineStore store(List<OnlineView> views, OnlineMetrics metrics) {
        OnlineSettings settings = workspace.config().features().online();
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
