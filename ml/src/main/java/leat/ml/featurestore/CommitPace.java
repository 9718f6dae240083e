package leat.ml.featurestore;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/// How often a view commits: as often as vectors are to be seen, and seldom while it is so far
/// behind its source that nobody waits for the one at hand. For any thread.
final class CommitPace {

    private static final Duration FAR_BEHIND_INTERVAL = Duration.ofMillis(500);

    /// A tenth of a second's work or so; the next look may be a second away.
    private static final double FAR_BEHIND_RECORDS = 5_000;

    private final Duration interval;
    private volatile boolean isFarBehind;

    /// @param interval between two commits of a view that is not far behind
    CommitPace(Duration interval) {
        this.interval = interval;
    }

    /// What Streams commits by itself, whoever asks or not.
    static Duration longest(Duration interval) {
        return interval.compareTo(FAR_BEHIND_INTERVAL) > 0 ? interval : FAR_BEHIND_INTERVAL;
    }

    /// Has a task ask for its commits.
    void join(ProcessorContext<?, ?> context) {
        context.schedule(
                interval,
                PunctuationType.WALL_CLOCK_TIME,
                _ -> {
                    if (!isFarBehind) {
                        context.commit();
                    }
                });
    }

    /// Looks how far behind the view is.
    ///
    /// @param metrics of Streams and its clients
    void look(Map<MetricName, ? extends Metric> metrics) {
        double behind = 0;
        for (Map.Entry<MetricName, ? extends Metric> metric : metrics.entrySet()) {
            if (isLag(metric.getKey())
                    && metric.getValue().metricValue() instanceof Double records
                    && records > 0) {
                behind += records;
            }
        }
        isFarBehind = behind > FAR_BEHIND_RECORDS;
    }

    private static boolean isLag(MetricName name) {
        return name.name().equals("records-lag")
                && !name.tags().getOrDefault("client-id", "").contains("restore");
    }
}
