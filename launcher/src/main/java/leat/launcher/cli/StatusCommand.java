package leat.launcher.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import leat.core.config.DurationText;
import leat.core.contract.Contract;
import leat.core.event.TopicId;
import leat.launcher.CollectorSpool;
import leat.launcher.WorkspaceLake;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.stream.inspect.ContractStatus;
import leat.stream.inspect.EventTimeStatus;
import leat.stream.inspect.LogSample;
import leat.stream.inspect.LogStatus;
import leat.stream.inspect.StageStatus;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakePositions;
import leat.stream.lake.LakeTables;
import leat.stream.log.EventTimes;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `leat status`: how far each stage of each contract has come.
@Command(
        name = "status",
        description = {
            "Show each stage's rate, lag, rejects, duplicates and freshness.",
            "REJECTED and DUPLICATES are events since the contract's first one, those that retention"
                    + " has deleted included. The enricher commits its two counts with its"
                    + " position, so they are exact whatever was killed. They are empty where only"
                    + " an older Leat has run, and begin with this one's first commit.",
            "The stage features.VIEW.vN computes a feature view of the workspace; its RATE/S and LAG"
                    + " count marks of transactions too. leat features backfill says which version"
                    + " serves.",
            "The stage spool is there while accepted events stand on the disk of a collector of this"
                    + " workspace: LAG says how many, FRESHNESS since when.",
            "WATERMARK is the least of the partitions' greatest event times among the enriched"
                    + " events; a partition whose newest event was appended a minute before the"
                    + " contract's newest is idle and left out. An event is late by as much as its"
                    + " time lies behind the greatest before it in its partition; P99 LATE is the"
                    + " bound (1s, 10s, 1m, 10m, 1h, 1d) that at most one event in a hundred"
                    + " exceeded since the enricher began to look. These are exact like the counts."
        },
        mixinStandardHelpOptions = true)
final class StatusCommand implements Runnable {

    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(1);

    private static final String SPOOL = "spool";

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    /// One stage, for `--json`.
    ///
    /// @param lifecycle of the contract: `active`, `deprecated until 2027-06-01, use car.v2`
    record Shown(
            String contract,
            String lifecycle,
            String stage,
            boolean started,
            double recordsPerSecond,
            long lag,
            Optional<Long> rejected,
            Optional<Long> duplicates,
            Optional<Long> freshnessMillis,
            Optional<EventTime> eventTime) {}

    /// Event time, at the enricher.
    ///
    /// @param late how many events were late by more than each bound
    record EventTime(
            String watermark,
            int idlePartitions,
            long events,
            Map<String, Long> late,
            Optional<Long> p99LateMillis) {}

    @Override
    public void run() {
        Workspace opened = workspace.open();
        List<Shown> shown = shown(opened);
        if (output.json()) {
            output.printJson(shown);
            return;
        }
        TextTable table =
                new TextTable(
                        "CONTRACT",
                        "STAGE",
                        "RATE/S",
                        "LAG",
                        "REJECTED",
                        "DUPLICATES",
                        "FRESHNESS");
        for (Shown row : shown) {
            table.row(
                    row.contract(),
                    row.stage() + (row.started() ? "" : " (not started)"),
                    String.format(Locale.ROOT, "%.0f", row.recordsPerSecond()),
                    Long.toString(row.lag()),
                    row.rejected().map(String::valueOf).orElse(""),
                    row.duplicates().map(String::valueOf).orElse(""),
                    row.freshnessMillis().map(StatusCommand::age).orElse(""));
        }
        output.print(table);
        printEventTimes(shown);
        opened.contracts().all().stream()
                .filter(contract -> contract.lifecycle().isDeprecated())
                .forEach(contract ->
                        output.println(contract.nameAndMajor() + " is " + contract.lifecycle()));
    }

    private List<Shown> shown(Workspace opened) {
        LogConnection log = WorkspaceLog.answering(opened, ports.offset());
        ViewStages views = new ViewStages(opened, log);
        BackfillSample before = views.sample();
        List<ContractStatus> statuses = statuses(opened, log);
        BackfillSample now = views.sample();
        CollectorSpool.Standings spooled = CollectorSpool.of(opened).standings();
        return statuses.stream()
                .flatMap(status ->
                        Stream.concat(
                                rows(opened, spooled, status),
                                views
                                        .of(
                                                status.contract(),
                                                lifecycle(opened, status.contract()),
                                                before,
                                                now)
                                        .stream()))
                .toList();
    }

    private static Stream<Shown> rows(
            Workspace opened, CollectorSpool.Standings spooled, ContractStatus status) {
        String lifecycle = lifecycle(opened, status.contract());
        Stream<Shown> stages =
                status.stages().stream().map(stage -> shown(status, lifecycle, stage));
        return Stream.concat(
                opened.contracts().all().stream()
                        .filter(contract -> contract.nameAndMajor().equals(status.contract()))
                        .flatMap(contract -> spool(contract, spooled.of(contract)).stream()),
                stages);
    }

    /// What stands in the spool of a collector that runs in this workspace.
    private static Optional<Shown> spool(Contract contract, CollectorSpool.Standing standing) {
        if (standing.events() == 0) {
            return Optional.empty();
        }
        long age = System.currentTimeMillis() - standing.oldestMillis();
        return Optional.of(
                new Shown(
                        contract.nameAndMajor(),
                        contract.lifecycle().toString(),
                        SPOOL,
                        true,
                        0,
                        standing.events(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Math.max(0, age)),
                        Optional.empty()));
    }

    private void printEventTimes(List<Shown> shown) {
        TextTable table = new TextTable("CONTRACT", "WATERMARK", "IDLE PARTITIONS", "P99 LATE");
        List<Shown> timed = shown.stream().filter(row -> row.eventTime().isPresent()).toList();
        if (timed.isEmpty()) {
            return;
        }
        for (Shown row : timed) {
            EventTime time = row.eventTime().orElseThrow();
            table.row(
                    row.contract(),
                    time.watermark(),
                    Integer.toString(time.idlePartitions()),
                    time.p99LateMillis()
                            .map(millis -> DurationText.of(Duration.ofMillis(millis)))
                            .orElse("over 1d"));
        }
        output.println("");
        output.print(table);
    }

    private static String lifecycle(Workspace opened, String nameAndMajor) {
        return opened.contracts().all().stream()
                .filter(contract -> contract.nameAndMajor().equals(nameAndMajor))
                .map(contract -> contract.lifecycle().toString())
                .findFirst()
                .orElse("");
    }

    private static List<ContractStatus> statuses(Workspace opened, LogConnection log) {
        try (Admin admin = log.admin();
                LakeCatalog catalog = WorkspaceLake.open(opened)) {
            LakeTables tables = new LakeTables(catalog);
            LogStatus status =
                    new LogStatus(
                            admin,
                            opened.names(),
                            (contract, topic) -> positions(tables, contract, topic),
                            Clock.systemUTC());
            List<Contract> contracts = opened.contracts().all();
            LogSample before = status.sample(contracts);
            LockSupport.parkNanos(BETWEEN_SAMPLES.toNanos());
            return status.status(contracts, before, status.sample(contracts));
        }
    }

    private static Optional<Map<Integer, Long>> positions(
            LakeTables tables, Contract contract, TopicId topic) {
        return tables.enriched(contract)
                .map(LakePositions::of)
                .map(positions -> {
                    Map<Integer, Long> next = new HashMap<>();
                    for (int p = 0; p < contract.log().partitions(); p++) {
                        next.put(p, positions.of(topic, p).orElse(0));
                    }
                    return next;
                });
    }

    private static Shown shown(ContractStatus status, String lifecycle, StageStatus stage) {
        boolean enricher = stage.stage().equals("enricher");
        return new Shown(
                status.contract(),
                lifecycle,
                stage.stage(),
                stage.started(),
                stage.recordsPerSecond(),
                stage.lag(),
                stage.rejected(),
                stage.duplicates(),
                stage.freshness().map(Duration::toMillis),
                enricher ? status.eventTime().map(StatusCommand::eventTime) : Optional.empty());
    }

    private static EventTime eventTime(EventTimeStatus status) {
        Map<String, Long> late = new LinkedHashMap<>();
        for (int i = 0; i < EventTimes.BOUNDS.size(); i++) {
            late.put(DurationText.of(EventTimes.BOUNDS.get(i)), status.late().get(i));
        }
        return new EventTime(
                status.watermark().toString(),
                status.idlePartitions(),
                status.events(),
                late,
                status.latenessP99().map(Duration::toMillis));
    }

    private static String age(long millis) {
        if (millis < 10_000) {
            return millis + " ms";
        }
        long seconds = millis / 1000;
        return seconds < 600 ? seconds + " s" : seconds / 60 + " min";
    }
}
