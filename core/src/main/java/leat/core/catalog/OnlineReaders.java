package leat.core.catalog;

import java.util.List;
import java.util.Map;

/// Who asks a process for features, those with the most questions first.
///
/// @param views by the names of views, of whichever version
/// @param sets by the names of sets
public record OnlineReaders(
        Map<String, List<OnlineReader>> views, Map<String, List<OnlineReader>> sets) {

    /// Nobody.
    public static final OnlineReaders NONE = new OnlineReaders(Map.of(), Map.of());

    public OnlineReaders {
        views = Map.copyOf(views);
        sets = Map.copyOf(sets);
    }
}
