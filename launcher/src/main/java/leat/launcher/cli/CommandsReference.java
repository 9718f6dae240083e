package leat.launcher.cli;

import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The page `docs/reference/commands.md`, written from the commands themselves.
final class CommandsReference {

    private CommandsReference() {}

    static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("# Commands\n\n")
                .append("Generated from the program; a test fails while this page is stale.\n\n")
                .append(
                        "Exit codes: 0 done, 1 failed, 2 wrong use; 129, 130 and 143 ended by SIGHUP,")
                .append(" SIGINT and SIGTERM. Results go to standard output,")
                .append(" everything else to standard error. Without `--workspace` a command works")
                .append(" on the nearest folder upwards that has a `leat.yaml`.\n");
        CommandLine root = LeatCommand.commandLine();
        root.getSubcommands().values().forEach(command -> section(page, command, 2));
        return page.toString();
    }

    private static void section(StringBuilder page, CommandLine line, int level) {
        CommandSpec spec = line.getCommandSpec();
        if (spec.usageMessage().hidden()) {
            return;
        }
        page.append('\n').append("#".repeat(level)).append(" ").append(name(spec)).append("\n\n");
        page.append(String.join(" ", spec.usageMessage().description())).append("\n");
        if (spec.args().stream().anyMatch(arg -> !arg.hidden())) {
            page.append("\n| option | meaning |\n|---|---|\n");
            spec.positionalParameters().forEach(parameter -> row(page, parameter));
            spec.options().stream().filter(option -> !option.hidden()).forEach(o -> row(page, o));
        }
        line.getSubcommands().values().forEach(sub -> section(page, sub, level + 1));
    }

    private static String name(CommandSpec spec) {
        return spec.qualifiedName(" ");
    }

    private static void row(StringBuilder page, ArgSpec arg) {
        page.append("| ").append(label(arg)).append(" | ").append(meaning(arg)).append(" |\n");
    }

    private static String label(ArgSpec arg) {
        String label =
                switch (arg) {
                    case OptionSpec option -> {
                        String names =
                                java.util.Arrays.stream(option.names())
                                        .map(name -> "`" + name + "`")
                                        .collect(Collectors.joining(", "));
                        yield option.arity().max() == 0
                                ? names
                                : names + " `" + option.paramLabel() + "`";
                    }
                    case PositionalParamSpec parameter -> "`" + parameter.paramLabel() + "`";
                    default -> throw new IllegalStateException("unknown kind of " + arg);
                };
        return arg.required() ? label + " (required)" : label;
    }

    private static String meaning(ArgSpec arg) {
        String text = String.join(" ", arg.description()).replace("|", "\\|");
        String defaultValue = arg.defaultValue();
        return text.replace("${DEFAULT-VALUE}", defaultValue == null ? "none" : defaultValue);
    }
}
