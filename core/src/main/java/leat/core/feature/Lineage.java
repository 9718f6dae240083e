package leat.core.feature;

import java.util.List;
import leat.core.contract.FieldPath;

/// Which fields of its source's events a view is made of.
///
/// @param where those that decide which events the view sees
/// @param features of each feature, in the view's order, those that its own expression and
///   condition read, each once
public record Lineage(List<FieldPath> where, List<List<FieldPath>> features) {
    public Lineage {
        where = List.copyOf(where);
        features = features.stream().map(List::copyOf).toList();
    }
}
