package leat.core.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A registered model.
///
/// @param latest the version of the highest number; empty while it has none
public record RegisteredModel(
        ModelInfo info,
        SortedMap<String, String> tags,
        SortedMap<String, Alias> aliases,
        List<ModelVersion> latest) {

    public RegisteredModel {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        aliases = Collections.unmodifiableSortedMap(new TreeMap<>(aliases));
        latest = List.copyOf(latest);
    }
}
