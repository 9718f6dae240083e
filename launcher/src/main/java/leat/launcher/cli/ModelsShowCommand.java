package leat.launcher.cli;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;
import leat.launcher.WorkspaceModels;
import leat.launcher.config.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `leat models show`: all of a model or of a version.
@Command(
        name = "show",
        description =
                "Show a model with its versions and the moves of its aliases, or all of one version:"
                        + " files, run, metrics, tags, gates, and what it takes and gives.",
        mixinStandardHelpOptions = true)
final class ModelsShowCommand implements Runnable {

    /// What MLflow's clients say of themselves in tags; `--json` has them.
    private static final String OF_CLIENTS = "mlflow.";

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "MODEL[/VERSION]",
            description = "The model, or one version of it: MODEL/3, or MODEL@ALIAS.")
    private String name = "";

    /// A model, for `--json`.
    record ShownModel(
            String name,
            String description,
            Instant created,
            Instant updated,
            SortedMap<String, Integer> aliases,
            SortedMap<String, String> tags,
            int versionCount,
            List<VersionRows.Row> versions,
            List<ShownVersion.ShownMove> moves) {}

    /// One of the two.
    private record Found(Optional<ShownModel> model, Optional<ShownVersion> version) {}

    @Override
    public void run() {
        Workspace opened = workspace.open();
        Found found = ModelsAnswer.of(opened, ports.offset(), this::found);
        if (output.json()) {
            found.model().ifPresent(output::printJson);
            found.version().ifPresent(output::printJson);
        } else {
            found.model().ifPresent(this::print);
            found.version().ifPresent(this::print);
        }
    }

    private Found found(WorkspaceModels models) {
        ModelChoice choice = new ModelChoice(models.registry());
        Optional<ModelVersion> version = choice.version(name);
        return version.isPresent()
                ? new Found(Optional.empty(), Optional.of(ShownVersion.of(version.get(), models)))
                : new Found(Optional.of(shown(choice.model(name), models)), Optional.empty());
    }

    private static ShownModel shown(RegisteredModel model, WorkspaceModels models) {
        List<ModelVersion> versions = models.models().versions(model.info().name());
        SortedMap<String, Integer> aliases = new TreeMap<>();
        model.aliases().forEach((alias, of) -> aliases.put(alias, of.version()));
        return new ShownModel(
                model.info().name(),
                model.info().description(),
                Instant.ofEpochMilli(model.info().createdMillis()),
                Instant.ofEpochMilli(model.info().updatedMillis()),
                aliases,
                model.tags(),
                versions.size(),
                new VersionRows(models.models(), VersionRows.DEFAULT_LIMIT).of(versions),
                ShownVersion.moves(model));
    }

    private void print(ShownModel model) {
        field("model", model.name());
        field("description", model.description());
        field("created", model.created().toString());
        fields("tag", model.tags());
        model.aliases()
                .forEach((alias, version) -> field("alias", "@" + alias + " = version " + version));
        output.println("");
        if (model.versions().isEmpty()) {
            output.println("No versions.");
            return;
        }
        TextTable table = VersionRows.table();
        model.versions().forEach(row -> VersionRows.add(table, model.name(), row));
        output.print(table);
        int leftOut = model.versionCount() - model.versions().size();
        if (leftOut > 0) {
            output.println(
                    leftOut
                            + " older versions are left out. All of them: leat models list "
                            + model.name()
                            + " --limit "
                            + model.versionCount());
        }
        print(model.moves());
    }

    private void print(List<ShownVersion.ShownMove> moves) {
        if (moves.isEmpty()) {
            return;
        }
        output.println("");
        TextTable table = new TextTable("ALIAS", "VERSION", "MOVED", "WAY", "BECAUSE", "OVERRULED");
        for (ShownVersion.ShownMove move : moves) {
            table.row(
                    move.alias(),
                    Integer.toString(move.version()),
                    move.at().map(DeadCommand::minute).orElse(""),
                    move.way(),
                    oneLine(move.because()),
                    move.overruled());
        }
        output.print(table);
    }

    private void print(ShownVersion version) {
        field("version", version.model() + "/" + version.version());
        field("aliases", aliases(version.aliases()));
        field("description", version.description());
        field("created", version.created().toString());
        field("gates", version.gates().orElse(""));
        field("source", version.source());
        for (ShownVersion.ShownFile file : version.files()) {
            field(
                    "file",
                    String.format(Locale.ROOT, "%s  %,d bytes", file.path(), file.sizeBytes()));
        }
        version.inputs().forEach(port -> field("takes", port.text()));
        version.outputs().forEach(port -> field("gives", port.text()));
        field("unread", version.unread());
        fields("tag", version.tags());
        version.run()
                .ifPresentOrElse(
                        this::print,
                        () ->
                                field(
                                        "run",
                                        version.runId().isEmpty()
                                                ? ""
                                                : version.runId() + ", which is not there"));
        print(version.moves());
    }

    private void print(ShownVersion.ShownRun run) {
        field("run", run.id() + "  " + run.name());
        field("experiment", run.experiment());
        field(
                "ran",
                run.started()
                        + run.ended().map(end -> " to " + end).orElse("")
                        + ", "
                        + run.status());
        fields("parameter", run.params());
        run.metrics().forEach((key, value) -> field("metric", key + " = " + value));
        fields("run tag", run.tags());
    }

    private void fields(String label, Map<String, String> entries) {
        entries.forEach((key, value) -> {
            if (!key.startsWith(OF_CLIENTS)) {
                field(label, key + " = " + value);
            }
        });
    }

    /// Nothing where there is nothing to say.
    private void field(String label, String value) {
        if (!value.isEmpty()) {
            output.println(String.format("%-12s%s", label, oneLine(value)));
        }
    }

    /// What others wrote may have line ends and worse.
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}]+", " ").strip();
    }

    private static String aliases(SortedSet<String> aliases) {
        return aliases.stream().map(alias -> "@" + alias).collect(Collectors.joining(", "));
    }
}
