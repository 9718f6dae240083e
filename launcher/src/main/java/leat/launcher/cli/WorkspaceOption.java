package leat.launcher.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which workspace a command works on.
public final class WorkspaceOption {

    @Option(
            names = {"-w", "--workspace"},
            paramLabel = "FOLDER",
            description =
                    "The workspace: a folder with leat.yaml. Default: this folder or the nearest one"
                            + " above it that has one.")
    private @Nullable Path folder;

    Workspace open() {
        return Workspace.open(folder());
    }

    Path folder() {
        if (folder != null) {
            if (!Files.isRegularFile(folder.resolve(Workspace.CONFIG_FILE))) {
                throw new UserError(
                        "there is no " + Workspace.CONFIG_FILE + " in " + folder,
                        "name a workspace, or make one with: leat init " + folder);
            }
            return folder.toAbsolutePath().normalize();
        }
        return nearest()
                .orElseThrow(() ->
                        new UserError(
                                "this folder is not a workspace: no "
                                        + Workspace.CONFIG_FILE
                                        + " here or above",
                                "name one with --workspace, or make one with: leat init"));
    }

    private static Optional<Path> nearest() {
        for (Path place = Path.of("").toAbsolutePath(); place != null; place = place.getParent()) {
            if (Files.isRegularFile(place.resolve(Workspace.CONFIG_FILE))) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }
}
