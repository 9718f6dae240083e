package leat.launcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import leat.launcher.Platform;
import leat.launcher.Role;
import leat.launcher.config.Workspace;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `leat rehearse`, hidden: starts and stops a platform on a workspace of its own, so that the JVM
/// can note which classes a start needs and keep them ready for the next one.
@Command(name = "rehearse", hidden = true, description = "Make the cache of loaded classes.")
final class RehearseCommand implements Runnable {

    private static final int PORT_OFFSET = 20_000;

    @Override
    public void run() {
        try {
            Path folder = Files.createTempDirectory("leat-rehearsal");
            try {
                new CommandLine(new InitCommand()).execute(folder.toString());
                // A new workspace has nothing to extract and no views.
                Set<Role> roles =
                        EnumSet.complementOf(
                                EnumSet.of(
                                        Role.OPENSEARCH,
                                        Role.SEARCH,
                                        Role.EXTRACTOR,
                                        Role.FEATURES));
                Platform.start(
                                Workspace.open(folder),
                                new Platform.Options(roles, "rehearsal", PORT_OFFSET))
                        .close();
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
