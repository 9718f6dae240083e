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
    void asksForACommitEachIntervalAndSeldomWhileItIsFarBehind() {
        pace.join(task);
        CapturedPunctuator turn = task.scheduledPunctuators().getFirst();
        assertThat(turn.getInterval()).isEqualTo(Duration.ofMillis(15));
        assertThat(turn.getType()).isEqualTo(PunctuationType.WALL_CLOCK_TIME);
        assertThat(commitsARecord()).isTrue();

        pace.look(Map.ofEntries(metric("records-lag", "t-1-consumer", 4_000)));
        assertThat(commitsARecord()).isTrue();

        pace.look(
                Map.ofEntries(
                        metric("records-lag", "t-1-consumer", 4_000),
                        metric("records-lag", "t-2-consumer", 4_000)));
        assertThat(commitsARecord()).as("8,000 records behind").isFalse();
        goBy(500 - 30);
        assertThat(asksForCommit()).as("half a second since the last").isTrue();

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
    void keepsTheIntervalWhereACommitTakesNoTimeWhenTurnsAreLate() {
        pace.join(task);
        commitsARecord();
        pace.work();
        goBy(22);
        assertThat(asksForCommit()).isFalse();
        goBy(1);
        assertThat(asksForCommit()).as("half a turn before it").isTrue();
    }

    @Test
    void commitsForAllTasksOfAThreadAtOnce() throws Exception {
        MockProcessorContext<byte[], byte[]> other = new MockProcessorContext<>();
        pace.join(task);
        pace.join(other);
        pace.work();
        goBy(30);
        assertThat(asksForCommit(other)).isTrue();
        assertThat(asksForCommit()).as("its records are committed with the other's").isFalse();

        // And that both had their turn before the commit does not hide how long it took
        goBy(200);
        pace.work();
        goBy(99);
        assertThat(asksForCommit()).isFalse();
        assertThat(asksForCommit(other)).isFalse();
        goBy(1);
        assertThat(asksForCommit()).isTrue();
    }

    @Test
    void eachThreadHasItsOwn() throws Exception {
        pace.join(task);
        assertThat(commitsARecord()).isTrue();
        AtomicBoolean asked = new AtomicBoolean();
        Thread thread = new Thread(() -> asked.set(commitsARecord()));
        pace.work();
        thread.start();
        thread.join();
        assertThat(asked).isTrue();
        assertThat(asksForCommit()).isTrue();
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
    void commitsAsSeldomAsIsAllowedFarBehind() {
        CommitPace seldom = new CommitPace(Duration.ofSeconds(5), () -> nanos);
        seldom.join(task);
        seldom.look(Map.ofEntries(metric("records-lag", "t-1-consumer", 1e9)));
        seldom.work();
        goBy(2_600);
        assertThat(asksForCommit()).as("the first").isTrue();
        seldom.work();
        goBy(3_700);
        assertThat(asksForCommit()).isFalse();
        goBy(100);
        assertThat(asksForCommit()).isTrue();
    }
}
