package leat.core.catalog;

import java.util.List;

/// What was found in a catalogue, as people and programs are answered. The components are the
/// members of its JSON.
///
/// @param registered whether it has what the registry knows of models
/// @param lake whether it has the training sets that are tables of the lake
/// @param online whether it has who asks for features
public record CatalogAnswer(
        boolean registered, boolean lake, boolean online, List<CatalogEntry> entries) {

    public CatalogAnswer {
        entries = List.copyOf(entries);
    }

    /// Of what was known, and what was found in it.
    public static CatalogAnswer of(Knowledge knowledge, List<CatalogEntry> entries) {
        return new CatalogAnswer(
                knowledge.models().isPresent(),
                knowledge.trainingSets().isPresent(),
                knowledge.online().isPresent(),
                entries);
    }
}
