package leat.ml.monitor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The versions that the last windows of scorings are of. For many threads.
final class LastVersions {

    private final Map<String, Set<String>> byScoring = new HashMap<>();

    /// Takes a scoring's next window in.
    ///
    /// @return versions of its window before that the last window of no scoring is of any more
    synchronized Set<String> next(String scoring, Set<String> versions) {
        Set<String> left = new HashSet<>(byScoring.getOrDefault(scoring, Set.of()));
        byScoring.put(scoring, Set.copyOf(versions));
        byScoring.values().forEach(left::removeAll);
        return left;
    }
}
