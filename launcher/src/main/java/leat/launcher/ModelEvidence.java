package leat.launcher;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import leat.core.feature.CompiledView;
import leat.core.model.Alias;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileUnreadable;
import leat.core.monitor.Recomputed;
import leat.core.prediction.Scoring;
import leat.core.score.Evidence;
import leat.core.score.ScoreRules;
import leat.core.score.SeenPredictions;
import leat.core.score.Version;
import leat.core.scoring.ModelFailed;
import leat.core.tracking.Run;
import leat.core.tracking.TrackingRefused;
import leat.core.training.Training;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureRegistry;
import leat.ml.featurestore.FeatureVerify;
import leat.ml.featurestore.VerifyReport;
import leat.ml.featurestore.ViewRefused;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.scorer.Explanation;
import leat.ml.scorer.ExplanationRefused;
import leat.ml.scorer.Explanations;
import leat.ml.scorer.Recomputation;
import leat.ml.scorer.ScoredEvidence;
import leat.ml.scorer.WatchedScoring;
import leat.ml.scoring.RegisteredModels;
import leat.ml.scoring.VersionFile;
import leat.stream.log.KafkaLogReader;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.monitor.AlertLog;
import leat.stream.registry.RegistryTopic;
import org.apache.kafka.clients.admin.Admin;

/// Collects what a workspace and its log say of a model, for its score. Nothing but Kafka has to
/// run.
///
/// @param workspace with what the registries know of it
/// @param models of its log
/// @param progress is told what is looked at
public record ModelEvidence(
        Workspace workspace, LogConnection log, WorkspaceModels models, Consumer<String> progress) {

    /// What is judged.
    ///
    /// @param model the registered model's name
    /// @param registered empty while nothing is
    /// @param training of the workspace that makes its versions
    /// @param scoring of the workspace that it predicts by
    public record Subject(
            String model,
            Optional<RegisteredModel> registered,
            Optional<Training> training,
            Optional<Scoring> scoring) {

        /// The alias of the version that answers.
        Optional<Alias> alias() {
            return scoring.map(Scoring::champion)
                    .or(() -> training.flatMap(Training::alias))
                    .flatMap(name ->
                            registered.flatMap(
                                    one -> Optional.ofNullable(one.aliases().get(name))));
        }

        /// The file that says what is asked of it.
        Optional<String> file() {
            return training.map(one -> one.name().value())
                    .or(() -> scoring.map(one -> one.name().value()));
        }
    }

    /// Finds what a name means: a registered model, or a file of models/.
    ///
    /// @return empty where it is neither
    public Optional<Subject> subject(String name) {
        List<Training> trainings =
                workspace.trainings().stream().filter(one -> one.model().equals(name)).toList();
        List<Scoring> scorings =
                workspace.scorings().stream().filter(one -> one.model().equals(name)).toList();
        Optional<RegisteredModel> registered = models.registry().read(state -> state.model(name));
        if (registered.isEmpty() && trainings.isEmpty() && scorings.isEmpty()) {
            return named(name).filter(model -> !model.equals(name)).flatMap(this::subject);
        }
        Optional<Training> training = trainings.stream().findFirst();
        return Optional.of(
                new Subject(
                        name,
                        registered,
                        training,
                        scorings.stream()
                                .filter(one ->
                                        training.filter(other -> other.name().equals(one.name()))
                                                .isPresent())
                                .findFirst()
                                .or(() -> scorings.stream().findFirst())));
    }

    /// The model of a file.
    private Optional<String> named(String file) {
        return workspace.trainings().stream()
                .filter(one -> one.name().value().equals(file))
                .map(Training::model)
                .findFirst()
                .or(() ->
                        workspace.scorings().stream()
                                .filter(one -> one.name().value().equals(file))
                                .map(Scoring::model)
                                .findFirst());
    }

    /// Collects it.
    ///
    /// @param quick nothing is replayed
    /// @throws LogUnavailable when Kafka does not answer
    public Evidence of(Subject subject, boolean quick) {
        Evidence.Registered registered = registered(subject);
        Optional<String> version = registered.version().map(Version::reference);
        try (KafkaLogReader reader = new KafkaLogReader(log, workspace.names().group("score"));
                Admin admin = log.admin();
                RegisteredModels predictor = new RegisteredModels(models.models())) {
            ScoredEvidence scored = new ScoredEvidence(reader, admin, workspace.names());
            Recomputation recomputation =
                    new Recomputation(
                            reader,
                            admin,
                            workspace.names(),
                            models.models(),
                            predictor,
                            workspace.config().scorer().timeout());
            Evidence.Defined defined = defined(subject);
            progress.accept("reading vectors and predictions");
            Evidence.Served served =
                    new Evidence.Served(
                            subject.scoring().map(scored::terms).orElse(List.of()),
                            defined.view()
                                    .flatMap(view ->
                                            scored.vectors(
                                                    view,
                                                    registered
                                                            .version()
                                                            .flatMap(Version::features))),
                            subject.scoring()
                                    .flatMap(scoring ->
                                            version.flatMap(
                                                    one -> scored.predictions(scoring, one))));
            return new Evidence(
                    Instant.now(),
                    subject.file().map(workspace::scoreRules).orElse(ScoreRules.DEFAULT),
                    defined,
                    registered,
                    served,
                    new Evidence.Tried(
                            quick ? Optional.empty() : defined.view().flatMap(this::replay),
                            subject.scoring().map(scoring -> recomputed(recomputation, scoring)),
                            explained(
                                    subject,
                                    served.predictions(),
                                    new Explanations(
                                            reader,
                                            admin,
                                            workspace.names(),
                                            predictor,
                                            workspace.config().scorer().timeout()))),
                    watched(subject, version.orElse(""), reader, admin));
        }
    }

    private Evidence.Defined defined(Subject subject) {
        Map<String, String> contracts = new HashMap<>();
        new RegistryTopic(log, workspace.names(), InstantSource.system())
                .read()
                .newest()
                .forEach(one -> contracts.put(one.nameAndMajor(), one.version().toString()));
        Evidence.Defined defined =
                new Evidence.Defined(
                        subject.training(), subject.scoring(), contracts, Optional.empty());
        return new Evidence.Defined(
                subject.training(),
                subject.scoring(),
                contracts,
                defined.view().flatMap(this::servesSince));
    }

    private Optional<Instant> servesSince(CompiledView view) {
        return new FeatureRegistry(log, workspace.names())
                .read().serving(view.view().name()).stream()
                        .flatMap(history -> history.terms().stream())
                        .filter(term -> term.version() == view.view().version())
                        .map(term -> term.since())
                        .findFirst();
    }

    private Evidence.Registered registered(Subject subject) {
        progress.accept("reading the registry");
        List<ModelVersion> versions = models.models().versions(subject.model());
        Optional<Alias> alias = subject.alias();
        List<Version> all = versions.stream().map(one -> version(one, false)).toList();
        Optional<Version> judged =
                versions.stream()
                        .filter(one ->
                                alias.filter(other -> other.version() == one.info().number())
                                        .isPresent())
                        .findFirst()
                        .or(() -> versions.reversed().stream().findFirst())
                        .map(one -> version(one, true));
        return new Evidence.Registered(
                judged, all, alias, subject.training().flatMap(this::newestRun));
    }

    private Version version(ModelVersion version, boolean withProfile) {
        String run = version.info().runId();
        return new Version(
                version,
                run.isEmpty() ? Optional.empty() : models.tracking().read(state -> state.run(run)),
                withProfile ? profile(version) : Optional.empty(),
                file(version));
    }

    private Optional<Profile> profile(ModelVersion version) {
        try {
            return Optional.ofNullable(version.tags().get(ModelVersion.PROFILE_TAG))
                    .flatMap(models.models()::bytes)
                    .map(Profile::parse);
        } catch (ProfileUnreadable | ArtifactDamaged | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Optional<Version.File> file(ModelVersion version) {
        try {
            return Optional.of(VersionFile.ofModel(models.models(), version))
                    .map(file -> new Version.File(file.sizeBytes(), file.fingerprint().sha256()));
        } catch (TrackingRefused | ModelFailed _) {
            return Optional.empty();
        }
    }

    private Optional<Run> newestRun(Training training) {
        String name = training.name().value();
        return models.tracking()
                .read(state ->
                        state
                                .experimentNamed(name)
                                .map(experiment -> state.runs(List.of(experiment.id())))
                                .orElse(List.of())
                                .stream()
                                .filter(run ->
                                        name.equals(run.tags().get(ModelVersion.TRAINING_TAG)))
                                .max(Comparator.comparingLong(run -> run.info().startMillis())));
    }

    private Optional<Evidence.Replay> replay(CompiledView view) {
        progress.accept("replaying " + view.view().nameAndVersion());
        try {
            VerifyReport report =
                    new FeatureVerify(log, workspace.names()).run(new FeatureFlow(view));
            return Optional.of(
                    new Evidence.Replay(
                            report.view(),
                            report.events(),
                            report.vectors(),
                            report.differences(),
                            report.first().stream()
                                    .findFirst()
                                    .map(VerifyReport.Difference::position)
                                    .orElse("")));
        } catch (ViewRefused _) {
            return Optional.empty();
        }
    }

    private Recomputed recomputed(Recomputation recomputation, Scoring scoring) {
        progress.accept("making predictions again");
        return recomputation.newest(scoring);
    }

    private static Optional<Evidence.Explained> explained(
            Subject subject, Optional<SeenPredictions> predictions, Explanations explanations) {
        Optional<String> id =
                predictions.map(SeenPredictions::newest).filter(newest -> !newest.isEmpty());
        return id.flatMap(newest ->
                subject.scoring().map(scoring -> explained(newest, scoring, explanations)));
    }

    private static Evidence.Explained explained(
            String id, Scoring scoring, Explanations explanations) {
        try {
            Explanation explanation =
                    explanations.explain(id, List.of(scoring), Optional.empty(), Optional.empty());
            long features =
                    explanation.features().stream()
                            .filter(feature -> feature.adds().isPresent())
                            .count();
            return new Evidence.Explained(id, (int) features, "");
        } catch (ExplanationRefused e) {
            return new Evidence.Explained(id, 0, String.valueOf(e.getMessage()));
        }
    }

    private Evidence.Watched watched(
            Subject subject, String version, KafkaLogReader reader, Admin admin) {
        List<Evidence.OpenAlert> alerts =
                new AlertLog(log, workspace.names(), workspace.modelAlerts())
                        .list(workspace.judged().all()).stream()
                                .filter(alert -> !alert.isResolved())
                                .map(alert ->
                                        new Evidence.OpenAlert(
                                                alert.id(),
                                                alert.contract(),
                                                alert.rule(),
                                                alert.firedAt()))
                                .toList();
        return new WatchedScoring(
                        reader,
                        admin,
                        workspace.names(),
                        subject.scoring().map(Scoring::nameAndVersion).orElse(""),
                        version)
                .watched(alerts);
    }
}
