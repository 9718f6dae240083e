package leat.stream.collector;

import java.util.List;
import leat.core.outcome.Reason;
import org.jspecify.annotations.Nullable;

/// The top-level check of one contract: is this one JSON object whose id and key can be read?
@FunctionalInterface
public interface EventCheck {

    /// Checks one event.
    ///
    /// @param event its bytes and nothing else; they are not changed
    Checked check(byte[] event);

    /// What the check says.
    sealed interface Checked {}

    /// The event may be stored.
    ///
    /// @param id the texts of the contract's id fields, joined; `null` where the contract has none,
    ///   or the event lacks one
    /// @param key the text of the key field; `null` where the contract has none, or the event lacks
    ///   it
    record Storable(@Nullable String id, @Nullable String key) implements Checked {}

    /// The event goes to the dead letters.
    record Broken(List<Reason> reasons) implements Checked {
        public Broken {
            reasons = List.copyOf(reasons);
        }
    }
}
