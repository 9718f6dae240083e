package leat.launcher.cli;

import java.math.BigDecimal;
import java.util.List;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.AlertStanding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat alerts`: what is firing, and taking it up.
@Command(
        name = "alerts",
        description = "Look at alerts, and take them up.",
        mixinStandardHelpOptions = true,
        subcommands = {AlertsCommand.ListCommand.class, AlertsCommand.AckCommand.class})
final class AlertsCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: list or ack.");
    }

    /// `leat alerts list`: those that go on, or all.
    @Command(
            name = "list",
            description = "List the alerts that are firing or acknowledged, oldest change first.",
            mixinStandardHelpOptions = true)
    static final class ListCommand implements Runnable {

        @Mixin private WorkspaceOption workspace = new WorkspaceOption();
        @Mixin private PortOption ports = new PortOption();
        @Mixin private Output output = new Output();

        @Option(names = "--all", description = "Resolved alerts too.")
        private boolean all;

        @Override
        public void run() {
            Workspace opened = workspace.open();
            List<AlertStanding> alerts =
                    standing(opened, ports).stream()
                            .filter(alert -> all || !alert.isResolved())
                            .toList();
            if (output.json()) {
                output.printJson(alerts);
                return;
            }
            if (alerts.isEmpty()) {
                output.println(all ? "No alerts." : "No alert is firing.");
                return;
            }
            TextTable table =
                    new TextTable("ALERT", "STATUS", "SEVERITY", "SINCE", "VALUE", "DEMAND");
            for (AlertStanding alert : alerts) {
                table.row(
                        alert.id(),
                        alert.status(),
                        alert.severity(),
                        alert.firedAt(),
                        alert.value()
                                .map(value ->
                                        BigDecimal.valueOf(value)
                                                .stripTrailingZeros()
                                                .toPlainString())
                                .orElse(""),
                        alert.demand());
            }
            output.print(table);
        }
    }

    /// `leat alerts ack`: somebody looks after it.
    @Command(
            name = "ack",
            description = "Acknowledge a firing alert; it stays until it is resolved.",
            mixinStandardHelpOptions = true)
    static final class AckCommand implements Runnable {

        @Mixin private WorkspaceOption workspace = new WorkspaceOption();
        @Mixin private PortOption ports = new PortOption();
        @Mixin private Output output = new Output();

        @Parameters(paramLabel = "ALERT", description = "Its name, as leat alerts list shows it.")
        private String id = "";

        /// What was asked for, for `--json`.
        record Asked(String alert, String status) {}

        @Override
        public void run() {
            Workspace opened = workspace.open();
            AlertStanding alert =
                    standing(opened, ports).stream()
                            .filter(one -> one.id().equals(id))
                            .findFirst()
                            .orElseThrow(() ->
                                    new UserError(
                                            "there is no alert '" + id + "'",
                                            "leat alerts list names those that are firing"));
            if (!alert.status().equals("firing")) {
                throw new UserError(
                        "the alert is " + alert.status(),
                        "only a firing alert can be acknowledged");
            }
            new AlertLog(
                            WorkspaceLog.answering(opened, ports.offset()),
                            opened.names(),
                            opened.modelAlerts())
                    .acknowledge(alert);
            if (output.json()) {
                output.printJson(new Asked(id, "acknowledging"));
            } else {
                output.println("The monitor is told; leat alerts list shows when it has acted.");
            }
        }
    }

    private static List<AlertStanding> standing(Workspace opened, PortOption ports) {
        Workspace joined = WorkspaceLog.joined(opened, ports.offset());
        return new AlertLog(joined.log(ports.offset()), joined.names(), joined.modelAlerts())
                .list(joined.judged().all());
    }
}
