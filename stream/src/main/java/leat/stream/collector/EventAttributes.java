package leat.stream.collector;

import java.util.Map;
import leat.core.encoding.Metadata;
import leat.core.event.EventHeaders;
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
        Map<String, String> others)
        implements Metadata {

    public EventAttributes {
        others = Map.copyOf(others);
    }

    /// What a record of the event has under `ce_time`, `ce_subject` and the like; an identity is
    /// not among it, since other events get theirs later.
    @Override
    public @Nullable String header(String name) {
        return name.equals(EventHeaders.TIME)
                ? time
                : name.startsWith(EventHeaders.ATTRIBUTE_PREFIX)
                        ? others.get(name.substring(EventHeaders.ATTRIBUTE_PREFIX.length()))
                        : null;
    }
}
