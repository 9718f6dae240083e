package leat.ml.objectstore;

import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import org.jspecify.annotations.Nullable;

/// An object store that is opened when somebody asks for a file first, so that its secrets need not
/// be in their places before.
public final class ObjectStoreWhenAsked implements ObjectStore {

    private final Supplier<ObjectStore> opening;
    private @Nullable ObjectStore opened;

    /// @param opening what opens it; where that fails, so does the question, and the next one opens
    ///   it anew
    public ObjectStoreWhenAsked(Supplier<ObjectStore> opening) {
        this.opening = opening;
    }

    private synchronized ObjectStore opened() {
        ObjectStore now = opened;
        if (now == null) {
            now = opening.get();
            opened = now;
        }
        return now;
    }

    @Override
    public boolean has(String uri) {
        return uri.startsWith(SCHEME) && opened().has(uri);
    }

    @Override
    public StoredFiles below(String uri) {
        return opened().below(uri);
    }

    @Override
    public Optional<InputStream> open(String uri, StoredFile file) {
        return opened().open(uri, file);
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
