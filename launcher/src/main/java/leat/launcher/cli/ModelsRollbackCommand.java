package leat.launcher.cli;

import java.util.OptionalInt;
import leat.launcher.WorkspaceModels;
import leat.ml.registry.Promotions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat models rollback`: has an alias point to the version that it pointed to before.
@Command(
        name = "rollback",
        description =
                "Have an alias point to the version that it pointed to before, which is served from"
                        + " then on. Done a second time it changes nothing: each further step back"
                        + " names the version that it leaves, with --from.",
        mixinStandardHelpOptions = true)
final class ModelsRollbackCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();
    @Mixin private AliasOption alias = new AliasOption();
    @Mixin private WillOption firmness = new WillOption();

    @Parameters(paramLabel = "MODEL", description = "The model.")
    private String model = "";

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            description =
                    "Leave this version, and none else. Default: the one that the alias was moved on"
                            + " to last.")
    private @Nullable Integer from;

    @Override
    public void run() {
        Promotions.Will will = firmness.will();
        Promotions.Moved moved =
                ModelsAnswer.of(
                        workspace.open(), ports.offset(), models -> rolledBack(models, will));
        if (output.json()) {
            output.printJson(AliasOption.shown(moved));
            return;
        }
        int now = moved.move().version();
        if (moved.changed()) {
            AliasOption.print(moved, output);
        } else {
            output.println(
                    model
                            + "@"
                            + moved.alias()
                            + " went back"
                            + (moved.from().isPresent()
                                    ? " from version " + moved.from().getAsInt()
                                    : "")
                            + " to "
                            + now
                            + " already; nothing was changed.");
        }
        output.println("Further back: " + alias.further(model, " --from " + now));
    }

    private Promotions.Moved rolledBack(WorkspaceModels models, Promotions.Will will) {
        new ModelChoice(models.registry()).model(model);
        return models.promotions()
                .rollback(
                        model,
                        alias.alias(),
                        from == null ? OptionalInt.empty() : OptionalInt.of(from),
                        will);
    }
}
