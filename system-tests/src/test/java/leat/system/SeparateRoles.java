package leat.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A platform on one broker, each role in processes of its own; enricher and lake loader twice.
final class SeparateRoles implements AutoCloseable {

    /// One process.
    enum Part {
        KAFKA,
        OPENSEARCH,
        COLLECTOR,
        ENRICHER_A,
        ENRICHER_B,
        LAKE_A,
        LAKE_B,
        SEARCH;

        private String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private String role() {
            return label().split("-", 2)[0];
        }
    }

    /// Small heaps, and compilers that are content soon: many processes share few processors.
    private static final List<String> JAVA_OPTIONS = List.of("-Xmx384m");

    private final Path workspace;
    private final int portOffset;
    private final Map<Part, LeatProcess> running = new EnumMap<>(Part.class);

    SeparateRoles(Path workspace, int portOffset) {
        this.workspace = workspace;
        this.portOffset = portOffset;
    }

    LeatProcess start(Part part, String... moreJavaOptions) {
        List<String> javaOptions = new ArrayList<>(JAVA_OPTIONS);
        javaOptions.addAll(List.of(moreJavaOptions));
        LeatProcess process =
                LeatProcess.start(
                        workspace,
                        portOffset,
                        part.label(),
                        javaOptions,
                        "run",
                        part.role(),
                        "--instance",
                        part.label());
        running.put(part, process);
        return process;
    }

    LeatProcess of(Part part) {
        LeatProcess process = running.get(part);
        if (process == null) {
            throw new IllegalStateException(part + " does not run");
        }
        return process;
    }

    /// SIGKILL, unless it has ended already.
    void kill(Part part) {
        of(part).kill();
        running.remove(part);
    }

    /// Whether every process that was started and not killed lives.
    boolean allAlive() {
        return running.values().stream().allMatch(LeatProcess::isAlive);
    }

    /// The end of every process' output, for a failure's message.
    String lastWords() {
        StringBuilder words = new StringBuilder();
        running.forEach((part, process) -> {
            List<String> lines = process.output().lines().toList();
            words.append("--- ")
                    .append(part)
                    .append(process.isAlive() ? "" : " (ended)")
                    .append('\n');
            lines.subList(Math.max(0, lines.size() - 15), lines.size())
                    .forEach(line -> words.append(line).append('\n'));
        });
        return words.toString();
    }

    /// Keeps the processes' output in `target/separate-roles`.
    private void keepLogs() {
        try {
            Path kept = Files.createDirectories(Path.of("target", "separate-roles"));
            for (Part part : Part.values()) {
                Path log = workspace.resolve(part.label() + ".log");
                if (Files.exists(log)) {
                    Files.copy(
                            log,
                            kept.resolve(log.getFileName()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        running.values().forEach(LeatProcess::close);
        running.clear();
        keepLogs();
    }
}
