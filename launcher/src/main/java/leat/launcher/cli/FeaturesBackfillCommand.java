package leat.launcher.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.BackfillStatus;
import leat.ml.featurestore.FeatureBackfill;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.ServingTerm;
import leat.ml.featurestore.ViewRefused;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat features backfill`: how far views are on their way to serve.
@Command(
        name = "backfill",
        description = {
            "Show which version of each feature view serves, and how far a new one is filled.",
            "A version with a higher number is computed from its source's first event on, beside the"
                    + " one that serves, and takes over when it has reached it: of the events from"
                    + " the positions on that are shown its vectors are the served ones."
        },
        mixinStandardHelpOptions = true)
final class FeaturesBackfillCommand implements Runnable {

    private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            arity = "0..1",
            paramLabel = "VIEW",
            description = "The view, NAME or NAME.vN. Default: all.")
    private @Nullable String view;

    @Option(
            names = "--follow",
            description = "Show the progress until every version has taken over.")
    private boolean follow;

    /// One view, for `--json`.
    ///
    /// @param filling the version on its way
    /// @param processed of the workspace's version
    /// @param since when the serving version took over
    /// @param from the positions from which on its vectors are the served ones, by partition
    record Shown(
            String view,
            String state,
            Optional<Integer> serving,
            Optional<Integer> filling,
            long processed,
            long total,
            double recordsPerSecond,
            Optional<Long> secondsLeft,
            Optional<String> since,
            Map<Integer, Long> from) {}

    @Override
    public void run() {
        Workspace opened = WorkspaceLog.joined(workspace.open(), ports.offset());
        List<FeatureFlow> flows = new FlowChoice(opened).choose(Optional.ofNullable(view));
        FeatureBackfill backfill = new FeatureBackfill(opened.log(ports.offset()), opened.names());
        try {
            BackfillSample before = BackfillSample.of(backfill, flows);
            BackfillSample now = next(backfill, flows);
            if (follow) {
                try (ProgressLine progress = new ProgressLine(output.err())) {
                    while (now.statuses().stream().anyMatch(BackfillStatus::isUnderWay)) {
                        progress.show(line(shown(before, now)));
                        before = now;
                        now = next(backfill, flows);
                    }
                }
            }
            print(shown(before, now), now.statuses());
        } catch (ViewRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// A look a second after the last one, so that both give a rate.
    private static BackfillSample next(FeatureBackfill backfill, List<FeatureFlow> flows) {
        LockSupport.parkNanos(SAMPLE_NANOS);
        return BackfillSample.of(backfill, flows);
    }

    private static List<Shown> shown(BackfillSample before, BackfillSample now) {
        List<Shown> shown = new ArrayList<>();
        for (int i = 0; i < now.statuses().size(); i++) {
            shown.add(shown(now.statuses().get(i), now.rate(before, i)));
        }
        return shown;
    }

    private static Shown shown(BackfillStatus status, double rate) {
        boolean filling = status.state() == BackfillStatus.State.FILLING;
        Optional<ServingTerm> term =
                status.terms().size() > 1
                        ? Optional.of(status.terms().getLast())
                        : Optional.empty();
        OptionalDouble left =
                filling && rate > 0
                        ? OptionalDouble.of((status.total() - status.processed()) / rate)
                        : OptionalDouble.empty();
        return new Shown(
                status.view(),
                status.state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                status.serving().stream().boxed().findFirst(),
                filling ? Optional.of(status.version()) : Optional.empty(),
                status.processed(),
                status.total(),
                rate,
                left.isPresent()
                        ? Optional.of((long) Math.ceil(left.getAsDouble()))
                        : Optional.empty(),
                term.map(taken -> taken.since().toString()),
                term.<Map<Integer, Long>>map(taken -> new TreeMap<>(taken.from()))
                        .orElseGet(LinkedHashMap::new));
    }

    private void print(List<Shown> shown, List<BackfillStatus> statuses) {
        if (output.json()) {
            output.printJson(shown);
            return;
        }
        TextTable table =
                new TextTable(
                        "VIEW",
                        "STATE",
                        "SERVING",
                        "FILLING",
                        "PROCESSED",
                        "TOTAL",
                        "RATE/S",
                        "LEFT");
        for (Shown row : shown) {
            table.row(
                    row.view(),
                    row.state(),
                    row.serving().map(version -> "v" + version).orElse(""),
                    row.filling().map(version -> "v" + version).orElse(""),
                    Long.toString(row.processed()),
                    Long.toString(row.total()),
                    String.format(Locale.ROOT, "%.0f", row.recordsPerSecond()),
                    row.secondsLeft().map(FeaturesBackfillCommand::time).orElse(""));
        }
        output.print(table);
        statuses.stream()
                .filter(status -> status.terms().size() > 1)
                .forEach(status -> output.println(takenOver(status)));
    }

    private static String takenOver(BackfillStatus status) {
        ServingTerm last = status.terms().getLast();
        ServingTerm earlier = status.terms().get(status.terms().size() - 2);
        String positions =
                last.from().isEmpty()
                        ? "from the first event of its source on"
                        : new TreeMap<>(last.from())
                                .entrySet().stream()
                                        .map(from -> from.getKey() + "@" + from.getValue())
                                        .collect(Collectors.joining(", ", "from ", " on"));
        return status.view()
                + ": v"
                + last.version()
                + " took over from v"
                + earlier.version()
                + " at "
                + last.since()
                + ", "
                + positions;
    }

    private static String line(List<Shown> shown) {
        return shown.stream()
                .filter(row -> row.filling().isPresent() || row.serving().isEmpty())
                .map(row ->
                        row.filling()
                                .map(version ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s.v%d %,d of %,d, %,.0f/s%s",
                                                row.view(),
                                                version,
                                                row.processed(),
                                                row.total(),
                                                row.recordsPerSecond(),
                                                row.secondsLeft()
                                                        .map(left -> ", " + time(left) + " left")
                                                        .orElse("")))
                                .orElse(row.view() + " " + row.state()))
                .collect(Collectors.joining("; "));
    }

    private static String time(long seconds) {
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }
}
