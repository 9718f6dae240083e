package leat.core.tracking.search;

import java.util.List;

/// A part of what a search found.
///
/// @param nextToken asks for what follows; empty where nothing does
public record Page<T>(List<T> found, String nextToken) {
    public Page {
        found = List.copyOf(found);
    }
}
