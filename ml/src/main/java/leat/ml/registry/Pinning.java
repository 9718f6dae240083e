package leat.ml.registry;

import java.util.Optional;
import leat.core.artifact.StoredFiles;
import leat.core.tracking.TrackingRefused;
import leat.ml.objectstore.ObjectStore;
import leat.ml.objectstore.ObjectStoreUnavailable;

/// Looks up which objects a version is, when it is registered: under their names there may be other
/// bytes one day, which are not the version any more.
///
/// @param objects the store that is known, if any
public record Pinning(Sources sources, ObjectStore objects) {

    /// What a new version of a source is to keep; empty where its files are in the log, or in no
    /// store that is known. One that is made of another version is what that one is.
    ///
    /// @throws TrackingRefused when there are no files, or too many
    /// @throws ObjectStoreUnavailable when the store does not say
    public Optional<StoredFiles> of(String source) {
        return there(source)
                .flatMap(uri ->
                        sources.stored(source)
                                .or(() ->
                                        Optional.of(uri).filter(objects::has).map(objects::below)));
    }

    /// Where a source leads; a version may be registered before its run is.
    private Optional<String> there(String source) {
        try {
            return Optional.of(sources.uri(source));
        } catch (TrackingRefused _) {
            return Optional.empty();
        }
    }
}
