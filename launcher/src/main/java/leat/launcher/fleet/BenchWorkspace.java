package leat.launcher.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.odcs.OdcsReader;
import leat.embedded.FreePorts;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;

/// A workspace of its own for a bench: the contracts of an example, free ports, and an MQTT topic
/// for each contract of the generator.
final class BenchWorkspace {

    private BenchWorkspace() {}

    /// Writes it into a folder.
    ///
    /// @param example has `contracts` and perhaps `reference`
    /// @param connections that each collector is to hold at most
    static Workspace write(Path example, Path folder, List<ContractName> generated, int connections)
            throws IOException {
        copy(example.resolve(Workspace.CONTRACTS_FOLDER), folder);
        copy(example.resolve(Workspace.REFERENCE_FOLDER), folder);
        StringBuilder topics = new StringBuilder();
        for (Contract contract :
                OdcsReader.readFolder(folder.resolve(Workspace.CONTRACTS_FOLDER)).orThrow().all()) {
            if (generated.contains(contract.name())) {
                topics.append(
                        """
                              - topic: %s
                                contract: %s
                        """
                                .formatted(template(contract), contract.name()));
            }
        }
        int port = FreePorts.inARow(3);
        Files.writeString(
                folder.resolve(Workspace.CONFIG_FILE),
                """
                format: 1
                prefix: bench
                log:
                  port: %d
                enrichment-api:
                  http:
                    port: %d
                  grpc:
                    port: %d
                collector:
                  limits:
                    in-flight-size: 16MiB
                  mqtt:
                    max-connections: %d
                    topics:
                %s\
                """
                        .formatted(port, port + 1, port + 2, connections, topics));
        return Workspace.open(folder);
    }

    private static String template(Contract contract) {
        String key =
                contract.key()
                        .orElseThrow(() ->
                                new UserError(
                                        "the contract " + contract.name() + " has no key",
                                        "name the field of the thing that sends, leat.key"))
                        .toString();
        return "fleet/{" + key + "}/" + contract.name();
    }

    private static void copy(Path from, Path folder) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Path to = Files.createDirectories(folder.resolve(from.getFileName()));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
