package leat.core.yaml;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong, so that everything can be reported together. Not for several threads.
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    public void add(Location location, String field, String message, String remedy) {
        found.add(new Problem(location, field, message, remedy));
    }

    public void addAll(List<Problem> more) {
        found.addAll(more);
    }

    /// How many there are; what was read since an earlier count is sound when it has not grown.
    public int count() {
        return found.size();
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem> list() {
        return List.copyOf(found);
    }
}
