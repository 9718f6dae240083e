package leat.stream.inspect;

import java.util.Map;
import java.util.Optional;
import leat.core.contract.FieldPath;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which events are wanted: those with this key, if one is given, and with all these fields equal
/// to these texts. Numbers and booleans are compared as JSON writes them.
public record EventFilter(Optional<String> key, Map<FieldPath, String> fields) {

    public static final EventFilter ALL = new EventFilter(Optional.empty(), Map.of());

    private static final JsonMapper JSON = JsonMapper.shared();

    public EventFilter {
        fields = Map.copyOf(fields);
    }

    boolean accepts(LogEvent event) {
        return (key.isEmpty() || key.equals(event.key()))
                && (fields.isEmpty() || fieldsMatch(event.value().json()));
    }

    private boolean fieldsMatch(byte[] value) {
        JsonNode root;
        try {
            root = JSON.readTree(value);
        } catch (JacksonException e) {
            // A dead letter need not be JSON; then no field of it is equal to anything.
            return false;
        }
        return fields.entrySet().stream()
                .allMatch(field -> {
                    JsonNode node = root;
                    for (String segment : field.getKey().segments()) {
                        node = node.path(segment);
                    }
                    return node.isValueNode() && node.asString().equals(field.getValue());
                });
    }
}
