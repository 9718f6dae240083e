package leat.ml.featurestore;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds when and where a version that is being filled takes over, from looks at how far it and the
/// one that serves have come: as soon as it is where the other one was a look before. There it
/// takes over: the other one has written all vectors before these positions, itself has too, and so
/// neither has to do anything for the other after it was decided. For one thread.
final class TakeOver {

    private final Gaps gaps;
    private @Nullable Map<Integer, Long> goal;
    private Map<Integer, Long> lastFilled = Map.of();

    /// Looks into the source.
    @FunctionalInterface
    interface Gaps {

        /// Whether the source is known to have no record that can be read from an offset on and
        /// before another: only what transactions leave.
        boolean isEmpty(int partition, long from, long to);
    }

    TakeOver(Gaps gaps) {
        this.gaps = gaps;
    }

    /// What the next look compares with, without a look: nothing is asked of the source.
    void note(Map<Integer, Long> serving, Map<Integer, Long> filled) {
        goal = Map.copyOf(serving);
        lastFilled = Map.copyOf(filled);
    }

    /// One more look.
    ///
    /// @param serving how far the serving version has come, by partition; none is left out
    /// @param filled how far the other one has come
    /// @return the positions from which on it may serve; empty while it may not
    Optional<Map<Integer, Long>> look(Map<Integer, Long> serving, Map<Integer, Long> filled) {
        Map<Integer, Long> before = goal;
        goal = Map.copyOf(serving);
        boolean isThere = reaches(before == null ? Map.of() : before, filled);
        return before != null && isThere ? Optional.of(before) : Optional.empty();
    }

    /// One more look by one who knows the goal: whether it is reached.
    boolean reaches(Map<Integer, Long> to, Map<Integer, Long> filled) {
        boolean stands = filled.equals(lastFilled);
        lastFilled = Map.copyOf(filled);
        return to.entrySet().stream()
                .allMatch(end -> isThere(end.getKey(), end.getValue(), filled, stands));
    }

    /// Of what is at the end of a partition one version may have committed more than the other
    /// without there being a record.
    private boolean isThere(int partition, long to, Map<Integer, Long> filled, boolean stands) {
        long at = filled.getOrDefault(partition, 0L);
        return at >= to || (stands && gaps.isEmpty(partition, at, to));
    }
}
