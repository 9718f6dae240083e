package leat.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `leat models`: the registered models, and which of their versions is served.
@Command(
        name = "models",
        description =
                "Look at registered models, say which version is served, and delete those that"
                        + " nothing needs. Nothing but Kafka has to run.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ModelsListCommand.class,
            ModelsShowCommand.class,
            ModelsPublishWeightsCommand.class,
            ModelsPromoteCommand.class,
            ModelsRollbackCommand.class,
            ModelsPruneCommand.class,
            ModelsExplainCommand.class,
            ModelsScoreCommand.class
        })
final class ModelsCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Name a command: list, show, publish-weights, promote, rollback, prune, explain or"
                        + " score.");
    }
}
