package leat.ml.featurestore;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import leat.core.event.TopicId;

/// Which version of a view served when, the newest term last; there is at least one.
public record ServingHistory(List<ServingTerm> terms) {

    /// So many terms are remembered, the newest.
    static final int MAX_TERMS = 100;

    public ServingHistory {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("a view that was registered has a version");
        }
    }

    /// The term that goes on.
    public ServingTerm current() {
        return terms.getLast();
    }

    /// The version whose vector of an event is the served one; empty where no term covers the
    /// event, as where its topic was never a source.
    public OptionalInt versionAt(TopicId topic, int partition, long offset) {
        for (ServingTerm term : terms.reversed()) {
            if (term.reaches(topic, partition, offset)) {
                return OptionalInt.of(term.version());
            }
        }
        return OptionalInt.empty();
    }

    /// The same with one more term.
    ServingHistory then(ServingTerm term) {
        List<ServingTerm> more = new ArrayList<>(terms);
        more.add(term);
        return new ServingHistory(more.subList(Math.max(0, more.size() - MAX_TERMS), more.size()));
    }
}
