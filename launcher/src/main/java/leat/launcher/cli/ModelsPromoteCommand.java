package leat.launcher.cli;

import leat.core.model.ModelReference;
import leat.launcher.WorkspaceModels;
import leat.ml.registry.Promotions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `leat models promote`: has an alias point to a version.
@Command(
        name = "promote",
        description =
                "Have an alias point to a version, which is served from then on. Not to one without"
                        + " files, whose gates failed, or of new weights that went through none"
                        + " where their base did.",
        mixinStandardHelpOptions = true)
final class ModelsPromoteCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();
    @Mixin private AliasOption alias = new AliasOption();
    @Mixin private WillOption firmness = new WillOption();

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
    private String model = "";

    @Parameters(
            index = "1",
            paramLabel = "VERSION",
            converter = ModelChoice.TargetReader.class,
            description = "Its version: a number, or @ALIAS for the one of another alias.")
    private ModelChoice.Target version = new ModelChoice.Target.ByAlias("");

    @Override
    public void run() {
        Promotions.Will will = firmness.will();
        Promotions.Moved moved =
                ModelsAnswer.of(workspace.open(), ports.offset(), models -> promoted(models, will));
        if (output.json()) {
            output.printJson(AliasOption.shown(moved));
        } else if (moved.changed()) {
            AliasOption.print(moved, output);
            if (moved.from().isPresent()) {
                output.println("The way back: " + alias.further(model, ""));
            }
        } else {
            output.println(
                    model
                            + "@"
                            + moved.alias()
                            + " is at version "
                            + moved.move().version()
                            + " already; nothing was changed.");
        }
    }

    private Promotions.Moved promoted(WorkspaceModels models, Promotions.Will will) {
        ModelReference target = version.of(model);
        // Says what there is instead where it is not there.
        new ModelChoice(models.registry()).version(target);
        return models.promotions().promote(target, alias.alias(), will);
    }
}
