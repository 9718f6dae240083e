package leat.core.artifact;

import java.util.OptionalLong;

/// What a folder has.
///
/// @param sizeBytes empty for a folder
public record ArtifactEntry(String name, OptionalLong sizeBytes) {

    public boolean isFolder() {
        return sizeBytes.isEmpty();
    }
}
