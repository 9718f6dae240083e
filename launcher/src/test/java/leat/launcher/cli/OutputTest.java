package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

final class OutputTest {

    private static final String NOTE = "A wider terminal has more columns, --json has them all.";

    /// Prints two tables.
    @Command(name = "tables")
    static final class Tables implements Runnable {

        @Mixin private Output output = new Output();

        @Option(names = "--width")
        private int width;

        @Override
        public void run() {
            TextTable table = new TextTable("ENTITY", "FEATURE", "VALUE");
            table.row("car-17", "speed_mean_5m", "16.5");
            output.print(table, width);
            output.print(table, width);
        }
    }

    @ParameterizedTest
    @CsvSource({"20, 1", "29, 0"})
    void aCommandWhoseTablesHaveNoRoomForAllColumnsSaysSoOnce(int width, int notes) {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new Tables());
        line.setOut(new PrintWriter(out, true));

        int exitCode = line.execute("--width", Integer.toString(width));

        assertThat(exitCode).isZero();
        assertThat(out.toString().lines()).hasSize(4 + notes);
        assertThat(out.toString().lines().filter(NOTE::equals)).hasSize(notes);
    }
}
