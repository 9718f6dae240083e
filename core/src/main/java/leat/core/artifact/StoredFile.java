package leat.core.artifact;

import leat.core.tracking.TrackingRefused;

/// A file in an object store, as it was when the store was asked.
///
/// @param path below the folder that was asked for
/// @param etag of its bytes, without quotes
public record StoredFile(String path, long sizeBytes, String etag) {

    /// Checks the path, which becomes one of this machine.
    ///
    /// @throws TrackingRefused when it is none that an artifact may have, or the store has not said
    ///   which bytes it means
    public StoredFile {
        ArtifactPath _ = new ArtifactPath(path);
        if (etag.isBlank()) {
            throw TrackingRefused.invalid(
                    "The store gives no ETag of '" + path + "': upload it again, to the store");
        }
    }
}
