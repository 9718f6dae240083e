package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class CommitPaceTest {

    private static final Duration INTERVAL = Duration.ofMillis(30);

    private long nanos = -1_000_000_000_000L;
    private final CommitPace pace = new CommitPace(INTERVAL, () -> nanos);
    private final MockProcessorContext<byte[], byte[]> task = new MockProcessorContext<>();

    private static Map.Entry<MetricName, Metric> metric(String name, String client, double value) {
        MetricName named = new MetricName(name, "clients", "", Map.of("client-id", client));
        return Map.entry(
                named,
                new KafkaMetric(
                        new Object(),
                        named,
                        (Measurable) (_, _) -> value,
                        new MetricConfig(),
                        Time.SYSTEM));
    }

    private boolean asksForCommit() {
        return asksForCommit(task);
    }

    private static boolean asksForCommit(MockProcessorContext<byte[], byte[]> task) {
        task.resetCommit();
        task.scheduledPunctuators().getFirst().getPunctuator().punctuate(0);
        return task.committed();
    }

    private void goBy(int millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    /// A record that has waited for as long as any.
    private boolean commitsARecord() {
        pace.work();
        goBy(30);
        return asksForCommit();
    }

    @Test
    void asksForACommitEachIntervalUntilItIsFarBehind() {
        pace.join(task);
        CapturedPunctuator turn = task.scheduledPunctuators().getFirst();
        assertThat(turn.getInterval()).isEqualTo(Duration.ofMillis(10));
        assertThat(turn.getType()).isEqualTo(PunctuationType.WALL_CLOCK_TIME);
        assertThat(commitsARecord()).isTrue();

        pace.look(Map.ofEntries(metric("records-lag", "t-1-consumer", 4_000)));
        assertThat(commitsARecord()).isTrue();

        pace.look(
                Map.ofEntries(
                        metric("records-lag", "t-1-consumer", 4_000),
                        metric("records-lag", "t-2-consumer", 4_000)));
        assertThat(commitsARecord()).as("8,000 records behind").isFalse();

        pace.look(Map.ofEntries(metric("records-lag", "t-1-consumer", 10)));
        assertThat(commitsARecord()).isTrue();
    }

    @Test
    void asksForNoCommitOfNothing() {
        pace.join(task);
        goBy(1_000);
        assertThat(asksForCommit()).isFalse();
    }

    @Test
    void worksHalfAsLongAsACommitTook() {
        pace.join(task);
        commitsARecord();

        // When the commit took longer than the interval
        goBy(200);
        pace.work();
        assertThat(asksForCommit()).as("with the first record").isFalse();
        goBy(99);
        pace.work();
        assertThat(asksForCommit()).isFalse();
        goBy(1);
        assertThat(asksForCommit()).isTrue();
    }

    @Test
    void takesNoTimeWithoutRecordsForACommits() {
        pace.join(task);
        commitsARecord();

        goBy(20);
        assertThat(asksForCommit()).as("of nothing").isFalse();
        goBy(5_000);
        pace.work();
        goBy(14);
        assertThat(asksForCommit()).isFalse();
        goBy(1);
        assertThat(asksForCommit()).isTrue();
    }

    @Test
    void keepsTheIntervalWhereACommitTakesNoTime() {
        pace.join(task);
        commitsARecord();
        pace.work();
        goBy(29);
        assertThat(asksForCommit()).isFalse();
        goBy(1);
        assertThat(asksForCommit()).isTrue();
    }

    @Test
    void commitsForAllTasksOfAThreadAtOnce() throws Exception {
        MockProcessorContext<byte[], byte[]> other = new MockProcessorContext<>();
        pace.join(task);
        pace.join(other);
        pace.work();
        goBy(30);
        assertThat(asksForCommit(other)).isTrue();
        assertThat(asksForCommit()).as("its records were committed").isFalse();

        // And another thread has its own
        AtomicBoolean asked = new AtomicBoolean();
        Thread thread =
                new Thread(() -> {
                    pace.work();
                    goBy(30);
                    asked.set(asksForCommit());
                });
        thread.start();
        thread.join();
        assertThat(asked).isTrue();
    }

    @Test
    void looksAtNothingElse() {
        pace.join(task);
        pace.look(
                Map.ofEntries(
                        metric("records-lag-max", "t-1-consumer", 1e9),
                        metric("records-lag", "t-1-restore-consumer", 1e9),
                        metric("records-lag", "t-1-consumer", Double.NaN)));
        assertThat(commitsARecord()).isTrue();
    }

    @Test
    void letsStreamsCommitByItselfAsSeldomAsIsAllowedFarBehind() {
        assertThat(CommitPace.longest(INTERVAL)).isEqualTo(Duration.ofMillis(500));
        assertThat(CommitPace.longest(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    }
}
