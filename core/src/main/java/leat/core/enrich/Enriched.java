package leat.core.enrich;

import java.util.List;
import leat.core.outcome.Outcome;

/// What the steps made of an event.
///
/// @param skipped the fields that were left out because a step failed
/// @param seen what the answers that were used rest on, e.g. `car-registry.v1/2@17`
public record Enriched(Outcome outcome, List<String> skipped, List<String> seen) {

    public Enriched {
        skipped = List.copyOf(skipped);
        seen = List.copyOf(seen);
    }
}
