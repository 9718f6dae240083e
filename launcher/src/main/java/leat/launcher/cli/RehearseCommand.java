package leat.launcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import leat.core.file.Folders;
import leat.launcher.Platform;
import leat.launcher.Role;
import leat.launcher.config.Workspace;
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
                if (LeatCommand.commandLine().execute("init", folder.toString()) != ExitCode.DONE) {
                    throw new IllegalStateException("no workspace to rehearse on");
                }
                Workspace workspace = Workspace.open(folder);
                Set<Role> roles = Role.together(workspace);
                // The search engine is a process with a cache of its own.
                roles.removeAll(Set.of(Role.OPENSEARCH, Role.SEARCH));
                Platform.start(workspace, new Platform.Options(roles, "rehearsal", PORT_OFFSET))
                        .close();
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
