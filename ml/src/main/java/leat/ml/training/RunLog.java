package leat.ml.training;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import leat.core.model.ModelVersion;
import leat.core.tracking.Experiment;
import leat.core.tracking.ExperimentCommand;
import leat.core.tracking.LogBatch;
import leat.core.tracking.Metric;
import leat.core.tracking.Run;
import leat.core.tracking.RunCommand;
import leat.core.tracking.RunStatus;
import leat.core.tracking.TrackingLimits;
import leat.core.training.Cause;
import leat.core.training.Training;
import leat.ml.tracking.Tracking;

/// The run of a training, as it is tracked.
final class RunLog {

    /// Why a run has failed.
    private static final String FAILURE = "leat.failure";

    private static final String USER = "leat train";

    private final Tracking tracking;
    private final InstantSource clock;
    private final String id;
    private final String artifactUri;
    private final Cause cause;

    private RunLog(
            Tracking tracking, InstantSource clock, String id, String artifactUri, Cause cause) {
        this.tracking = tracking;
        this.clock = clock;
        this.id = id;
        this.artifactUri = artifactUri;
        this.cause = cause;
    }

    static String newId() {
        return UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
    }

    /// Begins a run in the experiment of the training's name.
    static RunLog begin(
            Tracking tracking, InstantSource clock, Training training, String id, Cause cause) {
        String experiment = experiment(tracking, training);
        Map<String, String> tags = new TreeMap<>(cause.tags());
        tags.put(ModelVersion.TRAINING_TAG, training.name().value());
        tags.put("leat.model", training.model());
        tracking.write(new RunCommand.Create(id, experiment, "", USER, clock.millis(), tags));
        String artifacts = tracking.read(state -> state.run(id)).orElseThrow().info().artifactUri();
        return new RunLog(tracking, clock, id, artifacts, cause);
    }

    private static String experiment(Tracking tracking, Training training) {
        String name = training.name().value();
        Optional<Experiment> known = tracking.read(state -> state.experimentNamed(name));
        if (known.isPresent()) {
            return known.get().id();
        }
        String id = Long.toString(UUID.randomUUID().getMostSignificantBits() >>> 4);
        tracking.write(new ExperimentCommand.Create(id, name, "", Map.of()));
        return id;
    }

    /// The runs of a training.
    static List<Run> all(Tracking tracking, Training training) {
        return tracking.read(state ->
                state
                        .experimentNamed(training.name().value())
                        .map(experiment -> state.runs(List.of(experiment.id())))
                        .orElse(List.of())
                        .stream()
                        .filter(run ->
                                training.name()
                                        .value()
                                        .equals(run.tags().get(ModelVersion.TRAINING_TAG)))
                        .toList());
    }

    /// Those of them that have not ended.
    static List<String> unfinished(Tracking tracking, Training training) {
        return all(tracking, training).stream()
                .filter(run -> run.info().status() == RunStatus.RUNNING)
                .map(run -> run.info().id())
                .toList();
    }

    /// Ends a run that another process has begun.
    static void end(Tracking tracking, InstantSource clock, String id, RunStatus status) {
        tracking.write(
                new RunCommand.Update(
                        id, Optional.of(status), OptionalLong.of(clock.millis()), ""));
    }

    String id() {
        return id;
    }

    /// Where its files are.
    String artifactUri() {
        return artifactUri;
    }

    /// What the clock shows.
    Instant now() {
        return clock.instant();
    }

    /// Why it was begun.
    Cause cause() {
        return cause;
    }

    void params(Map<String, String> params) {
        log(params, true);
    }

    void tags(Map<String, String> tags) {
        log(tags, false);
    }

    private void log(Map<String, String> entries, boolean params) {
        List<LogBatch.Entry> all = new ArrayList<>();
        int limit = params ? TrackingLimits.PARAM_CHARACTERS : TrackingLimits.TAG_CHARACTERS;
        entries.forEach((key, value) ->
                all.add(
                        new LogBatch.Entry(
                                key, value.length() > limit ? value.substring(0, limit) : value)));
        for (int from = 0; from < all.size(); from += TrackingLimits.BATCH_PARAMS) {
            List<LogBatch.Entry> batch =
                    all.subList(from, Math.min(all.size(), from + TrackingLimits.BATCH_PARAMS));
            tracking.write(
                    new LogBatch(
                            id,
                            List.of(),
                            params ? batch : List.of(),
                            params ? List.of() : batch,
                            false));
        }
    }

    void metrics(Map<String, Double> metrics, String prefix) {
        long now = clock.millis();
        List<Metric> all = new ArrayList<>();
        metrics.forEach((key, value) -> all.add(new Metric(prefix + key, value, now, 0)));
        for (int from = 0; from < all.size(); from += TrackingLimits.BATCH) {
            tracking.write(
                    new LogBatch(
                            id,
                            all.subList(from, Math.min(all.size(), from + TrackingLimits.BATCH)),
                            List.of(),
                            List.of(),
                            false));
        }
    }

    /// How far it is, from 0 to 1.
    void progress(double share, long step) {
        tracking.write(LogBatch.metric(id, new Metric("progress", share, clock.millis(), step)));
    }

    void finish() {
        end(tracking, clock, id, RunStatus.FINISHED);
    }

    void fail(String why) {
        tags(Map.of(FAILURE, why));
        end(tracking, clock, id, RunStatus.FAILED);
    }

    /// The newest value of a metric of another run; NaN where it has none.
    double metricOf(String runId, String metric) {
        return read(tracking, runId)
                .flatMap(run -> Optional.ofNullable(run.metrics().get(metric)))
                .map(newest -> newest.metric().value())
                .orElse(Double.NaN);
    }

    /// What a run says of itself.
    static Optional<Run> read(Tracking tracking, String id) {
        return tracking.read(state -> state.run(id));
    }
}
