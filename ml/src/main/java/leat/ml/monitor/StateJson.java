package leat.ml.monitor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;
import leat.core.alert.Alert;
import leat.core.evaluation.EventEvaluation.Moment;
import leat.core.monitor.ModelRule;
import leat.core.monitor.MonitoringState;
import leat.core.monitor.MonitoringState.FirstWindow;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileUnreadable;
import leat.core.monitor.ServedVersion;
import leat.stream.log.LogConnection;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is remembered of a scoring, as it stands on the topic of states.
record StateJson(String scoring, MonitoringState state) {

    /// What a record may have, its key and headers aside.
    static final int MAX_BYTES = LogConnection.MAX_RECORD_BYTES - (64 << 10);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// As much of it as a record holds: all, but of very many alarms or features.
    StateJson fitting() {
        StateJson fitting = this;
        while (fitting.bytes().length > MAX_BYTES) {
            fitting = new StateJson(scoring, fitting.state().smaller().orElseThrow());
        }
        return fitting;
    }

    byte[] bytes() {
        ObjectNode node = JSON.createObjectNode();
        node.put("scoring", scoring);
        node.put("closedThrough", state.closedThroughMillis());
        state.newestVectorMillis().ifPresent(millis -> node.put("newestVector", millis));
        ObjectNode alerts = node.putObject("alerts");
        state.alerts()
                .forEach((rule, alert) -> {
                    ObjectNode one = alerts.putObject(rule.name());
                    one.put("status", alert.status().name());
                    one.put("failures", alert.failures());
                    one.put("successes", alert.successes());
                    one.put("firedAt", alert.firedAtMillis());
                });
        ArrayNode alarms = node.putArray("alarms");
        state.alarms()
                .forEach(alarm -> alarms.addArray().add(alarm.entity()).add(alarm.atMicros()));
        ObjectNode baselines = node.putObject("baselines");
        state.baselines()
                .forEach((version, first) -> {
                    ObjectNode one = baselines.putObject(version);
                    first.features().ifPresent(profile -> one.set("features", tree(profile)));
                    first.scores().ifPresent(profile -> one.set("scores", tree(profile)));
                });
        ArrayNode served = node.putArray("served");
        state.served()
                .forEach((version, cost) -> {
                    ObjectNode one = served.addObject();
                    one.put("version", version);
                    one.put("answering", cost.answering());
                    cost.rowSeconds().ifPresent(seconds -> one.put("rowSeconds", seconds));
                    cost.bytes().ifPresent(size -> one.put("bytes", size));
                });
        return JSON.writeValueAsBytes(node);
    }

    private static SequencedMap<String, ServedVersion> served(JsonNode node) {
        SequencedMap<String, ServedVersion> served = new LinkedHashMap<>();
        for (JsonNode one : node) {
            JsonNode seconds = one.path("rowSeconds");
            JsonNode size = one.path("bytes");
            served.put(
                    one.path("version").asString(""),
                    new ServedVersion(
                            one.path("answering").asBoolean(false),
                            seconds.isNumber()
                                    ? OptionalDouble.of(seconds.asDouble())
                                    : OptionalDouble.empty(),
                            size.isNumber()
                                    ? OptionalLong.of(size.asLong())
                                    : OptionalLong.empty()));
        }
        return served;
    }

    private static JsonNode tree(Profile profile) {
        return JSON.readTree(profile.json());
    }

    /// Reads what [#bytes] writes; empty when it is anything else.
    static Optional<StateJson> parse(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            Map<ModelRule, Alert> alerts = new EnumMap<>(ModelRule.class);
            node.path("alerts")
                    .properties()
                    .forEach(one ->
                            alerts.put(ModelRule.valueOf(one.getKey()), alert(one.getValue())));
            SequencedMap<String, FirstWindow> baselines = new LinkedHashMap<>();
            node.path("baselines")
                    .properties()
                    .forEach(one ->
                            baselines.put(
                                    one.getKey(),
                                    new FirstWindow(
                                            profile(one.getValue().path("features")),
                                            profile(one.getValue().path("scores")))));
            List<Moment> alarms = new ArrayList<>();
            node.path("alarms")
                    .forEach(alarm ->
                            alarms.add(
                                    new Moment(
                                            alarm.path(0).asString(""), alarm.path(1).asLong())));
            JsonNode newest = node.path("newestVector");
            return Optional.of(
                    new StateJson(
                            node.path("scoring").asString(""),
                            new MonitoringState(
                                    node.path("closedThrough").asLong(),
                                    newest.isNumber()
                                            ? OptionalLong.of(newest.asLong())
                                            : OptionalLong.empty(),
                                    alerts,
                                    baselines,
                                    served(node.path("served")),
                                    alarms)));
        } catch (JacksonException | IllegalArgumentException | ProfileUnreadable _) {
            return Optional.empty();
        }
    }

    private static Optional<Profile> profile(JsonNode node) {
        return node.isMissingNode()
                ? Optional.empty()
                : Optional.of(Profile.parse(JSON.writeValueAsBytes(node)));
    }

    private static Alert alert(JsonNode node) {
        return new Alert(
                Alert.Status.valueOf(node.path("status").asString("")),
                node.path("failures").asInt(),
                node.path("successes").asInt(),
                node.path("firedAt").asLong());
    }
}
