package leat.launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import leat.core.anomaly.AnomalyDetector;
import leat.launcher.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat detect FILE`: how new each point of a metric's stream is. Needs no workspace and nothing
/// that runs.
@Command(
        name = "detect",
        description =
                "Score each point of a metric's stream: 0 is usual, from 0.5 on an anomaly begins."
                        + " A score depends on no later row.",
        mixinStandardHelpOptions = true)
final class DetectCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";
    private static final int SHOWN_ROWS = 500;
    private static final double MILLION = 1e6;
    private static final String HEADER = "timestamp,value,score\n";

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "FILE",
            description =
                    "A CSV file with the columns timestamp,value in the order of time, or - for"
                            + " standard input. Times as 2014-02-14 14:27:00 or 2014-02-14T14:27:00Z;"
                            + " an empty value is missing.")
    private String file = "";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Write timestamp,value,score there, whole or not at all. Default: to standard"
                            + " output.")
    private @Nullable Path target;

    /// What was scored, for `--json`.
    ///
    /// @param alarms rows with a score of 0.5 or more
    /// @param highestAt the time of the highest score as it stands in the file; empty without rows
    record Detected(
            String file,
            String out,
            long rows,
            long missing,
            long outOfOrder,
            long alarms,
            double highestScore,
            String highestAt,
            double rowsPerSecond) {}

    @Override
    public Integer call() throws IOException {
        if (output.json() && target == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--json tells of the run, and the scores need a file then: add --out FILE.");
        }
        try (MetricRows rows = new MetricRows(name(), content())) {
            if (target == null) {
                score(rows, output.out());
                checkWritten();
            } else {
                toFile(rows, target);
            }
        }
        return ExitCode.DONE;
    }

    /// A print writer keeps its failures to itself.
    private void checkWritten() {
        if (output.out().checkError()) {
            throw new UserError(
                    "the scores could not be written to the end",
                    "look whether the disk is full, or who reads them has gone");
        }
    }

    private String name() {
        return file.equals(STANDARD_INPUT) ? "standard input" : file;
    }

    private Reader content() throws IOException {
        InputStream bytes = file.equals(STANDARD_INPUT) ? System.in : open(Path.of(file));
        // a decoder that reports, not one that replaces
        return new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
    }

    private static InputStream open(Path path) throws IOException {
        if (!Files.isReadable(path)) {
            throw new UserError(
                    "cannot read " + path,
                    "name a CSV file that is there and may be read, or - for standard input");
        }
        if (Files.isDirectory(path)) {
            throw new UserError(path + " is a folder", "name a CSV file in it");
        }
        return Files.newInputStream(path);
    }

    private void toFile(MetricRows rows, Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(path)) {
            throw new UserError("cannot write to " + path, "name a file in a folder that is there");
        }
        Path unfinished = Files.createTempFile(folder, "leat-detect-", ".csv");
        try {
            Detected detected;
            try (Writer writer = Files.newBufferedWriter(unfinished)) {
                detected = score(rows, writer);
            }
            Files.move(unfinished, path, StandardCopyOption.REPLACE_EXISTING);
            report(detected);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Detected score(MetricRows rows, Writer writer) throws IOException {
        AnomalyDetector detector = new AnomalyDetector();
        Count count = new Count();
        writer.write(HEADER);
        try (ProgressLine line = new ProgressLine(output.err())) {
            for (MetricRows.Row row = rows.next(); row != null; row = rows.next()) {
                double score = detector.score(row.timestampMillis(), row.value());
                writer.write(
                        cell(row.time()) + ',' + cell(row.text()) + ',' + decimal(score) + '\n');
                count.add(row, score);
                if (count.rows % SHOWN_ROWS == 0) {
                    line.show(
                            String.format(
                                    Locale.ROOT,
                                    "%s  %,d rows, %,.0f/s",
                                    name(),
                                    count.rows,
                                    count.rowsPerSecond()));
                }
            }
        }
        return count.detected(name(), String.valueOf(target));
    }

    /// A share with six digits behind the point.
    private static String decimal(double share) {
        return BigDecimal.valueOf(Math.round(share * MILLION), 6).toPlainString();
    }

    /// As it stood in the file, but for quotes that it did not need.
    private static String cell(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private void report(Detected detected) {
        if (output.json()) {
            output.printJson(detected);
            return;
        }
        output.println(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows, %,d without a value, %,d alarms (score 0.5 or more),"
                                + " %,.0f rows/s",
                        detected.out(),
                        detected.rows(),
                        detected.missing(),
                        detected.alarms(),
                        detected.rowsPerSecond()));
        if (detected.outOfOrder() > 0) {
            output.println(
                    String.format(
                            Locale.ROOT,
                            "  %,d rows are not later than the row before: sort the file by time.",
                            detected.outOfOrder()));
        }
        if (detected.rows() > 0) {
            output.println(
                    String.format(
                            Locale.ROOT,
                            "  highest: %.3f at %s",
                            detected.highestScore(),
                            detected.highestAt()));
        }
    }

    /// What has been scored so far.
    private static final class Count {

        private static final double NANOS = 1e9;

        private final long startNanos = System.nanoTime();
        private long rows;
        private long missing;
        private long outOfOrder;
        private long alarms;
        private long lastMillis = Long.MIN_VALUE;
        private double highest = -1;
        private String highestAt = "";

        void add(MetricRows.Row row, double score) {
            rows++;
            missing += row.isMissing() ? 1 : 0;
            outOfOrder += row.timestampMillis() <= lastMillis ? 1 : 0;
            alarms += score >= AnomalyDetector.ALARM ? 1 : 0;
            lastMillis = row.timestampMillis();
            if (score > highest) {
                highest = score;
                highestAt = row.time();
            }
        }

        double rowsPerSecond() {
            return rows * NANOS / Math.max(1, System.nanoTime() - startNanos);
        }

        Detected detected(String file, String out) {
            return new Detected(
                    file,
                    out,
                    rows,
                    missing,
                    outOfOrder,
                    alarms,
                    Math.max(0, highest),
                    highestAt,
                    rowsPerSecond());
        }
    }
}
