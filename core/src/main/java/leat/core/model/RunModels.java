package leat.core.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The logged models that a run has used and made, by their ids.
///
/// @param made with the step of each
public record RunModels(SortedSet<String> used, SortedMap<String, Long> made) {

    public static final RunModels NONE = new RunModels(new TreeSet<>(), new TreeMap<>());

    public RunModels {
        used = Collections.unmodifiableSortedSet(new TreeSet<>(used));
        made = Collections.unmodifiableSortedMap(new TreeMap<>(made));
    }

    RunModels withUsed(String id) {
        SortedSet<String> more = new TreeSet<>(used);
        more.add(id);
        return new RunModels(more, made);
    }

    RunModels withMade(String id, long step) {
        SortedMap<String, Long> more = new TreeMap<>(made);
        more.put(id, step);
        return new RunModels(used, more);
    }

    int count() {
        return used.size() + made.size();
    }
}
