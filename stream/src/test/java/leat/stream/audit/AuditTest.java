package leat.stream.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.audit.AuditReport.Offences;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
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

    /// What is done to the platform, and which offence must name which position.
    record Fault(String name, Offence offence, BiConsumer<SimulatedPlatform, Random> act) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Fault> faults() {
        return List.of(
                new Fault(
                        "an output removed",
                        Offence.OUTPUT_MISSING,
                        (platform, random) -> remove(platform, platform.enriched(), random)),
                new Fault(
                        "a dead letter removed",
                        Offence.OUTPUT_MISSING,
                        (platform, random) ->
                                remove(platform, platform.dead(DeadStage.ENRICHER), random)),
                new Fault(
                        "an output doubled",
                        Offence.OUTPUT_DOUBLED,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> one =
                                    pick(random, platform.all(platform.enriched()));
                            platform.append(
                                    platform.enriched(),
                                    one.partition(),
                                    last(platform, platform.enriched(), one.partition()) + 1,
                                    one.timestamp(),
                                    one.headers());
                        }),
                new Fault(
                        "an event enriched and dead",
                        Offence.OUTPUT_DOUBLED,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> one =
                                    pick(random, platform.all(platform.enriched()));
                            String dead = platform.dead(DeadStage.ENRICHER);
                            platform.append(
                                    dead,
                                    one.partition(),
                                    last(platform, dead, one.partition()) + 1,
                                    one.timestamp(),
                                    one.headers());
                        }),
                new Fault(
                        "an output with another's position",
                        Offence.OUTPUT_WITHOUT_RAW,
                        (platform, random) -> {
                            List<ConsumerRecord<byte[], byte[]>> all =
                                    platform.all(platform.enriched());
                            ConsumerRecord<byte[], byte[]> one = pick(random, all);
                            reposition(one, one.partition(), one.offset() + 1_000_000);
                        }),
                new Fault(
                        "two outputs with their positions exchanged",
                        Offence.OUTPUT_WITHOUT_RAW,
                        (platform, _) -> {
                            List<ConsumerRecord<byte[], byte[]>> some =
                                    platform.records(platform.enriched(), 0);
                            ConsumerRecord<byte[], byte[]> one = some.get(10);
                            ConsumerRecord<byte[], byte[]> other =
                                    some.stream()
                                            .skip(11)
                                            .filter(r -> !id(r).equals(id(one)))
                                            .findFirst()
                                            .orElseThrow();
                            Position onePosition = position(one);
                            Position otherPosition = position(other);
                            reposition(one, 0, otherPosition.offset());
                            reposition(other, 0, onePosition.offset());
                        }),
                new Fault(
                        "an output of another raw topic",
                        Offence.POSITION_UNKNOWN,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> one =
                                    pick(random, platform.all(platform.enriched()));
                            one.headers()
                                    .add(
                                            EventHeaders.POSITION,
                                            SimulatedPlatform.bytes(
                                                    new Position(
                                                                    new TopicId(
                                                                            "stalestalestalestalest"),
                                                                    0,
                                                                    7)
                                                            .toString()));
                        }),
                new Fault(
                        "an output without a position",
                        Offence.POSITION_UNKNOWN,
                        (platform, random) ->
                                pick(random, platform.all(platform.enriched()))
                                        .headers()
                                        .remove(EventHeaders.POSITION)),
                new Fault(
                        "an output in another partition",
                        Offence.WRONG_PARTITION,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> one =
                                    pick(random, platform.all(platform.enriched()));
                            platform.records(platform.enriched(), one.partition()).remove(one);
                            int other = (one.partition() + 1) % SimulatedPlatform.PARTITIONS;
                            platform.append(
                                    platform.enriched(),
                                    other,
                                    last(platform, platform.enriched(), other) + 1,
                                    one.timestamp(),
                                    one.headers());
                        }),
                new Fault(
                        "a duplicate let through",
                        Offence.DUPLICATE_LET_THROUGH,
                        (platform, random) -> {
                            Set<Position> withOutput = outputs(platform);
                            ConsumerRecord<byte[], byte[]> duplicate =
                                    pick(
                                            random,
                                            platform.all(platform.raw()).stream()
                                                    .filter(r -> !withOutput.contains(at(r)))
                                                    .toList());
                            platform.output(platform.enriched(), duplicate, 0);
                        }),
                new Fault(
                        "a repeat beyond the window dropped as a duplicate",
                        Offence.OUTPUT_MISSING,
                        (platform, random) -> {
                            Set<String> seen = new HashSet<>();
                            List<ConsumerRecord<byte[], byte[]>> repeats =
                                    platform.all(platform.enriched()).stream()
                                            .filter(r -> !seen.add(r.partition() + id(r)))
                                            .toList();
                            ConsumerRecord<byte[], byte[]> repeat = pick(random, repeats);
                            platform.records(platform.enriched(), repeat.partition())
                                    .remove(repeat);
                        }),
                new Fault(
                        "a row deleted",
                        Offence.ROW_MISSING,
                        (platform, random) ->
                                platform.rows.remove(random.nextInt(platform.rows.size()))),
                new Fault(
                        "a row doubled",
                        Offence.ROW_DOUBLED,
                        (platform, random) -> platform.rows.add(pick(random, platform.rows))),
                new Fault(
                        "a row of nothing",
                        Offence.ROW_EXTRA,
                        (platform, _) ->
                                platform.rows.add(
                                        new SimulatedPlatform.Row(
                                                1, 5, Hash128.of("cars", "nobody")))),
                new Fault(
                        "a row above the position",
                        Offence.ROW_BEYOND_POSITION,
                        (platform, _) -> {
                            ConsumerRecord<byte[], byte[]> pending =
                                    platform.records(platform.enriched(), 0).getLast();
                            platform.rows.add(
                                    new SimulatedPlatform.Row(
                                            0,
                                            position(pending).offset(),
                                            Hash128.of("cars", id(pending))));
                        }),
                new Fault(
                        "a refused event also a row",
                        Offence.ROW_AND_REFUSED,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> refused =
                                    pick(random, platform.all(platform.dead(DeadStage.LAKE)));
                            platform.rows.add(
                                    new SimulatedPlatform.Row(
                                            refused.partition(),
                                            position(refused).offset(),
                                            Hash128.of("cars", id(refused))));
                        }),
                new Fault(
                        "a table of another raw topic",
                        Offence.OTHER_TOPIC,
                        (platform, _) ->
                                platform.lakeRawTopic =
                                        Optional.of(new TopicId("stalestalestalestalest"))),
                new Fault(
                        "a document missing",
                        Offence.DOCUMENT_MISSING,
                        (platform, random) ->
                                platform.documents.remove(
                                        pick(
                                                random,
                                                platform.documents.keySet().stream()
                                                        .sorted(
                                                                Comparator.comparing(
                                                                        Hash128::toString))
                                                        .toList()))),
                new Fault(
                        "a document of nothing",
                        Offence.DOCUMENT_EXTRA,
                        (platform, _) ->
                                platform.documents.put(
                                        Hash128.of("cars", "nobody"),
                                        new SimulatedPlatform.Document(0, 3, 3))),
                new Fault(
                        "a dead row deleted",
                        Offence.ROW_MISSING,
                        (platform, random) ->
                                platform.deadRows.remove(random.nextInt(platform.deadRows.size()))),
                new Fault(
                        "a dead row doubled",
                        Offence.ROW_DOUBLED,
                        (platform, random) ->
                                platform.deadRows.add(pick(random, platform.deadRows))),
                new Fault(
                        "a dead row of nothing",
                        Offence.ROW_EXTRA,
                        (platform, _) ->
                                platform.deadRows.add(
                                        new SimulatedPlatform.DeadRow(
                                                Hash128.of("enricher", "nowhere"),
                                                platform.end.toEpochMilli() - 5))),
                new Fault(
                        "a dead row above the position",
                        Offence.ROW_BEYOND_POSITION,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> loaded =
                                    pick(
                                            random,
                                            platform
                                                    .all(platform.dead(DeadStage.COLLECTOR))
                                                    .stream()
                                                    .filter(letter -> isLoaded(platform, letter))
                                                    .toList());
                            rewind(platform, loaded);
                        }),
                new Fault(
                        "a dead table of another topic",
                        Offence.OTHER_TOPIC,
                        (platform, _) ->
                                platform.deadPins.put(
                                        platform.dead(DeadStage.SEARCH),
                                        new TopicId("stalestalestalestalest"))),
                new Fault(
                        "a dead document missing",
                        Offence.DOCUMENT_MISSING,
                        (platform, random) ->
                                platform.deadDocuments.remove(
                                        pick(
                                                random,
                                                platform.deadDocuments.keySet().stream()
                                                        .sorted(
                                                                Comparator.comparing(
                                                                        Hash128::toString))
                                                        .toList()))),
                new Fault(
                        "a dead document of nothing",
                        Offence.DOCUMENT_EXTRA,
                        (platform, _) ->
                                platform.deadDocuments.put(
                                        Hash128.of("search", "nowhere"),
                                        SimulatedPlatform.START.toEpochMilli() + 7)));
    }

    private static boolean isLoaded(
            SimulatedPlatform platform, ConsumerRecord<byte[], byte[]> letter) {
        Hash128 id = SimulatedPlatform.deadId(letter);
        return platform.deadDocuments.containsKey(id);
    }

    /// Takes back what stands behind `letter` in its partition, and the lake's position to it.
    private static void rewind(SimulatedPlatform platform, ConsumerRecord<byte[], byte[]> letter) {
        Set<Hash128> behind = new HashSet<>();
        platform.records(letter.topic(), letter.partition()).stream()
                .filter(one -> one.offset() > letter.offset())
                .forEach(one -> behind.add(SimulatedPlatform.deadId(one)));
        platform.deadRows.removeIf(row -> behind.contains(row.deadId()));
        Objects.requireNonNull(platform.deadLakePositions.get(letter.topic()))
                .put(letter.partition(), letter.offset());
    }

    private static Stream<Arguments> faultsAndSeeds() {
        return faults().stream()
                .flatMap(fault -> Stream.of(1L, 2L, 3L).map(seed -> Arguments.of(fault, seed)));
    }

    @ParameterizedTest
    @MethodSource("faultsAndSeeds")
    void everyFaultIsFoundFastAndDeep(Fault fault, long seed) {
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
        Audit audit =
                new Audit(
                        platform.names,
                        AuditSettings.DEFAULT,
                        new Audit.Sources(
                                platform,
                                Optional.of(platform),
                                Optional.of(platform),
                                Optional.of(spool)),
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
        return new Audit(
                platform.names,
                settings,
                new Audit.Sources(platform, Optional.of(platform), Optional.of(platform)),
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

    private static void remove(SimulatedPlatform platform, String topic, Random random) {
        ConsumerRecord<byte[], byte[]> one = pick(random, platform.all(topic));
        platform.records(topic, one.partition()).remove(one);
    }

    private static <T> T pick(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static long last(SimulatedPlatform platform, String topic, int partition) {
        return platform.records(topic, partition).getLast().offset();
    }

    private static Set<Position> outputs(SimulatedPlatform platform) {
        Set<Position> positions = new HashSet<>();
        platform.all(platform.enriched()).forEach(r -> positions.add(position(r)));
        platform.all(platform.dead(DeadStage.ENRICHER)).forEach(r -> positions.add(position(r)));
        return positions;
    }

    private static Position at(ConsumerRecord<byte[], byte[]> raw) {
        return new Position(SimulatedPlatform.RAW_ID, raw.partition(), raw.offset());
    }

    private static Position position(ConsumerRecord<byte[], byte[]> output) {
        return Position.parse(
                new String(
                        output.headers().lastHeader(EventHeaders.POSITION).value(),
                        StandardCharsets.UTF_8));
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return new String(
                record.headers().lastHeader(EventHeaders.ID).value(), StandardCharsets.UTF_8);
    }

    private static void reposition(
            ConsumerRecord<byte[], byte[]> output, int partition, long offset) {
        Headers headers = output.headers();
        headers.remove(EventHeaders.POSITION);
        headers.add(
                EventHeaders.POSITION,
                SimulatedPlatform.bytes(
                        new Position(SimulatedPlatform.RAW_ID, partition, offset).toString()));
    }
}
