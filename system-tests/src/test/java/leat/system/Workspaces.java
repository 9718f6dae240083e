package leat.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Workspaces for tests, made of the examples.
final class Workspaces {

    private static final List<String> FILES =
            List.of(
                    "leat.yaml",
                    "contracts/car-telemetry.odcs.yaml",
                    "contracts/car-failure.odcs.yaml",
                    "reference/cars.csv");

    /// The web-shop example.
    static final Path SHOP = Path.of("..", "examples", "web-shop");

    private Workspaces() {}

    /// The connected-car example with other settings.
    ///
    /// @param settings the whole `leat.yaml`
    static void copyExample(Path target, String settings) throws IOException {
        copyExample(target);
        Files.writeString(target.resolve("leat.yaml"), settings);
    }

    /// Copies the contracts of the web-shop example.
    ///
    /// @param settings the whole `leat.yaml`
    static void copyShop(Path target, String settings) throws IOException {
        Path contracts = Files.createDirectories(target.resolve("contracts"));
        try (Stream<Path> files = Files.list(SHOP.resolve("contracts"))) {
            for (Path file : files.toList()) {
                Files.copy(file, contracts.resolve(file.getFileName()));
            }
        }
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
