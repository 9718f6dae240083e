package leat.launcher;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// When a process has to end because of what its stages have come to.
///
/// A stopped loader stops nothing else: the others go on, and readiness tells of it. But without
/// its enricher a platform lets nothing through, and a process whose stages have all stopped looks
/// alive and does nothing: both end, so that whoever started them sees it and starts them again.
final class Supervision {

    private Supervision() {}

    /// Why the process has to end; empty while it has something to do.
    ///
    /// @param states the stages by name, e.g. `lake.orders.v1-enriched`
    /// @param serves whether it does something else as well, e.g. take events in
    static Optional<String> reasonToEnd(Map<String, StageState> states, boolean serves) {
        Map<String, String> stopped = new TreeMap<>();
        states.forEach((stage, state) -> {
            if (state instanceof StageState.Stopped(String why)) {
                stopped.put(stage, stage + " has stopped: " + why);
            }
        });
        Optional<String> enricher = Optional.ofNullable(stopped.get(Role.ENRICHER.word()));
        if (enricher.isPresent()) {
            return enricher;
        }
        boolean idle = !serves && !states.isEmpty() && stopped.size() == states.size();
        return idle ? Optional.of(String.join("; ", stopped.values())) : Optional.empty();
    }
}
