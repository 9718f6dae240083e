package leat.launcher.cli;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import leat.core.contract.Contract;
import leat.core.patch.PatchRefused;
import leat.core.patch.PayloadPatch;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.stream.retry.DeadLetterRetry;
import leat.stream.retry.RetryRefused;
import leat.stream.retry.RetryReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `leat dead retry`: brings dead letters back.
@Command(
        name = "retry",
        description =
                "Bring dead letters back: to raw, or to the sink that refused them. Shows what would"
                        + " happen; --yes does it.",
        mixinStandardHelpOptions = true)
final class DeadRetryCommand implements Runnable {

    private static final int SAMPLES = 3;
    private static final int SAMPLES_IN_JSON = 100;
    private static final int MAX_SHOWN_CHARS = 2_000;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();
    @Mixin private DeadLetterChoice choice = new DeadLetterChoice();

    @Option(
            names = "--set",
            paramLabel = "ASSIGNMENT",
            description =
                    "Correct each event first: event.FIELD = a CEL expression over event, e.g."
                            + " 'event.country = \"NL\"'; may be repeated. Needs one CONTRACT.")
    private List<String> patches = new ArrayList<>();

    @Option(names = "--dry-run", description = "Only show what would happen; the default.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many of each contract. Default: all.")
    private long limit = Long.MAX_VALUE;

    @Override
    public void run() {
        if (yes && dryRun) {
            throw new ParameterException(spec.commandLine(), "Choose one of --dry-run and --yes.");
        }
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit is at least 1.");
        }
        Workspace opened = workspace.open();
        List<Contract> contracts = choice.returning(opened);
        if (!patches.isEmpty() && contracts.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "--set needs the CONTRACT whose fields are meant.");
        }
        try {
            Workspace joined = WorkspaceLog.joined(opened, ports.offset());
            List<DeadLetterRetry.Request> requests =
                    choice.returning(joined).stream()
                            .map(contract -> request(opened, contract))
                            .toList();
            DeadLetterRetry retry =
                    new DeadLetterRetry(
                            opened.log(ports.offset()), opened.names(), InstantSource.system());
            List<RetryReport> reports = new ArrayList<>();
            for (DeadLetterRetry.Request request : requests) {
                reports.add(yes ? done(retry, request) : preview(retry, request));
            }
            print(reports);
        } catch (PatchRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        } catch (RetryRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private DeadLetterRetry.Request request(Workspace opened, Contract contract) {
        return new DeadLetterRetry.Request(
                contract,
                choice.filter(opened),
                patches.stream().map(patch -> PayloadPatch.parse(contract, patch)).toList(),
                limit);
    }

    private RetryReport preview(DeadLetterRetry retry, DeadLetterRetry.Request request) {
        return retry.preview(request, output.json() ? SAMPLES_IN_JSON : SAMPLES);
    }

    private RetryReport done(DeadLetterRetry retry, DeadLetterRetry.Request request) {
        long begun = System.nanoTime();
        RetryReport report =
                retry.run(
                        request,
                        count -> {
                            if (!output.json() && count % 100_000 == 0) {
                                output.println(number(count) + " are back");
                            }
                        });
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (!output.json() && report.returning() > 0) {
            output.println(
                    String.format(
                            Locale.ROOT,
                            "%s: %,d in %.1f s",
                            report.contract(),
                            report.returning(),
                            seconds));
        }
        return report;
    }

    private void print(List<RetryReport> reports) {
        if (output.json()) {
            output.printJson(reports);
            return;
        }
        List<RetryReport> any = reports.stream().filter(report -> report.letters() > 0).toList();
        if (any.isEmpty()) {
            output.println("No dead letters.");
            return;
        }
        any.forEach(this::print);
        if (!yes && any.stream().anyMatch(report -> report.returning() > 0)) {
            output.println("Nothing is written yet. The same with --yes brings them back.");
        }
    }

    private void print(RetryReport report) {
        for (RetryReport.Sample sample : report.samples()) {
            output.println(sample.id() + " of " + sample.stage() + " " + sample.fate());
            output.println("  was " + shown(sample.payload()));
            if (!sample.corrected().isEmpty() && !sample.corrected().equals(sample.payload())) {
                output.println("  now " + shown(sample.corrected()));
            }
        }
        TextTable table = new TextTable("CONTRACT", "COUNT", "WHAT");
        String back = yes ? "came back to " : "would come back to ";
        report.returned()
                .forEach((way, count) -> table.row(report.contract(), number(count), back + way));
        row(table, report, report.before(), "had come back before");
        row(table, report, report.superseded(), "left: their events live already");
        report.diesAgain()
                .forEach((reason, count) ->
                        row(table, report, count, "left: would die again: " + reason));
        report.stays().forEach((why, count) -> row(table, report, count, "left: " + why));
        output.print(table);
    }

    private static void row(TextTable table, RetryReport report, long count, String what) {
        if (count > 0) {
            table.row(report.contract(), number(count), what);
        }
    }

    private static String shown(String payload) {
        return payload.length() <= MAX_SHOWN_CHARS
                ? payload
                : payload.substring(0, MAX_SHOWN_CHARS) + "…";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
