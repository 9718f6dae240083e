package leat.stream.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import leat.core.event.Hash128;
import leat.core.event.Names.DeadStage;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.audit.AuditReport.Offences;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditTest {

    private static final int EVENTS = 3_000;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aPlatformWithoutFaultsIsCleanAndEveryRecordIsAccountedFor(long seed) {
        SimulatedPlatform platform = SimulatedPlatform.run(seed, EVENTS);

        AuditReport fast = audit(platform, false);
        AuditReport deep = audit(platform, true);

        for (AuditReport report : List.of(fast, deep)) {
            assertThat(report.clean()).as("seed %d: %s", seed, report).isTrue();
            HopAudit enricher = hop(report, Hop.ENRICHER);
            assertThat(enricher.expected()).isEqualTo(EVENTS);
            assertThat(enricher.duplicates()).isPositive();
            for (HopAudit hop : report.contracts().getFirst().hops()) {
                assertThat(
                                hop.found()
                                        + hop.duplicates()
                                        + hop.dead()
                                        + hop.refused()
                                        + hop.superseded()
                                        + hop.pending())
                        .as("seed %d %s", seed, hop)
                        .isEqualTo(hop.expected());
            }
            assertThat(hop(report, Hop.LAKE).expected()).isEqualTo(enricher.found());
            assertThat(hop(report, Hop.LAKE).pending()).isPositive();
            long letters =
                    Stream.of(DeadStage.values())
                            .mapToLong(stage -> platform.all(platform.dead(stage)).size())
                            .sum();
            long late =
                    platform.all(platform.dead(DeadStage.COLLECTOR)).stream()
                            .filter(letter -> letter.timestamp() >= platform.end.toEpochMilli())
                            .count();
            assertThat(hop(report, Hop.LAKE_DEAD).expected()).isEqualTo(letters - late);
            assertThat(hop(report, Hop.SEARCH_DEAD).expected()).isEqualTo(letters - late);
            assertThat(hop(report, Hop.SEARCH_DEAD).superseded()).isPositive();
        }
        assertThat(hop(deep, Hop.LAKE_DEAD)).isEqualTo(notByCount(hop(fast, Hop.LAKE_DEAD)));
        assertThat(hop(deep, Hop.SEARCH_DEAD)).isEqualTo(notByCount(hop(fast, Hop.SEARCH_DEAD)));
        assertThat(hop(deep, Hop.LAKE)).isEqualTo(notByCount(hop(fast, Hop.LAKE)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void anyPartOfACleanWindowIsClean(long seed) {
        SimulatedPlatform platform = SimulatedPlatform.run(seed, EVENTS);
        long span = Duration.between(SimulatedPlatform.START, platform.end).toMillis();
        Random random = new Random(seed);
        Instant from = SimulatedPlatform.START.plusMillis(random.nextLong(span - 10));
        Instant to = from.plusMillis(1 + random.nextLong(span));

        for (boolean deep : new boolean[] {false, true}) {
            AuditReport report = audit(platform, from, to, deep, Optional.empty());

            assertThat(report.clean()).as("seed %d: %s", seed, report).isTrue();
            assertThat(hop(report, Hop.ENRICHER).expected())
                    .isEqualTo(
                            platform.all(platform.raw()).stream()
                                    .filter(r -> r.timestamp() >= from.toEpochMilli())
                                    .filter(r -> r.timestamp() < to.toEpochMilli())
                                    .count());
        }
    }

    private static Stream<Arguments> faultsAndSeeds() {
        return AuditFaults.faults().stream()
                .flatMap(fault -> Stream.of(1L, 2L, 3L).map(seed -> Arguments.of(fault, seed)));
    }

    @ParameterizedTest
    @MethodSource("faultsAndSeeds")
    void everyFaultIsFoundFastAndDeep(AuditFaults.Fault fault, long seed) {
        SimulatedPlatform platform = SimulatedPlatform.run(seed, EVENTS);
        fault.act().accept(platform, new Random(seed));

        for (boolean deep : new boolean[] {false, true}) {
            AuditReport report = audit(platform, deep);

            Map<Offence, Offences> found = offences(report);
            assertThat(report.clean()).as("%s, seed %d, deep %s", fault, seed, deep).isFalse();
            assertThat(found)
                    .as("%s, seed %d, deep %s", fault, seed, deep)
                    .containsKey(fault.offence());
            assertThat(of(found, fault.offence()).count())
                    .isEqualTo(fault.name().startsWith("two ") ? 2 : 1);
            assertThat(of(found, fault.offence()).first()).isNotEmpty();
        }
    }

    @Test
    void aRowMissingAndAnotherDoubledIsSeenOnlyDeep() {
        // Given two faults that even out in a partition's count
        SimulatedPlatform platform = SimulatedPlatform.run(4, EVENTS);
        List<SimulatedPlatform.Row> ofPartition =
                platform.rows.stream().filter(row -> row.partition() == 0).toList();
        platform.rows.remove(ofPartition.get(3));
        platform.rows.add(ofPartition.get(8));

        // When
        AuditReport fast = audit(platform, false);
        AuditReport deep = audit(platform, true);

        // Then
        assertThat(fast.clean()).isTrue();
        assertThat(hop(fast, Hop.LAKE).byCount()).isTrue();
        assertThat(offences(deep).keySet())
                .containsExactly(Offence.ROW_MISSING, Offence.ROW_DOUBLED);
    }

    @Test
    void manyOffencesAreCountedAndTwentyOfThemNamed() {
        SimulatedPlatform platform = SimulatedPlatform.run(5, EVENTS);
        long below = platform.rows.stream().filter(row -> row.partition() == 1).count();
        platform.rows.removeIf(row -> row.partition() == 1);

        AuditReport report = audit(platform, false);

        Offences missing = of(offences(report), Offence.ROW_MISSING);
        assertThat(missing.count()).isEqualTo(below);
        assertThat(missing.first())
                .hasSize(20)
                .allMatch(where -> where.startsWith("sim.raw.readings.v1/1@"));
    }

    @Test
    void whatTheStagesHaveNotComeToIsPendingAndNotWrong() {
        // Given stages that have not begun
        SimulatedPlatform platform = SimulatedPlatform.run(6, EVENTS);
        platform.partitions(platform.enriched()).forEach(List::clear);
        for (DeadStage stage : DeadStage.values()) {
            platform.partitions(platform.dead(stage)).forEach(List::clear);
        }
        platform.enricherPositions.clear();
        platform.lakePositions.replaceAll((_, _) -> 0L);
        platform.searchPositions.clear();
        platform.rows.clear();
        platform.documents.clear();
        platform.deadRows.clear();
        platform.deadDocuments.clear();

        AuditReport report = audit(platform, true);

        assertThat(report.clean()).isTrue();
        assertThat(hop(report, Hop.ENRICHER).pending()).isEqualTo(EVENTS);
        assertThat(hop(report, Hop.LAKE).expected()).isZero();
    }

    @Test
    void deadLettersThatTheLoadersHaveNotComeToArePendingOfWhateverStage() {
        // Given letters of all stages, and loaders of dead letters that have not begun
        SimulatedPlatform platform = SimulatedPlatform.run(6, EVENTS);
        platform.deadRows.clear();
        platform.deadDocuments.clear();
        platform.deadLakePositions.clear();
        platform.deadSearchPositions.clear();

        for (boolean deep : new boolean[] {false, true}) {
            AuditReport report = audit(platform, deep);

            assertThat(report.clean()).isTrue();
            HopAudit lake = hop(report, Hop.LAKE_DEAD);
            assertThat(lake.pending()).isPositive().isEqualTo(lake.expected());
            HopAudit search = hop(report, Hop.SEARCH_DEAD);
            assertThat(search.pending() + search.superseded()).isEqualTo(search.expected());
        }
    }

    @Test
    void aDeadLetterIsNamedByItsTopicAndIdAndWhatHasNoneByItsSink() {
        SimulatedPlatform platform = SimulatedPlatform.run(2, EVENTS);
        ConsumerRecord<byte[], byte[]> letter =
                platform.records(platform.dead(DeadStage.COLLECTOR), 0).getFirst();
        Hash128 id = SimulatedPlatform.deadId(letter);
        Hash128 foreign = Hash128.of("nobody", "nowhere");
        platform.deadRows.removeIf(row -> row.deadId().equals(id));
        platform.deadDocuments.put(foreign, letter.timestamp());

        Map<Offence, Offences> found = offences(audit(platform, false));

        assertThat(of(found, Offence.ROW_MISSING).first())
                .containsExactly("sim.dead-collector.readings.v1/0@0 " + id);
        assertThat(of(found, Offence.DOCUMENT_EXTRA).first())
                .containsExactly("index sim.dead.readings.v1 " + foreign);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatRetentionHasDeletedIsUnverifiableAndNotWrong(long seed) {
        // Given a log that lost its first part, topic by topic at another place
        SimulatedPlatform platform =
                SimulatedPlatform.run(seed, EVENTS, Optional.of(Duration.ofMinutes(25)));
        Instant cut = platform.end.minus(Duration.ofMinutes(25));
        Random random = new Random(seed);
        for (String topic : platform.topics.keySet()) {
            platform.expire(topic, cut.minusSeconds(random.nextInt(300)));
        }

        // When
        AuditReport report = audit(platform, true);

        // Then
        assertThat(report.clean()).as("seed %d: %s", seed, report).isTrue();
        assertThat(hop(report, Hop.ENRICHER).unverifiable()).isPositive();
        assertThat(hop(report, Hop.ENRICHER).expected()).isPositive();
        assertThat(hop(report, Hop.LAKE_DEAD).unverifiable()).isPositive();
        assertThat(hop(report, Hop.SEARCH_DEAD).expected()).isPositive();
        assertThat(report.contracts().getFirst().notes()).anyMatch(n -> n.contains("unverifiable"));

        // And a fault in the part that is left is still found
        ConsumerRecord<byte[], byte[]> last = platform.records(platform.enriched(), 0).getLast();
        platform.records(platform.enriched(), 0).remove(last);
        assertThat(offences(audit(platform, false))).containsKey(Offence.OUTPUT_MISSING);
    }

    @Test
    void everyLineOfTheLedgerMustStandInRaw() throws IOException {
        SimulatedPlatform platform = SimulatedPlatform.run(7, 100);
        Path ledger = folder.resolve("ledger.jsonl");
        Files.writeString(
                ledger,
                """
                {"contract":"readings","source":"cars","id":"e0"}

                {"contract":"another","source":"cars","id":"e0"}
                {"contract":"readings","source":"cars","id":"lost"}
                """);

        AuditReport report =
                audit(platform, SimulatedPlatform.START, platform.end, false, Optional.of(ledger));

        assertThat(hop(report, Hop.LEDGER).expected()).isEqualTo(2);
        assertThat(hop(report, Hop.LEDGER).found()).isEqualTo(1);
        assertThat(of(offences(report), Offence.ACKNOWLEDGED_MISSING).first())
                .containsExactly("line 4");
    }

    @Test
    void whatStandsInTheSpoolIsPendingAndNotMissing() throws IOException {
        SimulatedPlatform platform = SimulatedPlatform.run(7, 100);
        Path ledger = folder.resolve("ledger.jsonl");
        Files.writeString(
                ledger,
                """
                {"contract":"readings","source":"cars","id":"spooled"}
                {"contract":"readings","source":"cars","id":"lost"}
                """);
        SpoolSource spool =
                (_, identities) -> {
                    identities.accept(Hash128.of("cars", "spooled"));
                    identities.accept(Hash128.of("cars", "e0"));
                };
        SimulatedSources sources = new SimulatedSources(platform);
        Audit audit =
                new Audit(
                        platform.names,
                        AuditSettings.DEFAULT,
                        new Audit.Sources(
                                sources,
                                Optional.of(sources),
                                Optional.of(sources),
                                Optional.of(spool),
                                Optional.empty()),
                        folder,
                        InstantSource.fixed(platform.end));

        AuditReport report =
                audit.run(
                        new AuditRequest(
                                List.of(platform.contract),
                                SimulatedPlatform.START,
                                platform.end,
                                true,
                                Optional.of(ledger)));

        assertThat(hop(report, Hop.LEDGER).pending()).isEqualTo(1);
        assertThat(of(offences(report), Offence.ACKNOWLEDGED_MISSING).first())
                .containsExactly("line 2");
        assertThat(hop(report, Hop.SPOOL).expected()).isEqualTo(2);
        assertThat(hop(report, Hop.SPOOL).found()).isEqualTo(1);
        assertThat(hop(report, Hop.SPOOL).pending()).isEqualTo(1);
    }

    @Test
    void aLedgerThatIsNoLedgerIsRefusedWithItsLine() throws IOException {
        SimulatedPlatform platform = SimulatedPlatform.run(7, 100);
        Path ledger = folder.resolve("ledger.jsonl");
        Files.writeString(ledger, "{\"contract\":\"readings\",\"id\":\"e0\"}\nnonsense\n");

        assertThatThrownBy(() ->
                        audit(
                                platform,
                                SimulatedPlatform.START,
                                platform.end,
                                false,
                                Optional.of(ledger)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void aWindowBeyondTheLimitIsRefusedWithTheRemedy() {
        SimulatedPlatform platform = SimulatedPlatform.run(8, EVENTS);
        Audit audit = auditOf(platform, new AuditSettings(1_000, Duration.ofSeconds(1)));

        assertThatThrownBy(() ->
                        audit.run(
                                new AuditRequest(
                                        List.of(platform.contract),
                                        SimulatedPlatform.START,
                                        platform.end,
                                        true,
                                        Optional.empty())))
                .isInstanceOf(AuditTooLarge.class)
                .hasMessageContaining("--from");
        assertThat(folder).isEmptyDirectory();
    }

    private AuditReport audit(SimulatedPlatform platform, boolean deep) {
        return audit(platform, SimulatedPlatform.START, platform.end, deep, Optional.empty());
    }

    private AuditReport audit(
            SimulatedPlatform platform,
            Instant from,
            Instant to,
            boolean deep,
            Optional<Path> ledger) {
        return auditOf(platform, AuditSettings.DEFAULT)
                .run(new AuditRequest(List.of(platform.contract), from, to, deep, ledger));
    }

    private Audit auditOf(SimulatedPlatform platform, AuditSettings settings) {
        SimulatedSources sources = new SimulatedSources(platform);
        return new Audit(
                platform.names,
                settings,
                new Audit.Sources(sources, Optional.of(sources), Optional.of(sources)),
                folder,
                InstantSource.fixed(platform.end));
    }

    private static HopAudit hop(AuditReport report, Hop hop) {
        return report.contracts().getFirst().hops().stream()
                .filter(one -> one.hop() == hop)
                .findFirst()
                .orElseThrow();
    }

    private static HopAudit notByCount(HopAudit hop) {
        return new HopAudit(
                hop.hop(),
                hop.expected(),
                hop.found(),
                hop.duplicates(),
                hop.dead(),
                hop.refused(),
                hop.superseded(),
                hop.pending(),
                hop.unverifiable(),
                false,
                hop.offences());
    }

    private static Map<Offence, Offences> offences(AuditReport report) {
        Map<Offence, Offences> found = new TreeMap<>();
        for (HopAudit hop : report.contracts().getFirst().hops()) {
            hop.offences().forEach(offences -> found.put(offences.offence(), offences));
        }
        return found;
    }

    private static Offences of(Map<Offence, Offences> found, Offence offence) {
        return Objects.requireNonNull(found.get(offence));
    }
}
