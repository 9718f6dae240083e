package leat.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `leat features`: what views say of entities.
@Command(
        name = "features",
        description = "Look at features, and drop former versions of views.",
        mixinStandardHelpOptions = true,
        subcommands = {
            FeaturesBackfillCommand.class,
            FeaturesDropCommand.class,
            FeaturesGetCommand.class,
            FeaturesHistoryCommand.class,
            FeaturesVerifyCommand.class
        })
final class FeaturesCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Name a command: backfill, drop, get, history or verify.");
    }
}
