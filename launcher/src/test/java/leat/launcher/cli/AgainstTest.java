package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class AgainstTest {

    @TempDir private Path folder;
    private Path earlier = Path.of("");
    private Path workspace = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void twoCopiesOfAWorkspace() {
        earlier = folder.resolve("earlier");
        workspace = folder.resolve("now");
        run("init", earlier.toString());
        run("init", workspace.toString());
    }

    @Test
    void theSameContractsAreTheSame() {
        int exitCode = against(earlier.resolve("contracts"));

        assertThat(exitCode).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("orders 1.0.0 against 1.0.0: same, full");
    }

    @Test
    void aBreakingChangeWithoutANewMajorVersionFailsWithItsLineAndRemedy() throws IOException {
        change("version: 1.0.0", "version: 1.1.0");
        change("logicalType: number", "logicalType: integer");

        int exitCode = against(earlier);

        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("orders 1.1.0 against 1.0.0: refused, breaking")
                .containsPattern("orders\\.odcs\\.yaml:\\d\\d: amount: type number became integer")
                .contains("Write version 2.0.0 into a file of its own");
    }

    @Test
    void aNewMajorVersionMayBreak() throws IOException {
        change("version: 1.0.0", "version: 2.0.0");
        change("logicalType: number", "logicalType: integer");

        int exitCode = against(earlier.resolve("contracts/orders.odcs.yaml"));

        assertThat(exitCode).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains("orders 2.0.0 against 1.0.0: allowed, breaking")
                .contains("orders.v1: no longer in the workspace");
    }

    @Test
    void programsGetEveryChange() throws IOException {
        change("logicalType: number", "logicalType: integer");

        int exitCode = against(earlier, "--json");

        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("\"verdict\":\"refused\"", "\"where\":\"amount\"", "\"line\":");
    }

    private int against(Path place, String... more) {
        String[] args = new String[5 + more.length];
        String[] first = {
            "validate", "--workspace", workspace.toString(), "--against", place.toString()
        };
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return run(args);
    }

    private void change(String from, String to) throws IOException {
        Path file = workspace.resolve("contracts/orders.odcs.yaml");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replaceFirst(from, to));
    }

    private int run(String... args) {
        CommandLine line = LeatCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }
}
