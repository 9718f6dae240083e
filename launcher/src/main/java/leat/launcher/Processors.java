package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import leat.core.prediction.Scoring;
import leat.core.protect.ProtectionKey;
import leat.core.training.Training;
import leat.launcher.config.ProtectKeyFile;
import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.FeatureStore;
import leat.ml.featurestore.ServingWatch;
import leat.ml.monitor.ModelMonitor;
import leat.ml.scorer.Scorer;
import leat.ml.training.OpenAlerts;
import leat.ml.training.Trainer;
import leat.ml.training.TrainingStopped;
import leat.ml.training.TrainingWatch;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnrichmentSources;
import leat.stream.enricher.Flow;
import leat.stream.enricher.ServedView;
import leat.stream.enricher.ViewLookup;
import leat.stream.extract.ExtractionMetrics;
import leat.stream.extract.Extractor;
import leat.stream.log.LogConnection;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.FiringAlerts;
import leat.stream.monitor.Judged;
import leat.stream.monitor.Monitor;

/// The roles that work on events between the collector and the stores: enricher, extractor,
/// monitor, features, scorer, trainer.
record Processors(
        Workspace workspace,
        LogConnection log,
        Platform.Options options,
        RunningParts parts,
        ProcessModels models) {

    /// Starts those that the process has, in the order in which an event meets them.
    ///
    /// @throws UserError when one has nothing to do, or what it needs is not there
    void start() {
        if (options.has(Role.ENRICHER)) {
            startEnricher();
        }
        if (options.has(Role.EXTRACTOR)) {
            startExtractor();
        }
        if (options.has(Role.MONITOR)) {
            startMonitor();
        }
        if (options.has(Role.FEATURES)) {
            startFeatures();
        }
        if (options.has(Role.SCORER)) {
            startScorer();
        }
        if (options.has(Role.TRAINER)) {
            startTrainer();
        }
    }

    private void startEnricher() {
        Optional<ProtectionKey> key = new ProtectKeyFile(workspace).key();
        ServingViews serving = ServingViews.of(workspace, log);
        EnrichmentSources sources = enrichmentSources(serving);
        parts.add(sources);
        watchServing(serving, sources);
        List<Flow> flows =
                workspace.contracts().all().stream()
                        .map(contract -> Flow.of(workspace.names(), contract, sources, key))
                        .toList();
        own(Role.ENRICHER);
        Enricher enricher =
                Enricher.start(
                        log,
                        new Enricher.Instance(
                                workspace.names(), options.instance(), workspace.stateFolder()),
                        workspace.config().enricher(),
                        flows);
        parts.add(enricher);
        parts.stage(Role.ENRICHER.word(), () -> StageState.of(enricher.health()));
        parts.stages(Role.ENRICHER.word() + ".reference", sources::health, StageState::of);
    }

    /// Where a version of a view is on its way that steps look up, they find the one that serves.
    private void watchServing(ServingViews serving, EnrichmentSources sources) {
        List<ServingWatch.Change> changes =
                serving.changes(
                        workspace.features(),
                        view -> sources.view(view.view().name().value()).map(LookedUp::new));
        if (!changes.isEmpty()) {
            parts.add(ServingWatch.start(log, workspace.names(), changes));
        }
    }

    /// The vectors that steps find.
    private record LookedUp(ViewLookup view) implements ServingWatch.Answers {

        @Override
        public boolean hold(Map<Integer, Long> offsets) {
            return view.holds(offsets);
        }

        @Override
        public void change() {
            view.serve();
        }
    }

    private EnrichmentSources enrichmentSources(ServingViews serving) {
        try {
            return EnrichmentSources.open(
                    new EnrichmentSources.Place(
                            log,
                            workspace.names(),
                            workspace.features().stream()
                                    .map(view -> new ServedView(view, serving.inPlaceOf(view)))
                                    .toList(),
                            workspace.ownApi(options.portOffset()),
                            new EnrichmentModels(workspace, models, parts).predictor()),
                    workspace.contracts(),
                    workspace.config().enricher());
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "name its address in leat.yaml, enricher.apis.NAME.url, or let the workspace"
                            + " serve it, reference/NAME.csv");
        }
    }

    private void startExtractor() {
        if (workspace.extractions().isEmpty()) {
            throw new UserError(
                    "there is nothing to extract: the workspace has no file extractions/NAME.yaml",
                    "write one, or leave the role out");
        }
        Extractor extractor =
                Extractor.pulling(
                        new Extractor.Place(
                                log,
                                workspace.names(),
                                workspace
                                        .config()
                                        .extractor()
                                        .collector()
                                        .map(URI::create)
                                        .orElseGet(() ->
                                                workspace
                                                        .ports(options.portOffset())
                                                        .collectorAddress()),
                                new ExtractorAccess(workspace)::read,
                                workspace.folder(),
                                new ExtractionMetrics(PrometheusRegistry.defaultRegistry)),
                        workspace.extractions(),
                        workspace::extracted);
        parts.add(extractor);
        parts.stages(Role.EXTRACTOR.word(), extractor::health, StageState::of);
    }

    /// Starts nothing where there is no rule and no scoring is watched.
    private void startMonitor() {
        Judged judged = workspace.judged();
        if (!judged.hasRules() && !workspace.watchesModels()) {
            if (options.roles().equals(Set.of(Role.MONITOR))) {
                throw new UserError(
                        "there is nothing to run: no contract has rules of quality or alerts, no"
                                + " feature view expects anything, and no model is watched",
                        "write quality or leat.alerts into a contract, expect into a view or"
                                + " monitoring into models/NAME.yaml, or leave the role out");
            }
            return;
        }
        own(Role.MONITOR);
        Monitor monitor =
                Monitor.start(
                        new Monitor.Place(log, workspace.names(), options.instance()),
                        workspace.config().monitor(),
                        workspace.alerts(),
                        judged);
        parts.add(monitor);
        parts.stage(Role.MONITOR.word(), () -> StageState.of(monitor.health()));
        if (workspace.watchesModels()) {
            ModelMonitor watching =
                    ModelMonitor.start(
                            new ModelMonitor.Place(log, workspace.names(), options.instance()),
                            new ModelMonitor.Pace(
                                    workspace.config().monitor().commitInterval(),
                                    workspace.config().monitor().clockGrace()),
                            new ModelMonitor.Known(
                                    models.models(),
                                    models.files(),
                                    workspace.config().scorer().timeout()),
                            workspace.scorings(),
                            FiringAlerts.METRIC);
            parts.add(watching);
            parts.stage(ModelMonitor.ROLE, () -> StageState.of(watching.health()));
        }
    }

    private void startFeatures() {
        if (workspace.features().isEmpty()) {
            throw new UserError(
                    "there is nothing to run: the workspace has no file features/NAME.yaml",
                    "write one, or leave the role out");
        }
        own(Role.FEATURES);
        FeatureStore store =
                FeatureStore.start(
                        new FeatureStore.Place(
                                log,
                                workspace.names(),
                                options.instance(),
                                workspace.stateFolder(),
                                workspace.config().log().replicationFactor()),
                        workspace.config().features(),
                        ViewRegistration.flows(workspace),
                        new ViewRegistration(workspace, log).definitions());
        parts.add(store);
        parts.stages(Role.FEATURES.word(), store::health, StageState::of);
    }

    private void startScorer() {
        if (workspace.scorings().isEmpty()) {
            throw new UserError(
                    "there is nothing to score: the workspace has no file models/NAME.yaml",
                    "write one, or leave the role out");
        }
        own(Role.SCORER);
        Scorer scorer =
                Scorer.start(
                        new Scorer.Place(log, workspace.names(), options.instance()),
                        workspace.config().scorer(),
                        models.models(),
                        workspace.scorings());
        parts.add(scorer);
        parts.stages(Role.SCORER.word(), scorer::health, StageState::of);
    }

    private void startTrainer() {
        List<Training> trainings = workspace.triggered();
        if (trainings.isEmpty()) {
            throw new UserError(
                    "there is nothing to watch: no file models/NAME.yaml has training with"
                            + " triggers",
                    "write them, or leave the role out");
        }
        try {
            TrainingWatch watch =
                    TrainingWatch.start(
                            new Trainer.Place(
                                    log,
                                    workspace.names(),
                                    workspace.stateFolder().resolve("uploads"),
                                    InstantSource.system(),
                                    new NeededInWorkspace(workspace, log)),
                            workspace.config().trainer(),
                            this::openAlerts,
                            trainings.stream()
                                    .map(one -> new TrainingWatch.Watched(one, scorings(one)))
                                    .toList());
            parts.add(watch);
            parts.stages(Role.TRAINER.word(), watch::health, StageState::of);
        } catch (TrainingStopped e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private List<OpenAlerts.OpenAlert> openAlerts(Set<String> subjects) {
        return new AlertLog(log, workspace.names())
                .about(subjects).stream()
                        .filter(alert -> !alert.isResolved())
                        .map(alert ->
                                new OpenAlerts.OpenAlert(
                                        alert.contract(), alert.rule(), alert.raised()))
                        .toList();
    }

    private Set<String> scorings(Training training) {
        return workspace.scorings().stream()
                .filter(scoring -> scoring.model().equals(training.model()))
                .map(Scoring::nameAndVersion)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Keeps other processes from the same instance.
    private void own(Role role) {
        parts.add(new StateFolder(workspace.stateFolder()).ownInstance(role, options.instance()));
    }
}
