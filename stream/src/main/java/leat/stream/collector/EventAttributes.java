package leat.stream.collector;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The attributes of a CloudEvent, by whatever protocol they came.
///
/// @param type `null` when the client gave none
/// @param time RFC 3339 text; `null` when the client gave none
/// @param others `subject`, `dataschema` and the extensions, by name
public record EventAttributes(
        String id,
        String source,
        @Nullable String type,
        @Nullable String time,
        Map<String, String> others) {

    public EventAttributes {
        others = Map.copyOf(others);
    }
}
