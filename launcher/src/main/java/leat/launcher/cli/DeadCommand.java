package leat.launcher.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.stream.inspect.DeadLetter;
import leat.stream.inspect.DeadLetters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat dead`: what died and why.
@Command(
        name = "dead",
        description = "Look at dead letters, and bring them back.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DeadCommand.ListCommand.class,
            DeadCommand.ShowCommand.class,
            DeadRetryCommand.class
        })
final class DeadCommand implements Runnable {

    private static final int SHORT_ID_CHARS = 12;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command: list, show or retry.");
    }

    /// `leat dead list`: counts by contract, version, stage, reason and field.
    @Command(
            name = "list",
            description = "Count dead letters by contract, version, stage, reason and field.",
            mixinStandardHelpOptions = true)
    static final class ListCommand implements Runnable {

        @Mixin private WorkspaceOption workspace = new WorkspaceOption();
        @Mixin private PortOption ports = new PortOption();
        @Mixin private Output output = new Output();
        @Mixin private DeadLetterChoice choice = new DeadLetterChoice();

        @Override
        public void run() {
            Workspace opened = workspace.open();
            DeadLetters.Listing listing =
                    new DeadLetters(WorkspaceLog.answering(opened, ports.offset()), opened.names())
                            .list(choice.contracts(opened), choice.filter(opened));
            if (output.json()) {
                output.printJson(listing);
                return;
            }
            if (listing.letters() == 0) {
                output.println(
                        listing.complete()
                                ? "No dead letters."
                                : "No dead letters among the newest that were searched.");
                return;
            }
            TextTable table =
                    new TextTable(
                            "CONTRACT",
                            "STAGE",
                            "REASON",
                            "COUNT",
                            "SAMPLE",
                            "FIELD",
                            "VERSION",
                            "LAST SEEN",
                            "FIRST SEEN");
            for (DeadLetters.Group group : listing.groups()) {
                table.row(
                        group.contract(),
                        group.stage(),
                        group.code(),
                        Long.toString(group.count()),
                        shortened(group.sampleId()),
                        group.field(),
                        group.version(),
                        minute(group.last()),
                        minute(group.first()));
            }
            output.print(table);
            output.println(
                    String.format(
                            Locale.ROOT,
                            "%,d dead letter%s%s. One in full: leat dead show SAMPLE",
                            listing.letters(),
                            listing.letters() == 1 ? "" : "s",
                            listing.complete() ? "" : " among the newest that were searched"));
        }
    }

    /// A time as a table has room for it, in UTC.
    static String minute(Instant time) {
        return time.truncatedTo(ChronoUnit.MINUTES).toString().replace(":00Z", "Z");
    }

    /// As much of an id as a table has room for and `leat dead show` needs.
    private static String shortened(String id) {
        return id.substring(0, Math.min(id.length(), SHORT_ID_CHARS));
    }

    /// `leat dead show`: one in full.
    @Command(
            name = "show",
            description = "Show one dead letter with payload, reasons and headers.",
            mixinStandardHelpOptions = true)
    static final class ShowCommand implements Runnable {

        @Mixin private WorkspaceOption workspace = new WorkspaceOption();
        @Mixin private PortOption ports = new PortOption();
        @Mixin private Output output = new Output();

        @Parameters(
                paramLabel = "ID",
                description =
                        "Its id or the first characters of it, or a position,"
                                + " topic/partition@offset.")
        private String id = "";

        /// The dead letter, for `--json`.
        record Shown(
                String id,
                String contract,
                String version,
                String stage,
                String position,
                Instant appended,
                List<DeadLetter.DeathReason> reasons,
                Map<String, String> headers,
                String payload) {}

        @Override
        public void run() {
            Workspace opened = WorkspaceLog.joined(workspace.open(), ports.offset());
            DeadLetter letter =
                    new DeadLetters(opened.log(ports.offset()), opened.names())
                            .show(DeadLetterChoice.all(opened), id)
                            .orElseThrow(() ->
                                    new UserError(
                                            "not exactly one dead letter has the id or position "
                                                    + id,
                                            "find one with: leat dead list"));
            if (output.json()) {
                output.printJson(shown(letter));
                return;
            }
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("id", letter.id());
            lines.put("contract", letter.contract() + " " + letter.version());
            lines.put("stage", letter.stage());
            lines.put("position", letter.event().where());
            lines.put("appended", letter.event().appended().toString());
            lines.forEach((name, value) -> output.println(String.format("%-10s%s", name, value)));
            for (DeadLetter.DeathReason reason : letter.reasons()) {
                output.println(
                        String.format(
                                "%-10s%s %s: %s",
                                "reason", reason.code(), reason.field(), reason.message()));
            }
            letter.event()
                    .headers()
                    .forEach((name, value) ->
                            output.println(String.format("%-10s%s = %s", "header", name, value)));
            output.println("");
            output.println(letter.event().value().text());
        }

        private static Shown shown(DeadLetter letter) {
            return new Shown(
                    letter.id(),
                    letter.contract(),
                    letter.version(),
                    letter.stage(),
                    letter.event().where(),
                    letter.event().appended(),
                    letter.reasons(),
                    letter.event().headers(),
                    letter.event().value().text());
        }
    }
}
