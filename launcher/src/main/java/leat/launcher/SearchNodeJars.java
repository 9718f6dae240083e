package leat.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the embedded search engine's own class path is.
final class SearchNodeJars {

    private SearchNodeJars() {}

    /// The folder that the property `leat.search-node` names, else the one in the built tree that
    /// `leat.home` names.
    static Optional<Path> folder() {
        return Stream.of(
                        Optional.ofNullable(System.getProperty("leat.search-node")).map(Path::of),
                        Optional.ofNullable(System.getProperty("leat.home"))
                                .map(home -> Path.of(home, "search-node", "target", "lib")))
                .flatMap(Optional::stream)
                .filter(Files::isDirectory)
                .findFirst();
    }
}
