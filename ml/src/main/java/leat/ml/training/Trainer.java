package leat.ml.training;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.core.model.ModelVersion;
import leat.core.model.PruneRefused;
import leat.core.model.Retention;
import leat.core.monitor.Drift;
import leat.core.monitor.Profile;
import leat.core.tracking.RunStatus;
import leat.core.tracking.TrackingRefused;
import leat.core.training.Cause;
import leat.core.training.Training;
import leat.ml.fold.RecordUnreadable;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.NeededVersions;
import leat.ml.registry.Prunings;
import leat.ml.registry.RegistryLog;
import leat.ml.tracking.TrackingLog;
import leat.ml.training.algorithm.AlgorithmUnavailable;
import leat.ml.training.algorithm.Fitted;
import leat.ml.training.algorithm.TrainingRefused;
import leat.ml.training.command.CommandRuns;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trains models. All that it needs, and all that it writes, is in the log. What it leaves when it
/// is killed is a run that has not ended, which the next one of the same training ends.
public final class Trainer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    /// A person does not want to wait.
    private static final Duration TURN_OF_A_COMMAND = Duration.ofSeconds(15);

    /// A machine that builds what is merged has nothing else to do.
    private static final Duration TURN_OF_A_MERGE = Duration.ofMinutes(10);

    /// Whoever watches several models looks at the next one meanwhile.
    private static final Duration TURN_OF_THE_WATCH = Duration.ofSeconds(5);

    private final Place place;
    private final TrackingLog tracking;
    private final RegistryLog registry;
    private final ArtifactLog artifacts;

    /// Where it works.
    ///
    /// @param spool a folder for files on their way into the log
    /// @param needed what versions are needed for beside what the registry knows
    public record Place(
            LogConnection log,
            Names names,
            Path spool,
            InstantSource clock,
            NeededVersions needed) {

        /// Where nothing is needed that the registry does not know.
        public Place(LogConnection log, Names names, Path spool, InstantSource clock) {
            this(log, names, spool, clock, NeededVersions.NONE);
        }

        /// Where each run has a folder while programs learn.
        Path trainings() {
            return spool.resolveSibling("trainings");
        }
    }

    /// The topics of tracking and of models have to be there.
    public Trainer(Place place) {
        this.place = place;
        this.tracking = new TrackingLog(place.log(), place.names(), place.clock());
        this.registry = new RegistryLog(place.log(), place.names(), place.clock());
        this.artifacts = new ArtifactLog(place.log(), place.names(), place.spool(), place.clock());
    }

    /// Trains since somebody wants it.
    public TrainingReport train(
            Training training, Optional<String> sameAs, TrainingProgress progress) {
        return train(training, sameAs, Cause.COMMAND, progress);
    }

    /// Trains on what the log has now.
    ///
    /// @param sameAs the run whose rows are read once more; what the log has now when empty
    /// @param cause is kept in the tags of run and version
    /// @throws TrainingStopped when the data are not as they should be, or nothing can be learned
    ///   from them, or another process trains the model
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    public TrainingReport train(
            Training training, Optional<String> sameAs, Cause cause, TrainingProgress progress) {
        Learning learning = new Learning(training, progress);
        Duration patience = cause.kind() == Cause.Kind.MERGE ? TURN_OF_A_MERGE : TURN_OF_A_COMMAND;
        try (TrainingTurn _ =
                TrainingTurn.take(place.log(), place.names(), training.model(), patience)) {
            return inTurn(learning, training, sameAs, cause, progress);
        }
    }

    /// Trains where there is a cause for it, and still is when it is the model's turn. Runs whose
    /// process is gone are ended before.
    ///
    /// @return empty where there is no cause
    /// @throws TrainingStopped as for [#train]
    Optional<TrainingReport> trainFor(
            Training training, Supplier<Optional<Cause>> causes, TrainingProgress progress) {
        boolean unfinished = !RunLog.unfinished(tracking, training).isEmpty();
        if (!unfinished && causes.get().isEmpty()) {
            return Optional.empty();
        }
        Learning learning = new Learning(training, progress);
        try (TrainingTurn _ =
                TrainingTurn.take(
                        place.log(), place.names(), training.model(), TURN_OF_THE_WATCH)) {
            if (unfinished) {
                Publishing publishing = publishing(training);
                publishing.claim(RunLog.newId());
                endUnfinished(training, publishing);
            }
            Optional<Cause> cause = causes.get();
            return cause.map(one -> inTurn(learning, training, Optional.empty(), one, progress));
        }
    }

    private TrainingReport inTurn(
            Learning learning,
            Training training,
            Optional<String> sameAs,
            Cause cause,
            TrainingProgress progress) {
        long begun = System.nanoTime();
        Publishing publishing = publishing(training);
        DatasetReader reader = new DatasetReader(place.log(), place.names(), training, progress);
        DatasetName dataset =
                sameAs.map(run -> reader.again(dataset(publishing, run))).orElseGet(reader::now);
        String id = RunLog.newId();
        publishing.claim(id);
        endUnfinished(training, publishing);
        FailPoint.reach("training.before-run");
        RunLog run = RunLog.begin(tracking, place.clock(), training, id, cause);
        FailPoint.reach("training.after-run");
        try {
            CommandRuns commands =
                    new CommandRuns(
                            place.trainings().resolve(id),
                            (file, content) -> publishing.keepLog(run, file, content),
                            seconds -> progress.at("running a command", seconds, 0));
            TrainingReport report =
                    new Work(training, publishing, learning, run, begun)
                            .run(reader, dataset, commands);
            return training.retention()
                    .map(retention -> pruned(training, retention, report))
                    .orElse(report);
        } catch (TrainingRefused e) {
            run.fail(String.valueOf(e.getMessage()));
            throw new TrainingStopped(String.valueOf(e.getMessage()), e.remedy());
        } catch (AlgorithmUnavailable e) {
            run.fail(String.valueOf(e.getMessage()));
            throw new TrainingStopped(String.valueOf(e.getMessage()), "choose another algorithm");
        } catch (TrainingStopped e) {
            run.fail(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /// Deletes versions that nothing needs any more. What was trained is there in any case: what is
    /// in the way of that leaves it to the next training.
    private TrainingReport pruned(Training training, Retention retention, TrainingReport report) {
        Prunings prunings =
                new Prunings(tracking, registry, artifacts, place.needed(), place.clock());
        try {
            Prunings.Plan plan = prunings.plan(training.model(), retention);
            long freedBytes = prunings.prune(plan);
            List<String> versions =
                    plan.versions().stream()
                            .map(going -> training.model() + "/" + going.version())
                            .toList();
            if (!plan.isEmpty()) {
                LOG.atInfo()
                        .addKeyValue("training", report.training())
                        .addKeyValue("versions", versions)
                        .addKeyValue("bytes", freedBytes)
                        .log("Versions beyond the retention were deleted");
            }
            return report.withPruned(versions);
        } catch (PruneRefused | TrackingRefused | LogUnavailable | RecordUnreadable e) {
            LOG.atWarn()
                    .addKeyValue("training", report.training())
                    .addKeyValue("why", e.getMessage())
                    .log("Versions beyond the retention are left to the next training");
            return report;
        }
    }

    private Publishing publishing(Training training) {
        return new Publishing(registry, artifacts, training);
    }

    /// Checks what a definition says of its algorithms without training: that there are such, with
    /// these parameters, and that they fit. Whether the program of a command is there is for the
    /// machine that trains to say.
    ///
    /// @throws TrainingStopped with what is wrong
    public static void check(Training training) {
        Learning.check(training);
    }

    /// What there was of a training before.
    PastRuns runs(Training training) {
        return new PastRuns(tracking, publishing(training), training);
    }

    /// The newest version of a training that has passed and was made of a commit, which its tag
    /// [Cause#COMMIT_TAG] names.
    public Optional<ModelVersion> newestOfACommit(Training training) {
        return publishing(training).newestOfACommit();
    }

    private DatasetName dataset(Publishing publishing, String run) {
        return publishing.dataset(
                run,
                RunLog.read(tracking, run)
                        .orElseThrow(() ->
                                new TrainingStopped(
                                        "there is no run " + run,
                                        "name one that the console shows"))
                        .info()
                        .artifactUri());
    }

    /// Runs whose process is gone. One that has published its version has done all.
    private void endUnfinished(Training training, Publishing publishing) {
        for (String run : RunLog.unfinished(tracking, training)) {
            RunLog.end(
                    tracking,
                    place.clock(),
                    run,
                    publishing.hasVersionOf(run) ? RunStatus.FINISHED : RunStatus.KILLED);
        }
        CommandRuns.sweep(place.trainings(), this::isRunning);
    }

    private boolean isRunning(String run) {
        return RunLog.read(tracking, run)
                .filter(one -> one.info().status() == RunStatus.RUNNING)
                .isPresent();
    }

    /// One training, once its run has begun.
    private record Work(
            Training training,
            Publishing publishing,
            Learning learning,
            RunLog run,
            long begunNanos) {

        TrainingReport run(DatasetReader reader, DatasetName name, CommandRuns commands) {
            run.params(params(name));
            publishing.keep(run, name);
            run.progress(0.1, 1);
            Dataset dataset = reader.read(name);
            run.metrics(ofData(dataset), "data/");
            check(dataset);
            run.progress(0.5, 2);
            Learned learned = learning.learn(dataset, commands);
            run.params(named(learned.parameters(), training.algorithm().name() + "."));
            run.metrics(learned.metrics(), "");
            run.metrics(learned.baseline(), "baseline/");
            run.metrics(learned.others(), "");
            byte[] file = learned.model().file();
            if (learned.model().fileName().equals(Fitted.ONNX_FILE)) {
                run.metrics(new Comparing(dataset, learned, file, before()).metrics(), "");
            }
            run.progress(0.9, 3);
            FailPoint.reach("training.after-metrics");
            int rows = dataset.rows().size();
            Publishing.Made made =
                    new Publishing.Made(
                            learned,
                            name,
                            dataset.time(0).toString(),
                            dataset.time(rows - 1).toString());
            ModelVersion version = publishing.publish(run, made, file);
            Map<String, String> tags = new HashMap<>();
            tags.put("leat.version", version.reference());
            tags.put(ModelVersion.GATES_TAG, Publishing.gates(learned));
            Optional.ofNullable(version.tags().get(Publishing.REPRODUCED))
                    .ifPresent(said -> tags.put(Publishing.REPRODUCED, said));
            run.tags(tags);
            run.progress(1, 4);
            run.finish();
            FailPoint.reach("training.after-end");
            return report(dataset, made, version, file);
        }

        /// The newest version that has passed, where it can be asked.
        private Optional<VersionBefore> before() {
            return publishing
                    .newestPassed(VersionBefore::isKnown)
                    .flatMap(version ->
                            publishing
                                    .onnx(version)
                                    .map(bytes ->
                                            new VersionBefore(
                                                    version,
                                                    bytes,
                                                    run.metricOf(
                                                            version.info().runId(), "threshold"))));
        }

        private Map<String, String> params(DatasetName name) {
            Map<String, String> params = new LinkedHashMap<>();
            params.put("algorithm", training.algorithm().name());
            params.put("seed", Long.toString(training.seed()));
            params.put("view", name.rows().view());
            training.data().set().ifPresent(set -> params.put("feature_set", set.value()));
            params.put("features", String.join(",", training.data().features()));
            params.put("dataset", name.digest());
            params.put("definition", training.fingerprint());
            params.put("split.test", Double.toString(training.split().test()));
            training.baseline().ifPresent(one -> params.put("baseline", one.name()));
            training.algorithm()
                    .command()
                    .ifPresent(command -> {
                        params.put("command", command.line());
                        params.put("command_files", command.digest());
                    });
            return params;
        }

        private static Map<String, String> named(Map<String, String> parameters, String prefix) {
            Map<String, String> named = new LinkedHashMap<>();
            parameters.forEach((key, value) -> named.put(prefix + key, value));
            return named;
        }

        private static Map<String, Double> ofData(Dataset dataset) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("rows", (double) dataset.rows().size());
            metrics.put("lacking", (double) dataset.leftOut().lacking());
            metrics.put("unlabelled", (double) dataset.leftOut().unlabelled());
            metrics.put("unreadable", (double) dataset.unreadable());
            return metrics;
        }

        private void check(Dataset dataset) {
            SortedMap<String, Double> drifts = new TreeMap<>();
            if (training.checks().mostDrift().isPresent()) {
                Optional<Profile> before = Publishing.readable(publishing::profileBefore);
                before.ifPresent(profile ->
                        Drift.between(profile, Learning.tally(dataset, profile))
                                .forEach((feature, drift) -> drifts.put(feature, drift.psi())));
                run.metrics(drifts, "drift/");
            }
            List<String> objections =
                    training.checks()
                            .objections(
                                    dataset.rows().size(), dataset.kept(), dataset.seen(), drifts);
            if (!objections.isEmpty()) {
                throw new TrainingStopped(
                        "the data are not as they should be: " + String.join("; ", objections),
                        "look at what changed, or set checks in " + training.file());
            }
        }

        private TrainingReport report(
                Dataset dataset, Publishing.Made made, ModelVersion version, byte[] file) {
            Learned learned = made.learned();
            return new TrainingReport(
                    training.name().value(),
                    run.id(),
                    version.reference(),
                    learned.passed(),
                    learned.passed() ? training.alias() : Optional.empty(),
                    made.dataset().digest(),
                    made.fromTime(),
                    made.toTime(),
                    learned.trainingRows(),
                    learned.testRows(),
                    dataset.leftOut().lacking(),
                    dataset.leftOut().unlabelled(),
                    dataset.unreadable(),
                    learned.model().score().toString(),
                    learned.parameters(),
                    learned.metrics(),
                    learned.baseline(),
                    learned.verdicts(),
                    file.length,
                    sha256(file),
                    (System.nanoTime() - begunNanos) / 1e9,
                    List.of());
        }

        private static String sha256(byte[] bytes) {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has it", e);
            }
        }
    }

    @Override
    public void close() {
        artifacts.close();
        registry.close();
        tracking.close();
    }
}
