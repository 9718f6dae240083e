package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
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

    private final CommitPace pace = new CommitPace(INTERVAL);
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
        task.resetCommit();
        CapturedPunctuator turn = task.scheduledPunctuators().getFirst();
        turn.getPunctuator().punctuate(0);
        return task.committed();
    }

    @Test
    void asksForACommitEachIntervalUntilItIsFarBehind() {
        pace.join(task);
        CapturedPunctuator turn = task.scheduledPunctuators().getFirst();
        assertThat(turn.getInterval()).isEqualTo(INTERVAL);
        assertThat(turn.getType()).isEqualTo(PunctuationType.WALL_CLOCK_TIME);
        assertThat(asksForCommit()).isTrue();

        pace.look(Map.ofEntries(metric("records-lag", "t-1-consumer", 4_000)));
        assertThat(asksForCommit()).isTrue();

        pace.look(
                Map.ofEntries(
                        metric("records-lag", "t-1-consumer", 4_000),
                        metric("records-lag", "t-2-consumer", 4_000)));
        assertThat(asksForCommit()).as("8,000 records behind").isFalse();

        pace.look(Map.ofEntries(metric("records-lag", "t-1-consumer", 10)));
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
        assertThat(asksForCommit()).isTrue();
    }

    @Test
    void letsStreamsCommitByItselfAsSeldomAsIsAllowedFarBehind() {
        assertThat(CommitPace.longest(INTERVAL)).isEqualTo(Duration.ofMillis(500));
        assertThat(CommitPace.longest(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    }
}
