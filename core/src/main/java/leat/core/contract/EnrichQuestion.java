package leat.core.contract;

import java.time.Duration;
import java.util.List;

/// What a step asks, and whom.
///
/// @param key a CEL expression over the event that yields the text which is asked for
/// @param sent top-level fields of the event that go along; a look-up takes none
/// @param timeout how long an event waits for the answer at most, repeated calls included
public record EnrichQuestion(Source source, String key, List<String> sent, Duration timeout) {

    public EnrichQuestion {
        sent = List.copyOf(sent);
    }

    /// Who is asked.
    public sealed interface Source {

        /// The newest event of each key of a reference contract, or the newest vector of each
        /// entity of a feature view. No view has the name of a contract.
        record Reference(String name) implements Source {}

        /// A service that `leat.yaml` knows by this name.
        record Service(String name) implements Source {}
    }
}
