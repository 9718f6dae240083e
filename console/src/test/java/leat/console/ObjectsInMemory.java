package leat.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.tracking.TrackingRefused;
import leat.ml.objectstore.ObjectStore;
import leat.ml.objectstore.ObjectStoreUnavailable;

/// An object store of one bucket, `models`, with one file a folder. It can be away.
final class ObjectsInMemory implements ObjectStore {

    private final Map<String, StoredFile> files = new ConcurrentHashMap<>();
    volatile boolean away;

    void put(String uri, StoredFile file) {
        files.put(uri, file);
    }

    @Override
    public boolean has(String uri) {
        return uri.startsWith("s3://models/");
    }

    @Override
    public StoredFiles below(String uri) {
        if (away) {
            throw new ObjectStoreUnavailable(uri, new IOException("away"));
        }
        return Optional.ofNullable(files.get(uri))
                .map(file -> new StoredFiles(uri, List.of(file)))
                .orElseThrow(() -> TrackingRefused.absent("Nothing is below '" + uri + "'"));
    }

    @Override
    public Optional<InputStream> open(String uri, StoredFile file) {
        throw new AssertionError("the console opens " + uri);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
