package leat.stream.search;

import java.util.List;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;

/// What a loader takes to the search engine.
public enum SearchFeed {
    /// A contract's enriched events, what comes back to search, and the dead letters of all stages.
    EVENTS("enriched"),
    /// A scoring's predictions, and those that search refused.
    PREDICTIONS("predictions");

    private final String kind;

    SearchFeed(String kind) {
        this.kind = kind;
    }

    /// The kind of its index in names.
    String kind() {
        return kind;
    }

    /// Whose dead letters are loaded too.
    List<DeadStage> deadStages() {
        return switch (this) {
            case EVENTS -> List.of(DeadStage.values());
            case PREDICTIONS -> List.of(DeadStage.SEARCH);
        };
    }

    /// The topic that is loaded.
    String topic(Names names, Contract contract) {
        return switch (this) {
            case EVENTS -> names.enriched(contract);
            case PREDICTIONS -> names.predictions(contract);
        };
    }

    /// Whether dead letters come back to search alone.
    boolean comesBack() {
        return this == EVENTS;
    }
}
