package leat.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `leat models`: the registered models, and which of their versions is served.
@Command(
        name = "models",
        description =
                "Look at registered models, and say which version is served. Nothing but Kafka has"
                        + " to run.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ModelsListCommand.class,
            ModelsShowCommand.class,
            ModelsPublishWeightsCommand.class,
            ModelsPromoteCommand.class,
            ModelsRollbackCommand.class,
            ModelsExplainCommand.class,
            ModelsScoreCommand.class
        })
final class ModelsCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Name a command: list, show, publish-weights, promote, rollback, explain or"
                        + " score.");
    }
}
