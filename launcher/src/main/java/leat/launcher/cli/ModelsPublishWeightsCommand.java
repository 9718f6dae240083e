package leat.launcher.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.scoring.ModelFailed;
import leat.launcher.UserError;
import leat.launcher.WorkspaceModels;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.Promotions;
import leat.ml.scoring.Inference;
import leat.ml.scoring.WeightsPublishing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat models publish-weights`: makes a version of new weights alone.
@Command(
        name = "publish-weights",
        description =
                "Register new weights of a model alone: the version is the graph of its base with"
                        + " them in the place of the base's. Names, shapes and types have to be"
                        + " those of the base's initializers. Nothing but Kafka has to run.",
        mixinStandardHelpOptions = true)
final class ModelsPublishWeightsCommand implements Runnable {

    private static final int SHOWN = 5;

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();
    @Mixin private WillOption firmness = new WillOption();

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
    private String model = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description =
                    "The weights by name: .safetensors, or .npz of numpy.savez, with those that"
                            + " have changed; or .onnx, a whole model of the same graph.")
    private Path file = Path.of("");

    @Option(
            names = "--base",
            paramLabel = "VERSION",
            converter = ModelChoice.TargetReader.class,
            description =
                    "The version whose weights they take the place of: a number, or @ALIAS."
                            + " Default: @"
                            + Inference.DEFAULT_ALIAS
                            + ".")
    private ModelChoice.Target base = new ModelChoice.Target.ByAlias(Inference.DEFAULT_ALIAS);

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            description = "Have this alias point to the version, in the same transaction.")
    private Optional<String> alias = Optional.empty();

    @Option(
            names = "--description",
            paramLabel = "TEXT",
            description = "What the version says of itself.")
    private String description = "";

    /// What came of it, for `--json`.
    ///
    /// @param isNew false where the version was there already
    /// @param base the version whose graph it is
    /// @param weights the names of those that are other than the base's
    /// @param sizeBytes of the file
    /// @param alias where it is; empty where none was asked for
    record Shown(
            String model,
            int version,
            boolean isNew,
            int base,
            List<String> weights,
            long sizeBytes,
            Optional<AliasOption.Shown> alias) {}

    @Override
    public void run() {
        Promotions.Will will = firmness.will(alias.isPresent());
        if (!Files.isRegularFile(file)) {
            throw new UserError("there is no file " + file, "name the file of the weights");
        }
        WeightsPublishing.Published published =
                ModelsAnswer.of(
                        workspace.open(), ports.offset(), models -> published(models, will));
        if (output.json()) {
            output.printJson(shown(published));
        } else {
            print(published);
        }
    }

    private WeightsPublishing.Published published(WorkspaceModels models, Promotions.Will will) {
        ModelReference target = base.of(model);
        // Says what there is instead where it is not there.
        ModelVersion chosen = new ModelChoice(models.registry()).version(target);
        try {
            return models.weightsPublishing()
                    .publish(new WeightsPublishing.Order(target, file, alias, will, description));
        } catch (ModelFailed | ArtifactDamaged e) {
            throw new UserError(
                    "no weights can be put into " + chosen.reference() + ": " + e.getMessage(),
                    "choose another base: --base VERSION");
        }
    }

    private static Shown shown(WeightsPublishing.Published published) {
        return new Shown(
                published.version().modelName(),
                published.version().info().number(),
                published.isNew(),
                published.base().info().number(),
                published.names(),
                published.sizeBytes(),
                published.moved().map(AliasOption::shown));
    }

    private void print(WeightsPublishing.Published published) {
        output.println(
                String.format(
                        Locale.ROOT,
                        "%s %s: %s with other weights (%s), %,d bytes",
                        published.version().reference(),
                        published.isNew() ? "is registered" : "was registered already",
                        published.base().reference(),
                        some(published.names()),
                        published.sizeBytes()));
        published.moved().ifPresent(this::print);
    }

    private void print(Promotions.Moved moved) {
        if (moved.changed()) {
            AliasOption.print(moved, output);
        } else {
            output.println(
                    model
                            + "@"
                            + moved.alias()
                            + " is at version "
                            + moved.move().version()
                            + " already.");
        }
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
    }
}
