package leat.launcher.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leat.core.config.DurationText;
import leat.core.model.Retention;
import leat.launcher.NeededInWorkspace;
import leat.launcher.WorkspaceModels;
import leat.launcher.config.Workspace;
import leat.ml.registry.NeededVersions;
import leat.ml.registry.Prunings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat models prune`: deletes versions of a model that nothing needs any more.
@Command(
        name = "prune",
        description =
                "Delete versions of a model that nothing needs any more, with their files: no alias"
                        + " is at them or would go back to them, no other version is made of them,"
                        + " nothing predicts by them, and they are neither among the newest nor young."
                        + " Shows what would be deleted, and what stays and why; --yes does it, for"
                        + " ever. Runs stay.",
        mixinStandardHelpOptions = true)
final class ModelsPruneCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "MODEL", description = "The model.")
    private String model = "";

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "10",
            description = "The newest versions stay, so many. Default: ${DEFAULT-VALUE}.")
    private int keep;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            defaultValue = "30d",
            description =
                    "Only versions that are older go, e.g. 12h or 30d. Default: ${DEFAULT-VALUE}.")
    private String olderThan = "";

    @Option(names = "--dry-run", description = "Only show what would be deleted; the default.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Delete it.")
    private boolean yes;

    /// One version.
    ///
    /// @param action `delete` or `keep`; `delete-files` where the version was deleted already
    /// @param files where they are; empty where the version stays
    /// @param sizeBytes of the files that go with it
    /// @param why it stays, or its files do; empty where all of it goes
    record Line(String action, int version, Optional<String> files, long sizeBytes, String why) {}

    /// For `--json`.
    ///
    /// @param sizeBytes of all files that go, each once
    /// @param done whether it was deleted
    record Shown(String model, List<Line> lines, long sizeBytes, boolean done) {}

    @Override
    public void run() {
        if (yes && dryRun) {
            throw new ParameterException(spec.commandLine(), "Choose one of --dry-run and --yes.");
        }
        Retention retention = retention();
        Workspace opened = workspace.open();
        print(ModelsAnswer.of(opened, ports.offset(), models -> pruned(opened, models, retention)));
    }

    private Retention retention() {
        try {
            Duration age = DurationText.parse(olderThan);
            return new Retention(keep, age);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--keep and --older-than: " + e.getMessage() + ".");
        }
    }

    private Shown pruned(Workspace opened, WorkspaceModels models, Retention retention) {
        new ModelChoice(models.registry()).model(model);
        NeededVersions needed = new NeededInWorkspace(opened, opened.log(ports.offset()));
        Prunings prunings = models.prunings(needed);
        Prunings.Plan plan = prunings.plan(model, retention);
        long sizeBytes = yes ? prunings.prune(plan) : plan.freedBytes();
        return new Shown(model, lines(plan), sizeBytes, yes);
    }

    private static List<Line> lines(Prunings.Plan plan) {
        List<Line> lines = new ArrayList<>();
        plan.versions().forEach(going -> lines.add(line("delete", going)));
        plan.left().forEach(going -> lines.add(line("delete-files", going)));
        plan.staying()
                .forEach((version, why) ->
                        lines.add(new Line("keep", version, Optional.empty(), 0, why)));
        return lines;
    }

    private static Line line(String action, Prunings.Going going) {
        Prunings.Files files = going.files();
        return new Line(
                action,
                going.version(),
                Optional.of(files.where()),
                files.staying().isPresent() ? 0 : files.sizeBytes(),
                files.staying().map(why -> "its files stay: " + why).orElse(""));
    }

    private void print(Shown shown) {
        if (output.json()) {
            output.printJson(shown);
            return;
        }
        TextTable table = new TextTable("WHAT", "VERSION", "BYTES", "WHY");
        for (Line line : shown.lines()) {
            table.row(
                    line.action(),
                    model + "/" + line.version(),
                    line.files().isPresent() ? bytes(line.sizeBytes()) : "",
                    line.why());
        }
        output.print(table);
        long versions = count(shown, "delete");
        if (versions + count(shown, "delete-files") == 0) {
            output.println("There is nothing to delete.");
            return;
        }
        String what =
                versions
                        + (versions == 1 ? " version" : " versions")
                        + " and "
                        + bytes(shown.sizeBytes())
                        + " bytes of files";
        output.println(
                yes
                        ? "Deleted: " + what + "."
                        : "Nothing is deleted yet. The same with --yes deletes "
                                + what
                                + ", for ever.");
    }

    private static long count(Shown shown, String action) {
        return shown.lines().stream().filter(line -> line.action().equals(action)).count();
    }

    private static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%,d", bytes);
    }
}
