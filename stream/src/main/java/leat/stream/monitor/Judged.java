package leat.stream.monitor;

import java.util.List;
import java.util.stream.Stream;
import leat.core.contract.Contract;

/// What the monitor may have to judge; what has no rules it passes over.
///
/// @param events contracts whose enriched events and dead letters are judged
/// @param vectors the contracts of feature views' vectors, which no enricher has seen
public record Judged(List<Contract> events, List<Contract> vectors) {

    public Judged {
        events = List.copyOf(events);
        vectors = List.copyOf(vectors);
    }

    /// All contracts, of events and of vectors.
    public List<Contract> all() {
        return Stream.concat(events.stream(), vectors.stream()).toList();
    }

    /// Whether there is a rule at all.
    public boolean hasRules() {
        return all().stream().anyMatch(Judged::hasRules);
    }

    static boolean hasRules(Contract contract) {
        return !contract.quality().rules().isEmpty();
    }
}
