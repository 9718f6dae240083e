package leat.launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `leat init`: writes a first workspace. Files that are there already are never touched.
@Command(
        name = "init",
        description = "Make a workspace: leat.yaml and a first contract.",
        mixinStandardHelpOptions = true)
final class InitCommand implements Runnable {

    private static final List<String> FILES =
            List.of(Workspace.CONFIG_FILE, "contracts/orders.odcs.yaml");

    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "Where to make it; created when missing. Default: this folder.")
    private Path folder = Path.of(".");

    /// What was written, for `--json`.
    record Made(String workspace, List<String> files) {}

    @Override
    public void run() {
        Optional<String> existing =
                FILES.stream().filter(file -> Files.exists(folder.resolve(file))).findFirst();
        if (existing.isPresent()) {
            throw new UserError(
                    folder.resolve(existing.get()) + " exists already",
                    "name another folder: leat init FOLDER");
        }
        FILES.forEach(this::write);
        if (output.json()) {
            output.printJson(new Made(folder.toAbsolutePath().normalize().toString(), FILES));
            return;
        }
        FILES.forEach(file -> output.println("wrote " + folder.resolve(file)));
        output.println("Next: leat validate checks it, leat plan shows what leat up would make.");
        output.println("Then: leat up, and send an order to /v1/events/orders.");
    }

    private void write(String file) {
        Path target = folder.resolve(file);
        try (InputStream template =
                InitCommand.class.getResourceAsStream("/leat/launcher/template/" + file)) {
            if (template == null) {
                throw new IllegalStateException("the program lacks its template " + file);
            }
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.copy(template, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + target, e);
        }
    }
}
