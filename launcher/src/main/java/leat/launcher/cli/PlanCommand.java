package leat.launcher.cli;

import java.util.List;
import leat.launcher.WorkspacePlan;
import leat.launcher.config.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `leat plan`: what `leat up` would make or change, without doing it.
@Command(
        name = "plan",
        description =
                "Show what up would make or change: topics and tables; and which feature views and sets"
                        + " there are.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Override
    public void run() {
        Workspace opened = workspace.open();
        List<WorkspacePlan.Line> lines = WorkspacePlan.of(opened, ports.offset());
        if (output.json()) {
            output.printJson(lines);
            return;
        }
        TextTable table = new TextTable("ACTION", "KIND", "NAME", "DETAIL");
        lines.forEach(l -> table.row(l.action(), l.kind(), l.name(), l.detail()));
        output.print(table);
    }
}
