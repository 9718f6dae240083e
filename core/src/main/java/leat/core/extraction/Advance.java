package leat.core.extraction;

import java.time.Instant;
import java.util.Map;

/// The command to move a source's position, given by the reader that has delivered what lies
/// between.
///
/// @param from where the reader began
/// @param to where it is
/// @param rows how many lie between
public record Advance(String source, Map<String, String> from, Map<String, String> to, long rows) {

    public Advance {
        from = Map.copyOf(from);
        to = Map.copyOf(to);
    }

    /// What is to be written.
    public sealed interface Decision {

        /// This event.
        record Take(Taken event) implements Decision {}

        /// Nothing: the position is there already, maybe since an attempt whose end nobody saw.
        record Nothing() implements Decision {}

        /// Nothing, and the reader has to stop: another one moves the same source.
        record Refuse(String why) implements Decision {}
    }

    /// Decides on the state as it is.
    public Decision decide(Extractions state, Instant now) {
        Map<String, String> current = state.position(source);
        if (current.equals(to)) {
            return new Decision.Nothing();
        }
        if (!current.equals(from)) {
            return new Decision.Refuse(
                    "another reader has moved " + source + " to " + current + " meanwhile");
        }
        long before = state.of(source).map(Taken::rows).orElse(0L);
        return new Decision.Take(new Taken(source, to, before + rows, now));
    }
}
