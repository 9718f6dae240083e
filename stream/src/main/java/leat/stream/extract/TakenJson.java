package leat.stream.extract;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import leat.core.extraction.Taken;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A position as the value of its record, JSON of format 1.
final class TakenJson {

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private TakenJson() {}

    static byte[] write(Taken taken) {
        ObjectNode node = JSON.createObjectNode();
        node.put("format", FORMAT);
        node.put("source", taken.source());
        ObjectNode position = node.putObject("position");
        taken.position().forEach(position::put);
        node.put("rows", taken.rows());
        node.put("at", taken.at().toString());
        return JSON.writeValueAsBytes(node);
    }

    /// @throws IllegalStateException when a newer program wrote it, or nobody of ours
    static Taken read(String place, byte[] value) {
        try {
            JsonNode node = JSON.readTree(value);
            int format = node.path("format").asInt(0);
            if (format != FORMAT) {
                throw new IllegalStateException(
                        place + " has the format " + format + ", this program knows " + FORMAT);
            }
            Map<String, String> position = new TreeMap<>();
            node.path("position")
                    .properties()
                    .forEach(entry -> position.put(entry.getKey(), entry.getValue().asString()));
            return new Taken(
                    node.path("source").asString(),
                    position,
                    node.path("rows").asLong(),
                    Instant.parse(node.path("at").asString()));
        } catch (JacksonException | DateTimeException e) {
            throw new IllegalStateException(
                    place + " is not a position that this program can read: " + e.getMessage(), e);
        }
    }
}
