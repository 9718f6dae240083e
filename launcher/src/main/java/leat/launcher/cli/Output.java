package leat.launcher.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import tools.jackson.databind.json.JsonMapper;

/// What every command can do with its result: print it for people, or with `--json` for programs.
public final class Output {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec(Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--json", description = "Print JSON for programs instead of text for people.")
    private boolean json;

    private boolean hasToldOfHidden;

    boolean json() {
        return json;
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    PrintWriter err() {
        return command.commandLine().getErr();
    }

    /// Prints `result` as one line of JSON; records and collections become objects and arrays.
    void printJson(Object result) {
        println(json(result));
    }

    static String json(Object result) {
        return JSON.writeValueAsString(result);
    }

    /// Prints a table, and once where one has no room for all columns.
    void print(TextTable table) {
        print(table, ProgressLine.tableWidth());
    }

    /// @param width in characters
    void print(TextTable table, int width) {
        table.lines(width).forEach(this::println);
        if (table.hiddenColumns(width) > 0 && !hasToldOfHidden) {
            hasToldOfHidden = true;
            println("A wider terminal has more columns, --json has them all.");
        }
    }

    void println(String line) {
        out().println(line);
        out().flush();
    }
}
