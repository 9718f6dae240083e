package leat.stream.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import leat.core.file.Folders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files and folders that are deleted when the work that needs them ends, also when the process is
/// told to end before.
final class TemporaryPlaces implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryPlaces.class);

    private final List<Path> places;
    private final Thread atExit;

    private TemporaryPlaces(List<Path> places) {
        this.places = places;
        this.atExit = Thread.ofPlatform().name("temporary-places").unstarted(this::delete);
    }

    /// Places that need not be there yet.
    static TemporaryPlaces of(Path... places) {
        TemporaryPlaces temporary = new TemporaryPlaces(List.of(places));
        Runtime.getRuntime().addShutdownHook(temporary.atExit);
        return temporary;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // The process ends, and the hook runs beside this.
        }
        delete();
    }

    private void delete() {
        for (Path place : places) {
            try {
                Folders.delete(place);
            } catch (IOException e) {
                LOG.atWarn().setCause(e).addKeyValue("place", place).log("Could not clear up");
            }
        }
    }
}
