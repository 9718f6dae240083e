package leat.launcher.cli;

import java.util.List;
import leat.core.contract.Contract;
import leat.launcher.config.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `leat validate`: reads the whole workspace; every problem is named with file and line.
@Command(
        name = "validate",
        description = "Check leat.yaml and all contracts; name every problem with file and line.",
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private Output output = new Output();

    /// A sound contract, for `--json`.
    record Sound(String contract, String version, int fields, String file) {}

    @Override
    public void run() {
        Workspace opened = workspace.open();
        List<Sound> sound =
                opened.contracts().all().stream().map(contract -> sound(opened, contract)).toList();
        if (output.json()) {
            output.printJson(sound);
            return;
        }
        TextTable table = new TextTable("CONTRACT", "VERSION", "FIELDS", "FILE");
        sound.forEach(
                c -> table.row(c.contract(), c.version(), Integer.toString(c.fields()), c.file()));
        table.lines(ProgressLine.tableWidth()).forEach(output::println);
    }

    private static Sound sound(Workspace workspace, Contract contract) {
        return new Sound(
                contract.name().value(),
                contract.version().toString(),
                contract.fields().size(),
                workspace.folder().relativize(contract.file().toAbsolutePath()).toString());
    }
}
