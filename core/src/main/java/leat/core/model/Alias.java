package leat.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A name for one version of a model that can be moved to another one.
///
/// @param moves how it came to where it is, the newest first: at least one, and no more than
///   [ModelLimits#MOVES]
/// @param position the offset of the record that decided it
public record Alias(String name, List<AliasMove> moves, long position) {

    public Alias {
        moves = List.copyOf(moves);
        if (moves.isEmpty()) {
            throw new IllegalArgumentException("the alias " + name + " points to nothing");
        }
    }

    /// The version that it points to.
    public int version() {
        return newest().version();
    }

    public AliasMove newest() {
        return moves.getFirst();
    }

    /// What a command did.
    public Optional<AliasMove> moved(String id) {
        return moves.stream().filter(move -> move.id().equals(id)).findFirst();
    }

    /// Where it was before a move of its own; empty where that is not known any more, or nowhere.
    public OptionalInt before(AliasMove move) {
        int index = moves.indexOf(move) + 1;
        return index == 0 || index == moves.size()
                ? OptionalInt.empty()
                : OptionalInt.of(moves.get(index).version());
    }

    /// Where going back leads: to the version that it was at when it was moved on to the one it is
    /// at. From there it leads to the one before that, and so on.
    public OptionalInt back() {
        List<Integer> way = new ArrayList<>();
        for (AliasMove move : moves.reversed()) {
            if (move.kind() == AliasMove.Kind.BACK && !way.isEmpty()) {
                way.removeLast();
            }
            // The way on to where it went back to may be forgotten.
            if (way.isEmpty() || way.getLast() != move.version()) {
                way.add(move.version());
            }
        }
        return way.size() < 2 ? OptionalInt.empty() : OptionalInt.of(way.get(way.size() - 2));
    }

    /// The moves with one more.
    List<AliasMove> movesWith(AliasMove move) {
        List<AliasMove> all = new ArrayList<>();
        all.add(move);
        all.addAll(moves.subList(0, Math.min(moves.size(), ModelLimits.MOVES - 1)));
        return all;
    }
}
