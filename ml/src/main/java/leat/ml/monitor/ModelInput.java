package leat.ml.monitor;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the watching is told, in one order.
sealed interface ModelInput {

    JsonMapper JSON = JsonMapper.builder().build();

    /// `failure-risk.v1`
    String scoring();

    /// All that was appended before a time can be read.
    record Passed(String scoring, long throughMillis) implements ModelInput {
        byte[] bytes() {
            ObjectNode node = JSON.createObjectNode();
            node.put("contract", scoring);
            node.put("kind", "passed");
            node.put("through", throughMillis);
            return JSON.writeValueAsBytes(node);
        }
    }

    /// Somebody has taken a rule's alert up.
    record Acknowledge(String scoring, String rule) implements ModelInput {}

    /// Reads an input; empty when it is anything else.
    static Optional<ModelInput> parse(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            String scoring = node.path("contract").asString("");
            return switch (node.path("kind").asString("")) {
                case "passed" -> Optional.of(new Passed(scoring, node.path("through").asLong()));
                case "acknowledge" ->
                        Optional.of(new Acknowledge(scoring, node.path("rule").asString("")));
                default -> Optional.empty();
            };
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }
}
