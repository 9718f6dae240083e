package leat.ml.featurestore;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/// How often a view commits: as often as vectors are to be seen, and seldom while it is so far
/// behind its source that nobody waits for the one at hand. A commit is of all tasks of a thread.
/// For any thread.
final class CommitPace {

    private static final Duration FAR_BEHIND_INTERVAL = Duration.ofMillis(500);

    /// A tenth of a second's work or so; the next look may be a second away.
    private static final double FAR_BEHIND_RECORDS = 5_000;

    private final Duration interval;
    private final LongSupplier nanos;
    private final ThreadLocal<Transaction> transactions = ThreadLocal.withInitial(Transaction::new);
    private volatile boolean isFarBehind;

    /// @param interval between two commits of a view that is not far behind
    CommitPace(Duration interval) {
        this(interval, System::nanoTime);
    }

    /// @param nanos the time that goes by
    CommitPace(Duration interval, LongSupplier nanos) {
        this.interval = interval;
        this.nanos = nanos;
    }

    /// What Streams commits by itself, whoever asks or not.
    static Duration longest(Duration interval) {
        return interval.compareTo(FAR_BEHIND_INTERVAL) > 0 ? interval : FAR_BEHIND_INTERVAL;
    }

    /// Has a task ask for its commits.
    void join(ProcessorContext<?, ?> context) {
        context.schedule(
                Duration.ofMillis(Math.max(1, interval.toMillis() / 3)),
                PunctuationType.WALL_CLOCK_TIME,
                _ -> {
                    if (!isFarBehind && transactions.get().isDue()) {
                        context.commit();
                    }
                });
    }

    /// Says that a task of this thread has a record to work on.
    void work() {
        transactions.get().begin();
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

    /// What a thread has not committed. Work goes into it for half an interval at least, and half
    /// as long as the commit before took: where a commit takes longer than the interval, the next
    /// would else be due with the first record after it, and each record would cost a commit.
    private final class Transaction {

        private boolean hasRecords;
        private boolean wasIdle;
        private long began;
        private long tookNanos;
        private long asked = nanos.getAsLong() - interval.toNanos();

        void begin() {
            if (!hasRecords) {
                hasRecords = true;
                began = nanos.getAsLong();
                tookNanos = wasIdle ? 0 : began - asked;
            }
        }

        boolean isDue() {
            long now = nanos.getAsLong();
            wasIdle |= !hasRecords;
            boolean due =
                    hasRecords
                            && now - began >= Math.max(interval.toNanos(), tookNanos) / 2
                            && now - asked >= interval.toNanos();
            if (due) {
                hasRecords = false;
                wasIdle = false;
                asked = now;
            }
            return due;
        }
    }
}
