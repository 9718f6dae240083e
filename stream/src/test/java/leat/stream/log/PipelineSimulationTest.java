package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.file.Folders;
import leat.stream.audit.Audit;
import leat.stream.audit.AuditReport;
import leat.stream.audit.AuditRequest;
import leat.stream.audit.AuditSettings;
import leat.stream.collector.TestContracts;
import leat.stream.enricher.EnricherProcessor;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole pipeline on a log in memory: clients that send again what was not acknowledged, late
/// and in another order; two enrichers of a real contract, two loaders of the lake and one of
/// search, each of which may die between any two of its side effects. In the end each event is in
/// its places once, and no audit, taken at whatever moment, names an offence.
final class PipelineSimulationTest {

    private static final int RUNS = Integer.getInteger("leat.simulation.pipelines", 300);
    private static final int PARTITIONS = 2;
    private static final List<String> MEMBERS = List.of("a", "b");
    private static final Names NAMES = new Names("sim");
    private static final Contract CONTRACT =
            TestContracts.contract("readings", "1.0.0", List.of(), "");

    @TempDir private Path folder;

    @Test
    void endsWithEachEventOnceAndNoAuditOnTheWayCriesWolf() throws IOException {
        long base = Long.getLong("leat.simulation.seed", System.nanoTime());
        for (int run = 0; run < RUNS; run++) {
            long seed = base + run;
            Path own = Files.createDirectory(folder.resolve("run" + run));
            try {
                new Run(new Random(seed), own).check();
            } catch (AssertionError | RuntimeException e) {
                fail("failed with -Dleat.simulation.pipelines=1 -Dleat.simulation.seed=" + seed, e);
            }
            Folders.delete(own);
        }
    }

    /// One seeded history.
    private static final class Run {
        private final Random random;
        private final Path folder;
        private final double faultRate;
        private final SimulatedCluster cluster;
        private final SimulatedSinks sinks;
        private final Map<String, Enricher> enrichers = new HashMap<>();

        /// What the clients were told is stored, and whether it keeps the contract.
        private final Map<String, Boolean> acknowledged = new TreeMap<>();

        private final List<String> toSendAgain = new ArrayList<>();
        private long clockMillis = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();

        private record Enricher(Stage stage, SimulatedStageLog log) {}

        Run(Random random, Path folder) {
            this.random = random;
            this.folder = folder;
            this.faultRate = random.nextInt(3) * 0.02;
            List<TopicPartition> raw = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                raw.add(new TopicPartition(NAMES.raw(CONTRACT), partition));
            }
            this.cluster = new SimulatedCluster(raw);
            this.sinks = new SimulatedSinks(NAMES, CONTRACT, PARTITIONS, cluster);
        }

        void check() {
            MEMBERS.forEach(this::start);
            rebalance();
            int turns = 30 + random.nextInt(60);
            for (int turn = 0; turn < turns; turn++) {
                switch (random.nextInt(10)) {
                    case 0, 1 -> send();
                    case 2 -> sendAgain();
                    case 3 -> {
                        if (random.nextInt(4) == 0) {
                            rebalance();
                        }
                    }
                    case 4 -> {
                        if (random.nextInt(10) == 0) {
                            assertClean(audit(random.nextBoolean()));
                        }
                    }
                    case 5, 6 -> sinks.load(random, 10 * faultRate);
                    default -> enrich(MEMBERS.get(random.nextInt(MEMBERS.size())));
                }
            }
            while (!toSendAgain.isEmpty()) {
                sendAgain();
            }
            settle();
            assertEachEventOnce();
            for (boolean deep : new boolean[] {false, true}) {
                AuditReport report = audit(deep);
                assertClean(report);
                assertThat(report.contracts().getFirst().hops())
                        .as("%s", report)
                        .allMatch(hop -> hop.pending() == 0);
            }
        }

        private void settle() {
            enrichers.values().forEach(enricher -> enricher.log().heal());
            for (int turn = 0; turn < 2_000 && !(cluster.done() && sinks.done()); turn++) {
                enrich(MEMBERS.get(turn % MEMBERS.size()));
                sinks.load(random, 0);
            }
            assertThat(cluster.done() && sinks.done()).as("everything has arrived").isTrue();
            for (Enricher enricher : enrichers.values()) {
                enricher.stage().close();
                enricher.stage().run();
            }
        }

        private void assertEachEventOnce() {
            List<String> good = ids(true);
            List<String> bad = ids(false);
            assertThat(sinks.rows()).as("rows").containsExactlyInAnyOrderElementsOf(good);
            assertThat(sinks.documents()).as("documents").containsExactlyInAnyOrderElementsOf(good);
            assertThat(sinks.deadRows()).as("dead rows").hasSameSizeAs(bad);
            assertThat(sinks.deadDocuments()).as("dead documents").hasSameSizeAs(bad);
        }

        private List<String> ids(boolean good) {
            return acknowledged.entrySet().stream()
                    .filter(event -> event.getValue() == good)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        private AuditReport audit(boolean deep) {
            Instant now = Instant.ofEpochMilli(clockMillis + 1);
            return new Audit(
                            NAMES,
                            AuditSettings.DEFAULT,
                            new Audit.Sources(sinks, Optional.of(sinks), Optional.of(sinks)),
                            folder,
                            InstantSource.fixed(now))
                    .run(
                            new AuditRequest(
                                    List.of(CONTRACT), Instant.EPOCH, now, deep, Optional.empty()));
        }

        private static void assertClean(AuditReport report) {
            assertThat(report.clean()).as("%s", report).isTrue();
        }

        // The clients.

        private void send() {
            int count = random.nextInt(8);
            for (int i = 0; i < count; i++) {
                String id = "e" + acknowledged.size();
                acknowledged.put(id, random.nextInt(6) > 0);
                append(id);
                if (random.nextInt(4) == 0) {
                    toSendAgain.add(id);
                }
            }
        }

        /// The answer to an event was lost, so it comes once more, later than others.
        private void sendAgain() {
            if (!toSendAgain.isEmpty()) {
                String id = toSendAgain.remove(random.nextInt(toSendAgain.size()));
                append(id);
                if (random.nextInt(5) == 0) {
                    toSendAgain.add(id);
                }
            }
        }

        private void append(String id) {
            clockMillis += random.nextInt(3_000);
            int partition = Math.floorMod(id.hashCode(), PARTITIONS);
            TopicPartition raw = new TopicPartition(NAMES.raw(CONTRACT), partition);
            boolean good = Objects.requireNonNull(acknowledged.get(id));
            RecordHeaders headers = new RecordHeaders();
            EventHeader.add(headers, EventHeaders.SOURCE, "readings");
            EventHeader.add(headers, EventHeaders.ID, id);
            byte[] value =
                    ("{\"id\":\"" + id + "\",\"seq\":" + (good ? "7" : "\"x\"") + "}")
                            .getBytes(StandardCharsets.UTF_8);
            cluster.append(
                    new ConsumerRecord<>(
                            raw.topic(),
                            partition,
                            cluster.end(raw) + random.nextInt(10) / 9,
                            clockMillis,
                            TimestampType.LOG_APPEND_TIME,
                            0,
                            value.length,
                            id.getBytes(StandardCharsets.UTF_8),
                            value,
                            headers,
                            Optional.empty()));
        }

        // The enrichers.

        private void start(String member) {
            SimulatedStageLog log = new SimulatedStageLog(cluster, member, random, faultRate);
            StageSettings settings =
                    new StageSettings(
                            NAMES,
                            "enricher",
                            member,
                            1,
                            List.of(NAMES.raw(CONTRACT)),
                            100,
                            1 << 20,
                            Duration.ofMillis(10));
            EnricherProcessor processor =
                    new EnricherProcessor(
                            List.of(Flow.of(NAMES, CONTRACT)),
                            EnricherSettings.DEFAULT,
                            folder.resolve(member));
            Stage stage =
                    new Stage(
                            settings,
                            log,
                            cluster,
                            processor,
                            Runnable::run,
                            new SimulatedTicker());
            enrichers.put(member, new Enricher(stage, log));
        }

        private void enrich(String member) {
            try {
                Objects.requireNonNull(enrichers.get(member)).stage().step();
            } catch (SimulatedStageLog.Crash _) {
                cluster.kick(member);
                start(member);
            }
        }

        private void rebalance() {
            for (TopicPartition partition : cluster.partitions()) {
                cluster.want(partition, MEMBERS.get(random.nextInt(MEMBERS.size())));
            }
        }
    }
}
