package leat.ml.monitor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import leat.core.event.Names;
import leat.stream.log.TopicSpec;
import org.apache.kafka.common.config.TopicConfig;

/// The topics of the watching of models, shared by all scorings, of one partition each. Alerts are
/// on the platform's topic of alerts.
public record ModelMonitorTopics(Names names) {

    private static final Duration INPUTS_KEPT = Duration.ofDays(3);
    private static final Duration RESULTS_KEPT = Duration.ofDays(30);

    /// What the watching is told: which windows are over, commands.
    public String inputs() {
        return names.monitoringInputs();
    }

    /// What it remembers of each scoring, compacted.
    public String state() {
        return names.shared("monitoring-state");
    }

    /// A verdict for each rule, version and window.
    public String results() {
        return names.shared("monitoring");
    }

    /// The topics as they should be.
    public List<TopicSpec> specs() {
        return List.of(
                deleting(inputs(), INPUTS_KEPT),
                TopicSpec.compacted(state(), 1),
                deleting(results(), RESULTS_KEPT));
    }

    private static TopicSpec deleting(String name, Duration kept) {
        return new TopicSpec(
                name,
                1,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(kept.toMillis())));
    }
}
