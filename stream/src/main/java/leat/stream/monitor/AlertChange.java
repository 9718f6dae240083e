package leat.stream.monitor;

import java.time.Instant;
import java.util.Optional;
import leat.core.alert.Alert;
import leat.core.event.Names;
import leat.core.quality.Verdict;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An alert that has changed, as it stands on the topic of alerts, whoever judged it.
///
/// @param about what the alert is about
/// @param atMillis when it changed, in append time
/// @param verdict that did it; null for a command
public record AlertChange(Subject about, Alert alert, long atMillis, @Nullable Verdict verdict) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// What an alert is about.
    ///
    /// @param contract name and major version, `ride.v1`
    /// @param rule unique within the contract
    /// @param field of the contract; empty when it is about no single one
    public record Subject(
            String contract,
            String rule,
            String name,
            String field,
            String demand,
            Optional<String> severity) {

        /// `ride.v1:volume`
        public String id() {
            return Keys.of(contract, rule);
        }
    }

    /// The record that says so.
    public ProducerRecord<byte[], byte[]> record(Names names) {
        return new ProducerRecord<>(
                new MonitorTopics(names).alerts(), 0, Keys.bytes(about.id()), bytes());
    }

    byte[] bytes() {
        ObjectNode node = JSON.createObjectNode();
        node.put("contract", about.contract());
        node.put("rule", about.rule());
        node.put("name", about.name());
        node.put("field", about.field());
        node.put("demand", about.demand());
        node.put("id", about.id());
        node.put("status", alert.status().word());
        about.severity().ifPresent(severity -> node.put("severity", severity));
        node.put("firedAt", Instant.ofEpochMilli(alert.firedAtMillis()).toString());
        node.put("changedAt", Instant.ofEpochMilli(atMillis).toString());
        node.put("change", about.id() + "@" + alert.firedAtMillis() + "/" + alert.status().word());
        if (verdict != null) {
            verdict.value().ifPresent(value -> node.put("value", value));
            if (!verdict.note().isEmpty()) {
                node.put("note", verdict.note());
            }
        }
        return JSON.writeValueAsBytes(node);
    }
}
