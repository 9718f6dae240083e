package leat.ml.featurestore;

import java.util.List;
import java.util.OptionalInt;

/// How far a workspace's version of a view is on its way to serve.
///
/// @param view its name
/// @param version the workspace's
/// @param terms which versions served since when; none where no version was registered
/// @param processed how many records of its source are behind it; of a view of another key, so many
///   are in its own topic
/// @param total how many records its source has
public record BackfillStatus(
        String view, int version, List<ServingTerm> terms, long processed, long total) {

    public BackfillStatus {
        terms = List.copyOf(terms);
    }

    /// What it does.
    public enum State {
        /// Nothing of the view is registered: no process has run with it.
        WAITING,
        /// It is the first version of the view, and serves.
        SERVING,
        /// Another version serves while it is computed from its source's first event on.
        FILLING,
        /// It has been filled and serves.
        TAKEN_OVER,
        /// A later version has taken over from it.
        FORMER
    }

    public State state() {
        if (terms.isEmpty()) {
            return State.WAITING;
        }
        int serving = terms.getLast().version();
        if (serving != version) {
            return serving > version ? State.FORMER : State.FILLING;
        }
        return terms.size() == 1 ? State.SERVING : State.TAKEN_OVER;
    }

    /// Whether it is still to take over.
    public boolean isUnderWay() {
        return switch (state()) {
            case WAITING, FILLING -> true;
            case SERVING, TAKEN_OVER, FORMER -> false;
        };
    }

    /// The version that serves; empty where there is none.
    public OptionalInt serving() {
        return terms.isEmpty() ? OptionalInt.empty() : OptionalInt.of(terms.getLast().version());
    }
}
