package leat.ml.featurestore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds when and where a version takes over: where [TakeOver] says, and where versions bring their
/// events to topics of their own, as soon as these have made vectors of all that stood there then.
/// For one thread.
final class Handover {

    /// So many looks later it is agreed anew, so that none takes over that is far behind.
    private static final int MAX_LOOKS = 30;

    private final TakeOver takeOver;
    private @Nullable Agreed agreed;
    private int looks;

    private record Agreed(Map<Integer, Long> from, Map<Settling, Map<Integer, Long>> ends) {}

    Handover(TakeOver.Gaps gaps) {
        this.takeOver = new TakeOver(gaps);
    }

    /// One more look; `serving` and `filled` as in [TakeOver#look].
    ///
    /// @param waitedFor the versions that have to be settled
    Optional<Map<Integer, Long>> look(
            Map<Integer, Long> serving,
            Map<Integer, Long> filled,
            List<Settling> waitedFor,
            ViewPositions positions) {
        Agreed on = agreed;
        if (on == null || looks >= MAX_LOOKS) {
            on =
                    takeOver.look(serving, filled)
                            .map(from -> agreed(from, waitedFor, positions))
                            .orElse(null);
            agreed = on;
            looks = 0;
        } else {
            takeOver.note(serving, filled);
        }
        looks++;
        if (on == null) {
            return Optional.empty();
        }
        Map<Settling, Map<Integer, Long>> ends = on.ends();
        boolean settled = true;
        for (Settling version : waitedFor) {
            settled &= version.reaches(ends.getOrDefault(version, Map.of()), positions);
        }
        return settled ? Optional.of(on.from()) : Optional.empty();
    }

    private static Agreed agreed(
            Map<Integer, Long> from, List<Settling> waitedFor, ViewPositions positions) {
        Map<Settling, Map<Integer, Long>> ends = new HashMap<>();
        waitedFor.forEach(version -> ends.put(version, version.ends(positions)));
        return new Agreed(from, ends);
    }
}
