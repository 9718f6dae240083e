package leat.launcher.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import leat.core.yaml.ProblemsException;
import leat.launcher.RoleEnded;
import leat.launcher.UserError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `leat` itself; all it does is name its commands.
@Command(
        name = "leat",
        description = "One log for data and machine learning.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            InitCommand.class,
            ValidateCommand.class,
            PlanCommand.class,
            UpCommand.class,
            DemoCommand.class,
            RunCommand.class,
            StatusCommand.class,
            SendCommand.class,
            KeysCommand.class,
            TailCommand.class,
            SqlCommand.class,
            FeaturesCommand.class,
            TrainCommand.class,
            ModelsCommand.class,
            CatalogCommand.class,
            DeadCommand.class,
            AlertsCommand.class,
            AuditCommand.class,
            DoctorCommand.class,
            DetectCommand.class,
            BenchCommand.class,
            ExportCommand.class,
            RehearseCommand.class,
        })
public final class LeatCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    /// The command line, ready to execute: exit codes 0 done, 1 failed, 2 wrong use; errors on
    /// standard error, a stack trace only when `LEAT_STACKTRACE` is set.
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new LeatCommand());
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setAbbreviatedOptionsAllowed(false);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            report(failure, command.getErr());
            return ExitCode.FAILED;
        });
        return line;
    }

    private static void report(Exception failure, PrintWriter err) {
        switch (failure) {
            case UserError error -> {
                err.println("leat: " + error.getMessage() + ".");
                err.println("      " + error.remedy() + ".");
            }
            case RoleEnded ended -> {
                err.println("leat: " + ended.getMessage() + ".");
                err.println("      This process ends; nothing is lost by it.");
            }
            case ProblemsException problems -> {
                Path here = Path.of("");
                problems.problems().forEach(problem -> err.println(problem.from(here)));
            }
            default -> {
                err.println("leat: " + failure);
                for (Throwable cause = failure.getCause();
                        cause != null;
                        cause = cause.getCause()) {
                    err.println("      because of " + cause);
                }
            }
        }
        if (System.getenv("LEAT_STACKTRACE") != null) {
            failure.printStackTrace(err);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }
}
