package leat.core.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// A logged model with what was logged to it.
public record LoggedModel(
        LoggedModelInfo info, SortedMap<String, String> params, SortedMap<String, String> tags) {

    public LoggedModel {
        params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }
}
