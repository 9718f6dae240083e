package leat.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Workspaces for tests, made of the examples.
final class Workspaces {

    private static final List<String> FILES =
            List.of(
                    "leat.yaml",
                    "contracts/car-telemetry.odcs.yaml",
                    "contracts/car-failure.odcs.yaml",
                    "reference/cars.csv");

    private Workspaces() {}

    /// The connected-car example with other settings.
    ///
    /// @param settings the whole `leat.yaml`
    static void copyExample(Path target, String settings) throws IOException {
        copyExample(target);
        Files.writeString(target.resolve("leat.yaml"), settings);
    }

    /// Copies the connected-car example, without any state of it.
    static void copyExample(Path target) throws IOException {
        Path example = Path.of("..", "examples", "connected-car");
        for (String file : FILES) {
            Path copy = target.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(example.resolve(file), copy);
        }
    }
}
