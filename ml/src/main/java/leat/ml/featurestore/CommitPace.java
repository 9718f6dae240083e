package leat.ml.featurestore;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/// How often a view commits: as often as vectors are to be seen, and seldom while it is so far
/// behind its source that nobody waits for the one at hand. A commit is of all tasks of a thread.
/// For any thread.
final class CommitPace {

    /// When Streams commits by itself: for positions that move without records. It is less than a
    /// transaction may take.
    static final Duration BY_ITSELF = Duration.ofSeconds(6);

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

    /// How long a thread may wait for records without looking whether it is to commit.
    static Duration turn(Duration interval) {
        return Duration.ofMillis(Math.max(1, interval.toMillis() / 2));
    }

    /// Has a task ask for its thread's commits.
    void join(ProcessorContext<?, ?> context) {
        context.schedule(
                turn(interval),
                PunctuationType.WALL_CLOCK_TIME,
                _ -> {
                    if (transactions.get().isDue(context)) {
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

    /// What a thread has worked on since it asked for a commit. It works for half an interval at
    /// least, and half as long as the commit before took: where a commit takes longer than the
    /// interval, the next would else be due with the first record after it, and each record would
    /// cost a commit.
    private final class Transaction {

        private boolean hasRecords;
        private boolean wasIdle = true;
        private long began;
        private long tookNanos;
        private long asked = nanos.getAsLong() - BY_ITSELF.toNanos();

        /// The commit comes once all tasks have had their turn: only the one that has asked knows
        /// in its next turn that it is over.
        private @Nullable ProcessorContext<?, ?> asker;

        void begin() {
            if (!hasRecords) {
                hasRecords = true;
                began = nanos.getAsLong();
                // Of a task that was taken away nobody says that the thread was idle.
                tookNanos = wasIdle ? 0 : Math.min(began - asked, BY_ITSELF.toNanos());
            }
        }

        boolean isDue(ProcessorContext<?, ?> task) {
            long now = nanos.getAsLong();
            wasIdle |= !hasRecords && task.equals(asker);
            boolean due =
                    hasRecords
                            && now - began >= Math.max(interval.toNanos(), tookNanos) / 2
                            // Turns are not on time: half a one is as good.
                            && now - asked >= pauseNanos() - turn(interval).toNanos() / 2;
            if (due) {
                hasRecords = false;
                wasIdle = false;
                asker = task;
                asked = now;
            }
            return due;
        }

        private long pauseNanos() {
            return isFarBehind && interval.compareTo(FAR_BEHIND_INTERVAL) < 0
                    ? FAR_BEHIND_INTERVAL.toNanos()
                    : interval.toNanos();
        }
    }
}
