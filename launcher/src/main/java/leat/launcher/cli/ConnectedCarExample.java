package leat.launcher.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The example workspace that comes along.
final class ConnectedCarExample {

    private ConnectedCarExample() {}

    /// Its folder; empty where Leat was not started from its own.
    static Optional<Path> folder() {
        return Optional.ofNullable(System.getProperty("leat.home"))
                .map(home -> Path.of(home).resolve("examples/connected-car"))
                .filter(Files::isDirectory);
    }
}
