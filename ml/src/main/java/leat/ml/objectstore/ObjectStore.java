package leat.ml.objectstore;

import java.io.InputStream;
import java.util.Optional;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.tracking.TrackingRefused;

/// Files that are kept as objects, read. For many threads.
public interface ObjectStore extends AutoCloseable {

    /// What the addresses of its files begin with.
    String SCHEME = "s3://";

    /// Has nothing, where none is named.
    ObjectStore NONE =
            new ObjectStore() {
                @Override
                public boolean has(String uri) {
                    return false;
                }

                @Override
                public StoredFiles below(String uri) {
                    throw refused(uri);
                }

                @Override
                public Optional<InputStream> open(String uri, StoredFile file) {
                    throw refused(uri);
                }

                private TrackingRefused refused(String uri) {
                    return TrackingRefused.invalid(
                            "'"
                                    + uri
                                    + "' is in an object store, and leat.yaml names none: add"
                                    + " models.object-store");
                }

                @Override
                public void close() {
                    // Nothing was opened.
                }
            };

    /// Whether files of such an address are looked for here.
    boolean has(String uri);

    /// The files below a folder, however deep, by their paths.
    ///
    /// @param uri `s3://BUCKET/PATH`
    /// @throws TrackingRefused when there are none, too many, or some that have no path here
    /// @throws ObjectStoreUnavailable when the store does not say
    StoredFiles below(String uri);

    /// Reads the bytes of a file while they come from the store; all of them, or the stream fails.
    /// Whoever opened it closes it.
    ///
    /// @param uri of its folder
    /// @return empty where it is not there any more, or its name has other bytes now
    /// @throws ObjectStoreUnavailable when the store does not say
    Optional<InputStream> open(String uri, StoredFile file);

    @Override
    void close();
}
