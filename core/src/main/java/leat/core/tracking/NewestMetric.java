package leat.core.tracking;

/// What a run knows of one of its metrics: the newest value, and where all of them are.
///
/// @param first the offset of the first point in the topic of points
/// @param last the offset of the last one
/// @param points how many were logged, repetitions included
public record NewestMetric(Metric metric, long first, long last, long points) {

    /// Of the first point.
    static NewestMetric of(Metric metric, long offset) {
        return new NewestMetric(metric, offset, offset, 1);
    }

    /// With one more point.
    NewestMetric with(Metric other, long offset) {
        return new NewestMetric(
                other.newerThan(metric) ? other : metric,
                Math.min(first, offset),
                Math.max(last, offset),
                points + 1);
    }
}
