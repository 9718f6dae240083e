package leat.core.catalog;

import java.util.List;

/// What was found in a catalogue, as people and programs are answered. The components are the
/// members of its JSON.
///
/// @param registered whether it has what the registry knows of models
public record CatalogAnswer(boolean registered, List<CatalogEntry> entries) {

    public CatalogAnswer {
        entries = List.copyOf(entries);
    }
}
