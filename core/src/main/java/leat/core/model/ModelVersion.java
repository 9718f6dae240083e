package leat.core.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A version of a registered model.
///
/// @param aliases that point to it at the moment
public record ModelVersion(
        String modelName,
        VersionInfo info,
        SortedMap<String, String> tags,
        SortedSet<String> aliases) {

    public ModelVersion {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
    }

    /// `NAME/3`
    public String reference() {
        return modelName + "/" + info.number();
    }
}
