package leat.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// How long it took to be back after each kill, printed and kept in `target/` as a table.
final class Recoveries {

    private final String title;
    private final Map<String, List<Duration>> byVictim = new TreeMap<>();

    Recoveries(String title) {
        this.title = title;
    }

    void add(String victim, Duration took) {
        byVictim.computeIfAbsent(victim, _ -> new ArrayList<>()).add(took);
        System.out.printf(Locale.ROOT, "%s: %.1f s%n", victim, took.toMillis() / 1000.0);
    }

    /// Writes `target/recovery-<name>.md`.
    void writeAs(String name) {
        StringBuilder page = new StringBuilder();
        page.append(title)
                .append(
                        "\n\n| killed | times | median s | worst s | all |\n|---|---|---|---|---|\n");
        byVictim.forEach((victim, times) -> {
            List<Duration> sorted = times.stream().sorted().toList();
            page.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %d | %.1f | %.1f | %s |%n",
                            victim,
                            times.size(),
                            seconds(sorted.get((sorted.size() - 1) / 2)),
                            seconds(sorted.getLast()),
                            String.join(
                                    " ",
                                    times.stream()
                                            .map(t ->
                                                    String.format(Locale.ROOT, "%.1f", seconds(t)))
                                            .toList())));
        });
        System.out.println(page);
        try {
            Files.writeString(
                    Files.createDirectories(Path.of("target")).resolve("recovery-" + name + ".md"),
                    page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
