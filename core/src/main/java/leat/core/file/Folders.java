package leat.core.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Folders with what is in them.
public final class Folders {

    private Folders() {}

    /// Removes a folder, or a file; links in it, not what they lead to. What is not there any more
    /// is passed over.
    ///
    /// @throws IOException when something cannot be removed; what comes after it stays
    public static void delete(Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path deepestFirst : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(deepestFirst);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
