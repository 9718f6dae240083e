package leat.launcher.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import leat.core.contract.Contract;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.stream.send.ClientAccess;
import leat.stream.send.FileSender;
import leat.stream.send.Format;
import leat.stream.send.InputSource;
import leat.stream.send.SendException;
import leat.stream.send.SendOptions;
import leat.stream.send.SendProgress;
import leat.stream.send.SendResult;
import leat.stream.send.SendSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat send CONTRACT FILE…`: files or standard input as events.
@Command(
        name = "send",
        description = "Send files (CSV, TSV, JSONL, JSON, Parquet, also .gz and .zst) as events.",
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";
    private static final int PROBE_MILLIS = 2_000;

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();
    @Mixin private ClientAccessOption client = new ClientAccessOption();

    @Parameters(index = "0", paramLabel = "CONTRACT", description = "The contract of the events.")
    private String contract = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files, or - for standard input.")
    private List<String> files = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv, tsv, jsonl, json or parquet. Default: by name and content.")
    private @Nullable Format format;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Events a second to hold. Default: as fast as they are taken.")
    private @Nullable Double rate;

    @Option(
            names = "--loop",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "0",
            defaultValue = "1",
            description =
                    "Send the files N times, or until stopped without N; each pass makes new events"
                            + " where the contract has no id fields.")
    private int passes = 1;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "Part of the events' ids: the same files with another key are other events,"
                            + " where the contract has no id fields.")
    private @Nullable String key;

    @Option(
            names = "--follow",
            description =
                    "Go on with lines of JSON as they are appended, across renamed and cut off files"
                            + " (tail -F), until Ctrl-C. How far each file was read is kept in the"
                            + " log.")
    private boolean follow;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description =
                    "With --follow: what tells this machine's files from those of others. Default:"
                            + " the host's name.")
    private @Nullable String source;

    @Option(
            names = "--to",
            paramLabel = "URL",
            description =
                    "The collector, http://HOST:PORT or grpc://HOST:PORT, or https:// and grpcs://"
                            + " behind TLS. Default: the workspace's, on this machine, by HTTP.")
    private @Nullable URI collector;

    /// What was sent, for `--json`.
    record Sent(
            long rows,
            long accepted,
            long dead,
            long refused,
            long resumed,
            boolean complete,
            double rowsPerSecond,
            Map<String, Long> rejections) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Workspace opened = workspace.open();
        Contract chosen = ContractChoice.require(opened.contracts(), contract);
        URI address =
                collector == null ? opened.ports(ports.offset()).collectorAddress() : collector;
        ClientAccess access = client.access(address);
        absence(address).ifPresent(text -> output.err().println("leat: " + text + "."));
        if (follow) {
            refuseWithFollow();
            return new FollowRun(opened, ports.offset(), output)
                    .run(
                            new FollowRun.Files(
                                    chosen,
                                    Optional.ofNullable(source),
                                    files.stream().map(java.nio.file.Path::of).toList()),
                            address,
                            () -> client.access(address));
        }
        if (source != null) {
            throw new UserError("--source is for --follow", "leave it out, or add --follow");
        }
        FileSender sender = new FileSender(address, chosen, SendSettings.DEFAULTS, access);
        Thread stopOnSignal = new Thread(sender::stop, "leat-send-stop");
        Runtime.getRuntime().addShutdownHook(stopOnSignal);
        try (ProgressLine line = new ProgressLine(output.err())) {
            SendResult result =
                    sender.send(
                            files.stream().map(SendCommand::input).toList(),
                            options(opened),
                            snapshot -> line.show(text(snapshot)));
            line.clear();
            report(result);
            return result.complete() && result.refused() == 0 ? ExitCode.DONE : ExitCode.FAILED;
        } catch (SendException e) {
            throw new UserError(withoutFullStop(e), "nothing confirmed is lost: run it again");
        }
    }

    /// What to tell when nothing answers there. Sending waits all the same, since the collector may
    /// be starting.
    static Optional<String> absence(URI collector) {
        if (collector.getHost() == null || collector.getPort() < 0) {
            return Optional.empty();
        }
        try (Socket probe = new Socket()) {
            InetSocketAddress place =
                    new InetSocketAddress(collector.getHost(), collector.getPort());
            probe.connect(place, PROBE_MILLIS);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "nothing answers at " + collector + " yet, waiting for it; leat up starts it");
        }
    }

    private void refuseWithFollow() {
        boolean other = format != null && format != Format.JSONL;
        if (other || rate != null || passes != 1 || key != null) {
            throw new UserError(
                    "--follow reads lines of JSON as they come",
                    "leave --format, --rate, --loop and --key out");
        }
        for (String file : files) {
            if (file.equals(STANDARD_INPUT) || file.matches(".*\\.(gz|zst|parquet|csv|tsv)")) {
                throw new UserError(
                        "--follow cannot follow " + file,
                        "name a plain file of lines; standard input is followed without --follow");
            }
        }
    }

    private SendOptions options(Workspace opened) {
        return new SendOptions(
                Optional.ofNullable(format),
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                passes,
                Optional.ofNullable(key),
                opened.stateFolder().resolve("send"));
    }

    private static InputSource input(String file) {
        return file.equals(STANDARD_INPUT)
                ? new InputSource.Stream("standard input", System.in)
                : new InputSource.File(java.nio.file.Path.of(file));
    }

    private static String text(SendProgress.Snapshot at) {
        StringBuilder text = new StringBuilder(at.input());
        if (at.share().isPresent()) {
            text.append(String.format(Locale.ROOT, " %3.0f%%", at.share().getAsDouble() * 100));
        }
        text.append(
                String.format(
                        Locale.ROOT,
                        "  %,d rows, %,d rejected, %,.0f/s",
                        at.rows(),
                        at.rejected(),
                        at.rowsPerSecond()));
        at.left().ifPresent(left -> text.append(", ").append(seconds(left)).append(" left"));
        return text.toString();
    }

    private static String seconds(Duration left) {
        long seconds = left.toSeconds();
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }

    private void report(SendResult result) {
        if (output.json()) {
            Map<String, Long> rejections = new TreeMap<>();
            result.rejections()
                    .forEach(r ->
                            rejections.merge(r.code() + " " + r.field(), r.count(), Long::sum));
            output.printJson(
                    new Sent(
                            result.rows(),
                            result.accepted(),
                            result.dead(),
                            result.refused(),
                            result.resumed(),
                            result.complete(),
                            result.rowsPerSecond(),
                            rejections));
            return;
        }
        output.println(
                String.format(
                        Locale.ROOT,
                        "%,d rows: %,d accepted, %,d dead, %,d refused, in %.1f s (%,.0f rows/s)%s",
                        result.rows(),
                        result.accepted(),
                        result.dead(),
                        result.refused(),
                        result.elapsed().toNanos() / 1e9,
                        result.rowsPerSecond(),
                        result.resumed() > 0
                                ? String.format(
                                        Locale.ROOT, ", %,d of them earlier", result.resumed())
                                : ""));
        for (SendResult.Rejection rejection : result.rejections()) {
            output.println(
                    String.format(
                            Locale.ROOT,
                            "  %,d × %s %s",
                            rejection.count(),
                            rejection.code(),
                            rejection.field()));
            for (SendResult.Example example : rejection.examples()) {
                output.println(
                        "      "
                                + example.input()
                                + ":"
                                + example.line()
                                + ": "
                                + example.message());
            }
        }
        if (result.accepted() > 0) {
            output.println(
                    "Accepted events are checked against the contract next; those that break it"
                            + " are in: leat dead list "
                            + contract);
        }
        if (!result.repeatable()) {
            output.println("The events have new ids: sent again they are not found as duplicates.");
        }
    }

    private static String withoutFullStop(SendException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
