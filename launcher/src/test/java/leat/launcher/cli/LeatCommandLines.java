package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import leat.embedded.FreePorts;
import leat.embedded.kafka.EmbeddedKafka;
import picocli.CommandLine;

/// Commands as a user types them, run in this JVM.
public final class LeatCommandLines {

    private LeatCommandLines() {}

    /// What became of a command.
    ///
    /// @param output both of its streams
    public record Ended(int exitCode, String output) {}

    /// Runs a command to its end.
    public static Ended run(String... words) {
        StringWriter output = new StringWriter();
        CommandLine line = LeatCommand.commandLine();
        line.setOut(new PrintWriter(output, true));
        line.setErr(new PrintWriter(output, true));
        int exitCode = line.execute(words);
        return new Ended(exitCode, output.toString());
    }

    /// Runs a command to its end, as `leat … | head -n 1` does.
    public static Ended runIntoHead(String... words) {
        StringWriter output = new StringWriter();
        CommandLine line = LeatCommand.commandLine();
        line.setOut(new PrintWriter(new Head(output), true));
        line.setErr(new PrintWriter(output, true));
        int exitCode = line.execute(words);
        return new Ended(exitCode, output.toString());
    }

    /// A pipe whose reader takes one line, and closes it.
    private static final class Head extends FilterWriter {

        private boolean closed;

        Head(Writer reader) {
            super(reader);
        }

        @Override
        public void write(String text, int start, int length) throws IOException {
            if (closed) {
                throw new IOException("Broken pipe");
            }
            super.write(text, start, length);
            closed = text.startsWith(System.lineSeparator(), start + length - 1);
        }
    }

    /// Has a workspace use a broker, and ports that are free.
    public static void configure(Path folder, EmbeddedKafka broker) throws IOException {
        Files.writeString(
                folder.resolve("leat.yaml"),
                """
                log:
                  bootstrap-servers: %s
                  allow-single-replica: true
                collector:
                  http: {port: 0}
                  grpc: {port: 0}
                console:
                  port: %d
                  grpc: {port: 0}
                """
                        .formatted(broker.bootstrapServers(), FreePorts.inARow(1)));
    }

    /// Makes a first workspace, keeping what is in the folder.
    public static void initialize(Path folder) {
        assertThat(run("init", folder.toString())).extracting(Ended::exitCode).isEqualTo(0);
    }
}
