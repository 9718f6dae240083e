package leat.launcher.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLake;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.FeatureDrop;
import leat.ml.featurestore.ViewRefused;
import leat.ml.featurestore.online.OnlineSettings;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.ml.featurestore.online.RedisStore;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakePositions;
import leat.stream.lake.LakeTables;
import leat.stream.lake.TrainingTables;
import org.apache.iceberg.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat features drop`: deletes what the log and this disk have of a former version of a view.
@Command(
        name = "drop",
        description =
                "Delete a version of a feature view that nothing needs any more: its topics, groups"
                        + " and state. Shows what would be deleted; --yes does it, for ever. Tables"
                        + " of the lake stay.",
        mixinStandardHelpOptions = true)
final class FeaturesDropCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "VIEW.vN", description = "The version.")
    private String version = "";

    @Option(names = "--dry-run", description = "Only show what would be deleted; the default.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Delete it.")
    private boolean yes;

    @Option(
            names = "--lose-vectors",
            description =
                    "Also where the version has served and the lake does not have all its vectors."
                            + " Training sets cannot be made of them again.")
    private boolean loseVectors;

    /// One thing that there is of the version.
    ///
    /// @param action `delete`, `keep`, or `read` of a group that still does
    /// @param kind `topic`, `group`, `folder`, `redis` or `table`
    record Line(String action, String kind, String name, String detail) {}

    /// For `--json`.
    ///
    /// @param done whether it was deleted
    record Shown(String version, Optional<String> dropped, List<Line> lines, boolean done) {}

    /// What the lake has of it.
    ///
    /// @param table the table of its vectors
    /// @param whole whether all vectors that the log has are there too
    /// @param trainingSets tables that have rows from it
    private record InLake(Optional<String> table, boolean whole, List<String> trainingSets) {}

    @Override
    public void run() {
        if (yes && dryRun) {
            throw new ParameterException(spec.commandLine(), "Choose one of --dry-run and --yes.");
        }
        Workspace opened = workspace.open();
        refuseOwn(opened);
        FeatureDrop drop =
                new FeatureDrop(WorkspaceLog.answering(opened, ports.offset()), opened.names());
        try {
            FeatureDrop.Plan plan = drop.plan(version);
            InLake lake = inLake(opened, drop);
            List<Path> states = drop.states(opened.stateFolder(), version);
            List<Line> lines = lines(opened, plan, states, lake);
            if (yes) {
                refuseLoss(plan, lake);
                drop.register(plan);
                // Who reads is looked for again: nobody new begins to from now on.
                drop.delete(drop.plan(version));
                drop.deleteStates(states);
                deleteFromRedis(opened);
            }
            print(plan, lines);
        } catch (ViewRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        } catch (OnlineUnavailable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// What the workspace has may not go, nor what its views and sets are made of: they name
    /// versions of the workspace and no others.
    private void refuseOwn(Workspace opened) {
        opened.features().stream()
                .filter(view -> view.view().nameAndVersion().equals(version))
                .findFirst()
                .ifPresent(view -> {
                    throw new UserError(
                            version + " is the version of the workspace, " + view.view().file(),
                            "count its version up first, and let the new one take over");
                });
    }

    private InLake inLake(Workspace opened, FeatureDrop drop) {
        try (LakeCatalog lake = WorkspaceLake.open(opened)) {
            Optional<Table> table = new LakeTables(lake).vectors(version);
            FeatureDrop.Copy copy =
                    table.<FeatureDrop.Copy>map(there -> LakePositions.of(there)::of)
                            .orElse((_, _) -> OptionalLong.empty());
            return new InLake(
                    table.map(there -> lake.namespace() + "." + tableName()),
                    drop.isCopied(version, copy),
                    new TrainingTables(lake).madeOf(version));
        }
    }

    private String tableName() {
        return version.replace('-', '_').replace(".v", "_v");
    }

    private void refuseLoss(FeatureDrop.Plan plan, InLake lake) {
        if (lake.whole()) {
            return;
        }
        if (!lake.trainingSets().isEmpty()) {
            throw new UserError(
                    "the lake does not have all vectors of "
                            + version
                            + ", which training sets were made of: "
                            + String.join(", ", lake.trainingSets()),
                    "run the role lake until it has them, or remove these tables");
        }
        if (plan.served() && !loseVectors) {
            throw new UserError(
                    "the lake does not have all vectors of " + version + ", which has served",
                    "run the role lake until it has them, or give --lose-vectors");
        }
    }

    private List<Line> lines(
            Workspace opened, FeatureDrop.Plan plan, List<Path> states, InLake lake) {
        List<Line> lines = new ArrayList<>();
        plan.readers()
                .forEach(group ->
                        lines.add(
                                new Line(
                                        "read",
                                        "group",
                                        group,
                                        group.equals(opened.names().group("features." + version))
                                                ? "it is computed by a running process"
                                                : "a running process reads a topic")));
        plan.topics()
                .forEach((topic, bytes) ->
                        lines.add(
                                new Line(
                                        "delete",
                                        "topic",
                                        topic,
                                        String.format(Locale.ROOT, "%,d bytes", bytes))));
        plan.groups().forEach(group -> lines.add(new Line("delete", "group", group, "")));
        states.forEach(state -> lines.add(new Line("delete", "folder", state.toString(), "")));
        online(opened)
                .redis()
                .ifPresent(address ->
                        lines.add(new Line("delete", "redis", latest(opened), "in " + address)));
        lake.table()
                .ifPresent(table ->
                        lines.add(
                                new Line(
                                        "keep",
                                        "table",
                                        table,
                                        lake.whole()
                                                ? "has all vectors"
                                                : "does not have all vectors of the log")));
        lake.trainingSets()
                .forEach(table -> lines.add(new Line("keep", "table", table, "was made of it")));
        return lines;
    }

    private void deleteFromRedis(Workspace opened) {
        OnlineSettings online = online(opened);
        if (online.redis().isPresent()) {
            RedisStore.remove(online, opened.withSecrets(online::password), latest(opened));
        }
    }

    private static OnlineSettings online(Workspace opened) {
        return opened.config().features().online();
    }

    private String latest(Workspace opened) {
        return opened.names().ofView(version).get(1);
    }

    private void print(FeatureDrop.Plan plan, List<Line> lines) {
        if (output.json()) {
            output.printJson(
                    new Shown(version, plan.dropped().map(since -> since.toString()), lines, yes));
            return;
        }
        plan.dropped()
                .ifPresent(since ->
                        output.println(version + " is registered as dropped since " + since));
        TextTable table = new TextTable("WHAT", "KIND", "NAME", "DETAIL");
        lines.forEach(line -> table.row(line.action(), line.kind(), line.name(), line.detail()));
        output.print(table);
        output.println(
                yes
                        ? version + " is dropped."
                        : "Nothing is deleted yet. The same with --yes deletes it, for ever.");
    }
}
