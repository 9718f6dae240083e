package leat.core.monitor;

import java.util.Locale;

/// What is judged of a scoring in each window.
public enum ModelRule {
    /// The vectors' features look as those of the training.
    FEATURE_DRIFT,
    /// The values of the predictions look as those of the training.
    SCORE_DRIFT,
    /// No feature is absent, NaN or infinite much more often than in the training.
    MISSING_VALUES,
    /// Few vectors have no prediction.
    FAILURES,
    /// Predictions come out the same when they are made again.
    AGREEMENT,
    /// Vectors come.
    SILENCE,
    /// The version is young enough.
    AGE,
    /// A row takes not much longer than with the last version.
    LATENCY,
    /// The version is not much larger than the last one.
    MEMORY,
    /// Of the alarms enough are right, as late labels show.
    PRECISION,
    /// Of the events enough had an alarm before.
    RECALL;

    /// `feature-drift`, as in alerts.
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// `feature drift`, as people say it.
    public String words() {
        return id().replace('-', ' ');
    }
}
