package leat.stream.monitor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import leat.core.alert.Alert;
import leat.core.event.TopicId;
import leat.core.quality.Judging.Snapshot;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A contract's snapshot as it stands on the topic of states.
///
/// @param inputs the topic that its positions are positions in
record SnapshotJson(String contract, TopicId inputs, Snapshot snapshot) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    byte[] bytes() {
        ObjectNode node = JSON.createObjectNode();
        node.put("contract", contract);
        node.put("inputs", inputs.value());
        node.put("next", snapshot.nextInput());
        node.put("first", snapshot.firstInput());
        ObjectNode frontiers = node.putObject("frontiers");
        snapshot.frontiers().forEach(frontiers::put);
        ObjectNode closed = node.putObject("closedThrough");
        snapshot.closedThroughMillis().forEach(closed::put);
        ObjectNode alerts = node.putObject("alerts");
        snapshot.alerts()
                .forEach((rule, alert) -> {
                    ObjectNode one = alerts.putObject(rule);
                    one.put("status", alert.status().name());
                    one.put("failures", alert.failures());
                    one.put("successes", alert.successes());
                    one.put("firedAt", alert.firedAtMillis());
                });
        return JSON.writeValueAsBytes(node);
    }

    /// Reads what [#bytes] writes; empty when it is anything else.
    static Optional<SnapshotJson> parse(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            Map<String, Alert> alerts = new HashMap<>();
            node.path("alerts")
                    .properties()
                    .forEach(entry -> alerts.put(entry.getKey(), alert(entry.getValue())));
            return Optional.of(
                    new SnapshotJson(
                            node.path("contract").asString(""),
                            new TopicId(node.path("inputs").asString("")),
                            new Snapshot(
                                    node.path("next").asLong(),
                                    node.path("first").asLong(),
                                    longs(node.path("frontiers")),
                                    longs(node.path("closedThrough")),
                                    alerts)));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Map<String, Long> longs(JsonNode node) {
        Map<String, Long> values = new HashMap<>();
        node.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asLong()));
        return values;
    }

    private static Alert alert(JsonNode node) {
        return new Alert(
                Alert.Status.valueOf(node.path("status").asString("")),
                node.path("failures").asInt(),
                node.path("successes").asInt(),
                node.path("firedAt").asLong());
    }
}
