package leat.stream.monitor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.event.Hash128;
import leat.core.quality.Input;
import leat.core.quality.Tally;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An input of the judging as it stands on the topic of inputs.
///
/// @param contract name and major version
record InputJson(String contract, Input input) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int HASH_BYTES = 16;

    byte[] bytes() {
        ObjectNode node = JSON.createObjectNode();
        node.put("contract", contract);
        switch (input) {
            case Input.Counted counted -> {
                node.put("kind", "counted");
                node.put("source", counted.source());
                node.put("through", counted.throughMillis());
                ArrayNode parts = node.putArray("parts");
                counted.parts().forEach(part -> write(part, parts.addObject()));
            }
            case Input.Passed passed -> {
                node.put("kind", "passed");
                node.put("through", passed.throughMillis());
                ArrayNode sources = node.putArray("sources");
                passed.sources().forEach(sources::add);
            }
            case Input.Acknowledge(String rule) -> {
                node.put("kind", "acknowledge");
                node.put("rule", rule);
            }
        }
        return JSON.writeValueAsBytes(node);
    }

    private static void write(Input.Part part, ObjectNode node) {
        Tally tally = part.tally();
        node.put("rule", part.rule());
        node.put("start", part.startMillis());
        node.put("rows", tally.rows());
        node.put("hits", tally.hits());
        node.put("newest", tally.newestMicros());
        if (tally.overflown()) {
            node.put("overflown", true);
        }
        if (!tally.identities().isEmpty()) {
            ByteBuffer all = ByteBuffer.allocate(HASH_BYTES * tally.identities().size());
            tally.identities().forEach(identity -> all.put(identity.bytes()));
            node.put("identities", Base64.getEncoder().encodeToString(all.array()));
        }
    }

    /// Reads what [#bytes] writes; empty when it is anything else.
    static Optional<InputJson> parse(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            String contract = node.path("contract").asString("");
            return input(node).map(input -> new InputJson(contract, input));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<Input> input(JsonNode node) {
        return switch (node.path("kind").asString("")) {
            case "counted" -> {
                List<Input.Part> parts = new ArrayList<>();
                node.path("parts").forEach(part -> parts.add(part(part)));
                yield Optional.of(
                        new Input.Counted(
                                node.path("source").asString(""),
                                node.path("through").asLong(),
                                parts));
            }
            case "passed" -> {
                List<String> sources = new ArrayList<>();
                node.path("sources").forEach(source -> sources.add(source.asString("")));
                yield Optional.of(new Input.Passed(sources, node.path("through").asLong()));
            }
            case "acknowledge" ->
                    Optional.of(new Input.Acknowledge(node.path("rule").asString("")));
            default -> Optional.empty();
        };
    }

    private static Input.Part part(JsonNode node) {
        Set<Hash128> identities = new HashSet<>();
        ByteBuffer all =
                ByteBuffer.wrap(Base64.getDecoder().decode(node.path("identities").asString("")));
        while (all.remaining() >= HASH_BYTES) {
            identities.add(new Hash128(all.getLong(), all.getLong()));
        }
        return new Input.Part(
                node.path("rule").asString(""),
                node.path("start").asLong(),
                new Tally(
                        node.path("rows").asLong(),
                        node.path("hits").asLong(),
                        node.path("newest").asLong(),
                        identities,
                        node.path("overflown").asBoolean(false)));
    }
}
