package leat.stream.monitor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/// The topics of the monitor, shared by all contracts, of one partition each.
public record MonitorTopics(Names names) {

    private static final Duration INPUTS_KEPT = Duration.ofDays(3);
    private static final Duration RESULTS_KEPT = Duration.ofDays(30);
    private static final Duration ALERTS_UNCOMPACTED = Duration.ofDays(7);

    /// What the judging is told: tallies, how far the sources have come, commands.
    public String inputs() {
        return names.shared("quality-inputs");
    }

    /// A snapshot of each contract's judging, compacted.
    public String state() {
        return names.shared("quality-state");
    }

    /// A verdict for each rule and window.
    public String results() {
        return names.shared("quality");
    }

    /// Each alert as it stands, compacted.
    public String alerts() {
        return names.alerts();
    }

    TopicPartition inputsPartition() {
        return new TopicPartition(inputs(), 0);
    }

    /// The topics as the monitor wants them.
    public List<TopicSpec> specs() {
        return List.of(
                deleting(inputs(), INPUTS_KEPT),
                compacted(state(), Duration.ZERO),
                deleting(results(), RESULTS_KEPT),
                compacted(alerts(), ALERTS_UNCOMPACTED));
    }

    private static TopicSpec deleting(String name, Duration kept) {
        Map<String, String> config = common();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(kept.toMillis()));
        return new TopicSpec(name, 1, config);
    }

    private static TopicSpec compacted(String name, Duration uncompacted) {
        Map<String, String> config = common();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        config.put(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(uncompacted.toMillis()));
        return new TopicSpec(name, 1, config);
    }

    private static Map<String, String> common() {
        Map<String, String> config = new TreeMap<>();
        config.put(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(LogConnection.MAX_RECORD_BYTES));
        return config;
    }
}
