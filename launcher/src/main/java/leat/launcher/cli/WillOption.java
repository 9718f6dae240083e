package leat.launcher.cli;

import leat.ml.registry.Promotions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// How firmly a command moves an alias.
public final class WillOption {

    @Spec(Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--because",
            paramLabel = "WHY",
            description = "The reason, which the log keeps with the move.")
    private String because = "";

    @Option(
            names = "--force",
            description =
                    "Also to a version whose gates failed, to new weights that went through none"
                            + " where their base did, or to files that cannot be read here. Needs"
                            + " --because.")
    private boolean force;

    /// What was said.
    ///
    /// @throws ParameterException when it is forced without a reason
    Promotions.Will will() {
        if (force && because.isBlank()) {
            throw new ParameterException(
                    command.commandLine(), "--force needs a reason: --because WHY.");
        }
        return new Promotions.Will(force, because.strip());
    }

    /// What was said, by a command that may move no alias at all.
    ///
    /// @param moves whether it does
    /// @throws ParameterException when it is forced without a reason, or there is nothing to force
    Promotions.Will will(boolean moves) {
        if (!moves && (force || !because.isBlank())) {
            throw new ParameterException(
                    command.commandLine(), "--force and --because are about --alias ALIAS.");
        }
        return will();
    }
}
