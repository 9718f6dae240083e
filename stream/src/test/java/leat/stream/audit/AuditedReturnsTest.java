package leat.stream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import leat.core.event.Hash128;
import leat.core.event.Names.DeadStage;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.AuditReport.HopAudit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Dead letters of the sinks that came back to them, as the audit judges them.
final class AuditedReturnsTest {

    private static final int EVENTS = 3_000;

    @TempDir private Path folder;

    private static Stream<Arguments> sinksAndSeeds() {
        return Stream.of(DeadStage.LAKE, DeadStage.SEARCH)
                .flatMap(sink -> Stream.of(1L, 2L, 3L, 4L).map(seed -> Arguments.of(sink, seed)));
    }

    @ParameterizedTest
    @MethodSource("sinksAndSeeds")
    void whatCameBackIsLoadedOrPendingOrRefusedAgain(DeadStage sink, long seed) {
        // Given letters of which some came back, some twice, and some were refused again
        SimulatedPlatform platform = SimulatedPlatform.run(seed, EVENTS);
        long refused = 0;
        long pending = audit(platform, sink, true).pending();
        List<ConsumerRecord<byte[], byte[]>> letters = letters(platform, sink);
        List<ConsumerRecord<byte[], byte[]>> last = new ArrayList<>();
        for (int i = 0; i < letters.size(); i++) {
            ConsumerRecord<byte[], byte[]> letter = letters.get(i);
            switch (i % 5) {
                case 0 -> platform.load(sink, platform.bringBack(sink, letter));
                case 1 -> {
                    platform.refuseAgain(sink, platform.bringBack(sink, letter));
                    ConsumerRecord<byte[], byte[]> second =
                            platform.records(platform.dead(sink), letter.partition()).getLast();
                    platform.load(sink, platform.bringBack(sink, second));
                }
                case 2 -> {
                    platform.refuseAgain(sink, platform.bringBack(sink, letter));
                    refused++;
                }
                case 3 -> last.add(letter);
                default -> refused++;
            }
        }
        last.forEach(letter -> platform.bringBack(sink, letter));

        for (boolean deep : new boolean[] {false, true}) {
            // When
            HopAudit hop = audit(platform, sink, deep);

            // Then
            assertThat(hop.offences()).as("deep %s", deep).isEmpty();
            assertThat(hop.refused()).isEqualTo(refused);
            assertThat(hop.pending()).isEqualTo(pending + last.size());
            assertThat(hop.found() + hop.superseded() + hop.refused() + hop.pending())
                    .isEqualTo(hop.expected());
        }
    }

    @Test
    void whatCameBackAndIsNotThereIsMissing() {
        assertThat(
                        offences(
                                DeadStage.LAKE,
                                (platform, back) -> {
                                    platform.load(DeadStage.LAKE, back);
                                    platform.rows.removeLast();
                                }))
                .containsExactly(Offence.ROW_MISSING);
        assertThat(
                        offences(
                                DeadStage.SEARCH,
                                (platform, back) -> {
                                    platform.load(DeadStage.SEARCH, back);
                                    platform.documents.remove(identity(back));
                                }))
                .containsExactly(Offence.DOCUMENT_MISSING);
    }

    @Test
    void whatCameBackAndIsThereTwiceOrTooEarlyIsFound() {
        assertThat(
                        offences(
                                DeadStage.LAKE,
                                (platform, back) -> {
                                    platform.load(DeadStage.LAKE, back);
                                    platform.load(DeadStage.LAKE, back);
                                }))
                .containsExactly(Offence.ROW_DOUBLED);
        assertThat(
                        offences(
                                DeadStage.LAKE,
                                (platform, back) -> {
                                    platform.load(DeadStage.LAKE, back);
                                    platform.lakeRetryPositions.clear();
                                }))
                .containsExactly(Offence.ROW_BEYOND_POSITION);
        assertThat(
                        offences(
                                DeadStage.LAKE,
                                (platform, back) -> {
                                    platform.refuseAgain(DeadStage.LAKE, back);
                                    platform.load(DeadStage.LAKE, back);
                                }))
                .containsExactly(Offence.ROW_AND_REFUSED);
    }

    private interface Fault {
        void on(SimulatedPlatform platform, ConsumerRecord<byte[], byte[]> back);
    }

    /// Brings one letter back, lets something go wrong, and looks fast and deep.
    private List<Offence> offences(DeadStage sink, Fault fault) {
        List<List<Offence>> found = new ArrayList<>();
        for (boolean deep : new boolean[] {false, true}) {
            SimulatedPlatform platform = SimulatedPlatform.run(7, EVENTS);
            ConsumerRecord<byte[], byte[]> letter =
                    letters(platform, sink).stream()
                            .filter(one -> !platform.documents.containsKey(identity(one)))
                            .findFirst()
                            .orElseGet(() -> letters(platform, sink).getFirst());
            fault.on(platform, platform.bringBack(sink, letter));
            found.add(
                    audit(platform, sink, deep).offences().stream()
                            .map(AuditReport.Offences::offence)
                            .toList());
        }
        assertThat(found.getFirst()).isEqualTo(found.getLast());
        return found.getFirst();
    }

    private static Hash128 identity(ConsumerRecord<byte[], byte[]> record) {
        EventRecord event = new EventRecord(record);
        return event.identity(event.position().orElseThrow());
    }

    /// Each once, though search may have written one twice.
    private static List<ConsumerRecord<byte[], byte[]>> letters(
            SimulatedPlatform platform, DeadStage sink) {
        Set<Hash128> seen = new HashSet<>();
        return platform.all(platform.dead(sink)).stream()
                .filter(letter -> seen.add(SimulatedPlatform.deadId(letter)))
                .toList();
    }

    private HopAudit audit(SimulatedPlatform platform, DeadStage sink, boolean deep) {
        SimulatedSources sources = new SimulatedSources(platform);
        AuditReport report =
                new Audit(
                                platform.names,
                                AuditSettings.DEFAULT,
                                new Audit.Sources(
                                        sources, Optional.of(sources), Optional.of(sources)),
                                folder,
                                InstantSource.fixed(platform.end))
                        .run(
                                new AuditRequest(
                                        List.of(platform.contract),
                                        SimulatedPlatform.START,
                                        platform.end,
                                        deep,
                                        Optional.empty()));
        Hop wanted = sink == DeadStage.LAKE ? Hop.LAKE : Hop.SEARCH;
        return report.contracts().getFirst().hops().stream()
                .filter(hop -> hop.hop() == wanted)
                .findFirst()
                .orElseThrow();
    }
}
