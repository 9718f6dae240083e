package leat.core.monitor;

import java.time.Duration;
import java.util.Optional;
import leat.core.config.DurationText;
import leat.core.contract.QualityRule.AlertPolicy;

/// The part `monitoring` of a file `models/NAME.yaml`: how the predictions are watched.
///
/// @param window how long a window is; windows begin at multiples of it since 1970
/// @param minimumRows of a window with fewer vectors or predictions, drift and shares are not
///   judged
/// @param limits from where on drift is alarming
/// @param missingPercent by how many percent of all vectors a feature may be absent more often than
///   in the baseline
/// @param failedPercent so many predictions may have failed
/// @param agreement so many predictions of a version are made again; none where it is 0
/// @param silence so long there may be no vector; empty where that is not judged
/// @param maximumAge so old a version may be; empty where that is not judged
/// @param latencyFactor so many times as long as with the last version a row may take
/// @param memoryFactor so many times as large as the last version's the files may be
/// @param labels what turns out to be true; empty where nothing is known of that
public record Monitoring(
        Duration window,
        int minimumRows,
        Drift.Limits limits,
        double missingPercent,
        double failedPercent,
        int agreement,
        Optional<Duration> silence,
        Optional<Duration> maximumAge,
        double latencyFactor,
        double memoryFactor,
        Optional<Labels> labels,
        AlertPolicy alert) {

    /// What is not written.
    public static final Monitoring DEFAULT =
            new Monitoring(
                    Duration.ofHours(1),
                    200,
                    Drift.Limits.DEFAULT,
                    5,
                    5,
                    100,
                    Optional.empty(),
                    Optional.empty(),
                    2,
                    2,
                    Optional.empty(),
                    new AlertPolicy("warning", 1, 1));

    /// Whether a rule is judged at all.
    public boolean has(ModelRule rule) {
        return switch (rule) {
            case FEATURE_DRIFT, SCORE_DRIFT, MISSING_VALUES, FAILURES, LATENCY, MEMORY -> true;
            case AGREEMENT -> agreement > 0;
            case SILENCE -> silence.isPresent();
            case AGE -> maximumAge.isPresent();
            case PRECISION -> labels.flatMap(Labels::precision).isPresent();
            case RECALL -> labels.flatMap(Labels::recall).isPresent();
        };
    }

    /// What a rule demands, in words.
    public String demand(ModelRule rule) {
        String within = " within " + DurationText.of(window);
        return switch (rule) {
            case FEATURE_DRIFT, SCORE_DRIFT ->
                    "must be less than psi "
                            + limits.psi()
                            + ", ks "
                            + limits.ks()
                            + " and js "
                            + limits.js()
                            + within;
            case MISSING_VALUES ->
                    "must be less than " + missingPercent + " percent above the baseline" + within;
            case FAILURES -> "must be less than " + failedPercent + " percent" + within;
            case AGREEMENT -> "must be the same when they are made again" + within;
            case SILENCE -> "must be shorter than " + silence.map(DurationText::of).orElse("ever");
            case AGE -> "must be younger than " + maximumAge.map(DurationText::of).orElse("ever");
            case LATENCY ->
                    "must be less than "
                            + latencyFactor
                            + " times the last version's time for a row"
                            + within;
            case MEMORY ->
                    "must be less than " + memoryFactor + " times the size of the last version";
            case PRECISION -> "must be at least " + least(labels.flatMap(Labels::precision));
            case RECALL -> "must be at least " + least(labels.flatMap(Labels::recall));
        };
    }

    private static double least(Optional<Double> limit) {
        return limit.orElse(0.0);
    }
}
