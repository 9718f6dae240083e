package leat.core.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A training set that is a table of the lake.
///
/// @param table as other engines call it, `leat_training.breakdown_2026_11`
/// @param asOf what its rows know, `event` or `served`
/// @param set whose features it has; empty where they were taken of views
/// @param views that its rows are from, `NAME.vN`, or `NAME.v1+v2` where several versions gave them
/// @param features of the views in the order of its columns, `driving:speed_mean_5m`; none where
///   the table does not say
public record TrainingSet(
        String table,
        Instant made,
        long rows,
        Optional<String> asOf,
        Optional<String> set,
        List<String> views,
        List<String> features) {

    public TrainingSet {
        views = List.copyOf(views);
        features = List.copyOf(features);
    }

    /// Whether rows are from a view, of whichever version.
    ///
    /// @param name without a version
    boolean isOfView(String name) {
        return views.stream()
                .anyMatch(view -> view.startsWith(name) && view.lastIndexOf('.') == name.length());
    }

    /// Whether it has the features of a set.
    boolean isOfSet(String name) {
        return set.filter(name::equals).isPresent();
    }
}
