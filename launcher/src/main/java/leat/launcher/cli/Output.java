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

    void println(String line) {
        out().println(line);
        out().flush();
    }
}
