package leat.launcher.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import leat.bench.Metric;
import leat.bench.mqtt.Fleet;
import leat.bench.mqtt.FleetFailed;
import leat.bench.mqtt.FleetOutcome;
import leat.bench.mqtt.FleetPlan;
import leat.core.event.EventGenerator;
import leat.launcher.Platform;
import leat.launcher.Role;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLake;
import leat.launcher.config.Workspace;
import leat.stream.audit.Audit;
import leat.stream.audit.AuditJson;
import leat.stream.audit.AuditReport;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.audit.AuditRequest;
import leat.stream.audit.AuditSettings;
import leat.stream.audit.KafkaAuditLog;
import leat.stream.audit.LakeTableRows;
import leat.stream.lake.LakeCatalog;

/// `leat bench mqtt`: a fleet of connected cars, held by as many collectors as the machine's file
/// limit asks for, whose events go through to raw, enriched and the lake; then the audit.
public final class MqttBench {

    private static final Set<Role> ROLES =
            EnumSet.of(Role.KAFKA, Role.ENRICHMENT_API, Role.ENRICHER, Role.LAKE);
    private static final String ROLES_TEXT = "broker, enricher, lake; collectors; cars";
    private static final long SEED = 1;
    private static final Duration LEAST_WARM_UP = Duration.ofSeconds(3);
    private static final Duration MOST_WARM_UP = Duration.ofSeconds(30);
    private static final Duration ARRIVAL_LIMIT = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private static final String BAR = "the stated bar";
    private static final double CONNECTS_PER_SECOND_BAR = 1_000;
    private static final double P50_MILLIS_BAR = 50;
    private static final double P99_MILLIS_BAR = 250;
    private static final double BYTES_BAR = 12 << 10;

    private final Wish wish;
    private final Consumer<Metric> metrics;
    private final Consumer<String> progress;

    /// What is asked for.
    ///
    /// @param example a workspace whose contracts and reference data are used
    /// @param generator makes the cars' events
    /// @param work an empty folder
    /// @param eventsPerSecond of all cars together
    /// @param hold how long all of them are held while they publish
    public record Wish(
            Path example,
            String generator,
            Path work,
            int connections,
            double eventsPerSecond,
            Duration hold) {}

    public MqttBench(Wish wish, Consumer<Metric> metrics, Consumer<String> progress) {
        this.wish = wish;
        this.metrics = metrics;
        this.progress = progress;
    }

    /// Measures.
    ///
    /// @throws UserError when the machine cannot hold as many
    /// @throws FleetFailed when a process ends, or an event is lost or doubled
    public void run() {
        FleetPlan plan = WorkspaceFleet.plan(wish.connections());
        EventGenerator generator = EventGenerator.named(wish.generator());
        Workspace workspace = workspace(generator);
        try (Platform platform = Platform.start(workspace, new Platform.Options(ROLES, "1", 0))) {
            FleetOutcome outcome = drive(plan, workspace, generator);
            progress.accept("mqtt: " + outcome.text());
            awaitArrival(platform, workspace, outcome);
            audit(platform, workspace, outcome);
            report(outcome);
        }
    }

    private Workspace workspace(EventGenerator generator) {
        try {
            return BenchWorkspace.write(
                    wish.example(),
                    Files.createDirectories(wish.work().resolve("workspace")),
                    generator.contracts(),
                    wish.connections());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a workspace to " + wish.work(), e);
        }
    }

    private FleetOutcome drive(FleetPlan plan, Workspace workspace, EventGenerator generator) {
        Fleet.Parts parts =
                new WorkspaceFleet(workspace, 0, generator, "", wish.work(), progress)
                        .parts(
                                plan,
                                new Fleet.Size(
                                        wish.eventsPerSecond(), warmUp(), wish.hold(), SEED));
        try (Fleet fleet = Fleet.start(parts)) {
            return fleet.publish(fleet.connect());
        }
    }

    private Duration warmUp() {
        Duration quarter = wish.hold().dividedBy(4);
        return quarter.compareTo(LEAST_WARM_UP) < 0
                ? LEAST_WARM_UP
                : quarter.compareTo(MOST_WARM_UP) > 0 ? MOST_WARM_UP : quarter;
    }

    /// Waits until the lake has what was acknowledged, or nothing more comes.
    private void awaitArrival(Platform platform, Workspace workspace, FleetOutcome outcome) {
        long deadline = System.nanoTime() + ARRIVAL_LIMIT.toNanos();
        long rows = LakeRows.of(platform, workspace.contracts().all());
        while (rows < outcome.acked()) {
            if (System.nanoTime() > deadline) {
                throw new FleetFailed(
                        String.format(
                                Locale.ROOT,
                                "the lake has %,d of %,d acknowledged events after %d s; stages %s",
                                rows,
                                outcome.acked(),
                                ARRIVAL_LIMIT.toSeconds(),
                                platform.stageStates()));
            }
            LockSupport.parkNanos(LOOK_NANOS);
            rows = LakeRows.of(platform, workspace.contracts().all());
        }
        progress.accept(String.format(Locale.ROOT, "mqtt: %,d rows in the lake", rows));
    }

    private void audit(Platform platform, Workspace workspace, FleetOutcome outcome) {
        AuditReport report;
        try (KafkaAuditLog log =
                        new KafkaAuditLog(platform.log(), AuditSettings.DEFAULT.patience());
                LakeCatalog lake = WorkspaceLake.open(workspace)) {
            report =
                    new Audit(
                                    workspace.names(),
                                    AuditSettings.DEFAULT,
                                    new Audit.Sources(
                                            log,
                                            Optional.of(new LakeTableRows(lake)),
                                            Optional.empty()),
                                    wish.work(),
                                    InstantSource.system())
                            .run(
                                    new AuditRequest(
                                            workspace.contracts().all(),
                                            Instant.EPOCH,
                                            Instant.now(),
                                            true,
                                            Optional.empty()));
        }
        refuse(report, outcome);
    }

    /// The log has what was acknowledged and nothing that was not sent, and all of it has come to
    /// the lake once.
    private void refuse(AuditReport report, FleetOutcome outcome) {
        long raw = sum(report, Hop.ENRICHER, HopAudit::expected);
        long pending =
                sum(report, Hop.ENRICHER, HopAudit::pending)
                        + sum(report, Hop.LAKE, HopAudit::pending);
        // A collector whose log was slow has stored an event again; that is one event.
        long distinct = raw - sum(report, Hop.ENRICHER, HopAudit::duplicates);
        boolean complete =
                report.clean()
                        && pending == 0
                        && distinct >= outcome.acked()
                        && distinct <= outcome.sent();
        if (!complete) {
            throw new FleetFailed(
                    String.format(
                            Locale.ROOT,
                            "the audit does not add up: %,d sent, %,d acknowledged, %s",
                            outcome.sent(),
                            outcome.acked(),
                            AuditJson.of(report)));
        }
        progress.accept(
                String.format(
                        Locale.ROOT,
                        "mqtt: audit clean: %,d acknowledged, %,d raw, %,d enriched, %,d duplicates,"
                                + " %,d dead, %,d in the lake",
                        outcome.acked(),
                        raw,
                        sum(report, Hop.ENRICHER, HopAudit::found),
                        sum(report, Hop.ENRICHER, HopAudit::duplicates),
                        sum(report, Hop.ENRICHER, HopAudit::dead),
                        sum(report, Hop.LAKE, HopAudit::found)));
    }

    private static long sum(AuditReport report, Hop hop, ToLongFunction<HopAudit> figure) {
        return report.contracts().stream()
                .flatMap(contract -> contract.hops().stream())
                .filter(audit -> audit.hop() == hop)
                .mapToLong(figure)
                .sum();
    }

    private void report(FleetOutcome outcome) {
        metric("mqtt-connections-held", outcome.held(), "connections", wish.connections());
        metric(
                "mqtt-connect-rate",
                outcome.connectsPerSecond(),
                "connections/s",
                CONNECTS_PER_SECOND_BAR);
        metrics.accept(
                new Metric(
                        "mqtt-publish-rate",
                        outcome.ackedPerSecond(),
                        "events/s",
                        wish.eventsPerSecond(),
                        outcome.ackedPerSecond() / wish.eventsPerSecond(),
                        outcome.cpuSecondsPerMillion(),
                        0,
                        BAR,
                        1,
                        ROLES_TEXT));
        metric("mqtt-drops", outcome.drops(), "connections", 0);
        metric("mqtt-puback-p50-millis", outcome.latency().p50Millis(), "ms", P50_MILLIS_BAR);
        metric("mqtt-puback-p99-millis", outcome.latency().p99Millis(), "ms", P99_MILLIS_BAR);
        if (outcome.collectorBytes().isPresent()) {
            metric("mqtt-bytes-per-connection", outcome.bytesPerConnection(), "bytes", BYTES_BAR);
        }
    }

    /// @param bar what it is held against; 0 is only met by 0, and the ratio is the value then
    private void metric(String name, double value, String unit, double bar) {
        metrics.accept(
                new Metric(
                        name,
                        value,
                        unit,
                        bar,
                        bar == 0 ? value : value / bar,
                        0,
                        0,
                        BAR,
                        1,
                        ROLES_TEXT));
    }
}
