package leat.launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
        ORDERS(
                "and send an order to /v1/events/orders.",
                Map.of(
                        Workspace.CONFIG_FILE,
                        "/leat/launcher/template/leat.yaml",
                        "contracts/orders.odcs.yaml",
                        "/leat/launcher/template/contracts/orders.odcs.yaml")),
        /// Logs and metrics of OpenTelemetry and others.
        TELEMETRY(
                "and point an OTLP exporter at http://127.0.0.1:8080.",
                Map.of(
                        Workspace.CONFIG_FILE,
                        "/leat/launcher/template-telemetry/leat.yaml",
                        "contracts/log-record.odcs.yaml",
                        "/leat/stream/collector/otlp/log-record.odcs.yaml",
                        "contracts/metric-point.odcs.yaml",
                        "/leat/stream/collector/otlp/metric-point.odcs.yaml"));

        private final String then;
        private final SortedMap<String, String> sources;

        Template(String then, Map<String, String> sources) {
            this.then = then;
            this.sources = new TreeMap<>(sources);
        }

        /// What is written, `leat.yaml` first.
        List<String> files() {
            return sources.keySet().stream()
                    .sorted(Comparator.comparing(file -> !file.equals(Workspace.CONFIG_FILE)))
                    .toList();
        }
    }

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
        List<String> files = template.files();
        Optional<String> existing =
                files.stream().filter(file -> Files.exists(folder.resolve(file))).findFirst();
        if (existing.isPresent()) {
            throw new UserError(
                    folder.resolve(existing.get()) + " exists already",
                    "name another folder: leat init FOLDER");
        }
        files.forEach(this::write);
        if (output.json()) {
            output.printJson(new Made(folder.toAbsolutePath().normalize().toString(), files));
            return;
        }
        files.forEach(file -> output.println("wrote " + folder.resolve(file)));
        output.println("Next: leat validate checks it, leat plan shows what leat up would make.");
        output.println("Then: leat up, " + template.then);
    }

    private void write(String file) {
        Path target = folder.resolve(file);
        String source = Objects.requireNonNull(template.sources.get(file));
        try (InputStream content = InitCommand.class.getResourceAsStream(source)) {
            if (content == null) {
                throw new IllegalStateException("the program lacks its template " + source);
            }
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.copy(content, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + target, e);
        }
    }
}
