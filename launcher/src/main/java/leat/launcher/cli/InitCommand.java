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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat init`: writes a first workspace. Files that are there already are never touched.
@Command(
        name = "init",
        description = "Make a workspace: leat.yaml and a first contract.",
        mixinStandardHelpOptions = true)
final class InitCommand implements Runnable {

    /// A first workspace to begin with.
    enum Template {
        /// Orders of a shop.
        ORDERS,
        /// Logs and metrics of OpenTelemetry and others.
        TELEMETRY;

        List<Source> sources() {
            return switch (this) {
                case ORDERS ->
                        List.of(
                                new Source(
                                        Workspace.CONFIG_FILE, "/leat/launcher/template/leat.yaml"),
                                new Source(
                                        "contracts/orders.odcs.yaml",
                                        "/leat/launcher/template/contracts/orders.odcs.yaml"));
                case TELEMETRY ->
                        List.of(
                                new Source(
                                        Workspace.CONFIG_FILE,
                                        "/leat/launcher/template-telemetry/leat.yaml"),
                                new Source(
                                        "contracts/log-record.odcs.yaml",
                                        "/leat/stream/collector/otlp/log-record.odcs.yaml"),
                                new Source(
                                        "contracts/metric-point.odcs.yaml",
                                        "/leat/stream/collector/otlp/metric-point.odcs.yaml"));
            };
        }

        String then() {
            return switch (this) {
                case ORDERS -> "leat up, and send an order to /v1/events/orders.";
                case TELEMETRY -> "leat up, and point an OTLP exporter at http://127.0.0.1:8080.";
            };
        }
    }

    /// A file and where the program has it.
    record Source(String file, String resource) {}

    @Mixin private Output output = new Output();

    @Option(
            names = "--template",
            paramLabel = "NAME",
            defaultValue = "orders",
            description =
                    "What to begin with: orders, a shop's, or telemetry, the contracts of logs and"
                            + " metrics. Default: ${DEFAULT-VALUE}.")
    private Template template = Template.ORDERS;

    @Parameters(
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "Where to make it; created when missing. Default: this folder.")
    private Path folder = Path.of(".");

    /// What was written, for `--json`.
    record Made(String workspace, List<String> files) {}

    @Override
    public void run() {
        List<String> files = template.sources().stream().map(Source::file).toList();
        Optional<String> existing =
                files.stream().filter(file -> Files.exists(folder.resolve(file))).findFirst();
        if (existing.isPresent()) {
            throw new UserError(
                    folder.resolve(existing.get()) + " exists already",
                    "name another folder: leat init FOLDER");
        }
        template.sources().forEach(this::write);
        if (output.json()) {
            output.printJson(new Made(folder.toAbsolutePath().normalize().toString(), files));
            return;
        }
        files.forEach(file -> output.println("wrote " + folder.resolve(file)));
        output.println("Next: leat validate checks it, leat plan shows what leat up would make.");
        output.println("Then: " + template.then());
    }

    private void write(Source source) {
        Path target = folder.resolve(source.file());
        try (InputStream content = InitCommand.class.getResourceAsStream(source.resource())) {
            if (content == null) {
                throw new IllegalStateException(
                        "the program lacks its template " + source.resource());
            }
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.copy(content, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + target, e);
        }
    }
}
