package leat.launcher.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.model.ModelFold;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;
import leat.launcher.WorkspaceModels;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat models list`: models with their versions.
@Command(
        name = "list",
        description = "List models with their versions, aliases, sizes and runs, newest first.",
        mixinStandardHelpOptions = true)
final class ModelsListCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "The model. Default: all.")
    private @Nullable String model;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "" + VersionRows.DEFAULT_LIMIT,
            description =
                    "How many versions of each model, other than those that an alias points to."
                            + " Default: ${DEFAULT-VALUE}.")
    private int limit;

    /// A model, for `--json`.
    ///
    /// @param aliases with the version that each points to
    /// @param versionCount of all, also of those that are not listed
    record Listed(
            String name,
            String description,
            Instant created,
            Instant updated,
            SortedMap<String, Integer> aliases,
            int versionCount,
            List<VersionRows.Row> versions) {}

    @Override
    public void run() {
        if (limit < 0) {
            throw new ParameterException(spec.commandLine(), "--limit cannot be below 0.");
        }
        List<Listed> listed = ModelsAnswer.of(workspace.open(), ports.offset(), this::listed);
        if (output.json()) {
            output.printJson(listed);
            return;
        }
        if (listed.isEmpty()) {
            output.println("No models.");
            return;
        }
        TextTable table = VersionRows.table();
        int leftOut = 0;
        for (Listed one : listed) {
            one.versions().forEach(row -> VersionRows.add(table, one.name(), row));
            if (one.versionCount() == 0) {
                table.row(one.name(), "none", "", "", "", "", "");
            }
            leftOut += one.versionCount() - one.versions().size();
        }
        output.print(table);
        if (leftOut > 0) {
            output.println(leftOut + " older versions are left out, --limit takes more.");
        }
    }

    private List<Listed> listed(WorkspaceModels models) {
        List<RegisteredModel> all =
                model == null
                        ? models.registry().read(ModelFold::models)
                        : List.of(new ModelChoice(models.registry()).model(model));
        List<Listed> listed = new ArrayList<>();
        for (RegisteredModel one : all) {
            List<ModelVersion> versions = models.models().versions(one.info().name());
            SortedMap<String, Integer> aliases = new TreeMap<>();
            one.aliases().forEach((name, alias) -> aliases.put(name, alias.version()));
            listed.add(
                    new Listed(
                            one.info().name(),
                            one.info().description(),
                            Instant.ofEpochMilli(one.info().createdMillis()),
                            Instant.ofEpochMilli(one.info().updatedMillis()),
                            aliases,
                            versions.size(),
                            new VersionRows(models.models(), limit).of(versions)));
        }
        return listed;
    }
}
