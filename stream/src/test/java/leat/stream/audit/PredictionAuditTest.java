package leat.stream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import leat.core.event.Hash128;
import leat.stream.audit.AuditReport.ContractAudit;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.AuditReport.HopAudit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PredictionAuditTest {

    private static final long ALL = ScoredVectors.PARTITIONS * ScoredVectors.VECTORS;

    @TempDir private Path folder;
    private final ScoredVectors scored = new ScoredVectors();

    private AuditReport audit(boolean deep) {
        return audit(deep, Instant.EPOCH, ScoredVectors.BEGIN.plusSeconds(3_600));
    }

    private AuditReport audit(boolean deep, Instant from, Instant to) {
        return new Audit(
                        scored.names,
                        AuditSettings.DEFAULT,
                        new Audit.Sources(
                                scored,
                                Optional.of(scored),
                                Optional.of(scored),
                                Optional.empty(),
                                Optional.of(scored)),
                        folder,
                        InstantSource.fixed(ScoredVectors.BEGIN.plusSeconds(7_200)))
                .run(
                        new AuditRequest(
                                List.of(),
                                List.of(scored.scoring),
                                from,
                                to,
                                deep,
                                Optional.empty()));
    }

    private static HopAudit hop(AuditReport report, boolean shadow, Hop hop) {
        ContractAudit contract = report.contracts().get(shadow ? 1 : 0);
        return contract.hops().stream()
                .filter(one -> one.hop() == hop)
                .findFirst()
                .orElseThrow(() -> new AssertionError(report.toString()));
    }

    @Test
    void everyVectorHasOnePredictionByTheVersionThatIsDue() {
        for (boolean deep : new boolean[] {false, true}) {
            AuditReport report = audit(deep);

            assertThat(report.clean()).as("%s", report).isTrue();
            assertThat(report.contracts())
                    .extracting(ContractAudit::contract)
                    .containsExactly("risk.v1", "risk-shadow.v1");
            for (boolean shadow : new boolean[] {false, true}) {
                for (Hop hop : List.of(Hop.SCORER, Hop.LAKE_PREDICTIONS, Hop.SEARCH_PREDICTIONS)) {
                    assertThat(hop(report, shadow, hop).expected()).isEqualTo(ALL);
                    assertThat(hop(report, shadow, hop).found()).isEqualTo(ALL);
                }
            }
        }
    }

    @Test
    void aPartOfTheTimeIsCleanThoughPredictionsComeLaterThanTheirVectors() {
        AuditReport report =
                audit(
                        false,
                        ScoredVectors.BEGIN.plusSeconds(10),
                        ScoredVectors.BEGIN.plusSeconds(30));

        assertThat(report.clean()).as("%s", report).isTrue();
        assertThat(hop(report, false, Hop.SCORER).found()).isEqualTo(40);
    }

    @Test
    void whatTheScorerHasNotComeToIsPendingAndWhatIsNoVectorIsNotDue() {
        scored.vector(1, "car-1");
        Objects.requireNonNull(scored.topics.get(scored.vectors())).get(0).add(foreign());

        AuditReport report = audit(true);

        assertThat(report.clean()).as("%s", report).isTrue();
        assertThat(hop(report, false, Hop.SCORER).pending()).isEqualTo(1);
        assertThat(hop(report, true, Hop.SCORER).pending()).isEqualTo(1);
        assertThat(hop(report, false, Hop.SCORER).expected()).isEqualTo(ALL + 1);
    }

    private ConsumerRecord<byte[], byte[]> foreign() {
        return new ConsumerRecord<>(
                scored.vectors(), 0, ScoredVectors.VECTORS, new byte[0], new byte[0]);
    }

    /// What can go wrong.
    enum Fault {
        LOST(Hop.SCORER, false, Offence.OUTPUT_MISSING) {
            @Override
            void plant(ScoredVectors scored) {
                scored.scored.replaceAll((_, at) -> at + 1);
                scored.vector(0, "car-1");
            }
        },
        TWICE(Hop.SCORER, false, Offence.OUTPUT_DOUBLED) {
            @Override
            void plant(ScoredVectors scored) {
                scored.predict(first(scored), scored.version(first(scored)));
            }
        },
        OLD_VERSION(Hop.SCORER, false, Offence.VERSION_UNEXPECTED) {
            @Override
            void plant(ScoredVectors scored) {
                ConsumerRecord<byte[], byte[]> vector = scored.vector(0, "car-1");
                scored.scored.put(0, vector.offset() + 1);
                scored.predict(vector, "risk/1");
                scored.shadow(vector);
            }
        },
        SHADOW_LOST(Hop.SCORER, true, Offence.OUTPUT_MISSING) {
            @Override
            void plant(ScoredVectors scored) {
                ConsumerRecord<byte[], byte[]> vector = scored.vector(0, "car-1");
                scored.scored.put(0, vector.offset() + 1);
                scored.predict(vector, scored.version(vector));
            }
        },
        ROW_LOST(Hop.LAKE_PREDICTIONS, false, Offence.ROW_MISSING) {
            @Override
            void plant(ScoredVectors scored) {
                scored.rows.removeFirst();
            }
        },
        ROW_TWICE(Hop.LAKE_PREDICTIONS, false, Offence.ROW_DOUBLED) {
            @Override
            void plant(ScoredVectors scored) {
                scored.rows.add(scored.rows.getFirst());
            }
        },
        DOCUMENT_LOST(Hop.SEARCH_PREDICTIONS, false, Offence.DOCUMENT_MISSING) {
            @Override
            void plant(ScoredVectors scored) {
                scored.documents.removeFirst();
            }
        },
        DOCUMENT_OF_NOTHING(Hop.SEARCH_PREDICTIONS, false, Offence.DOCUMENT_EXTRA) {
            @Override
            void plant(ScoredVectors scored) {
                ScoredVectors.Document one = scored.documents.getFirst();
                scored.documents.add(
                        new ScoredVectors.Document(
                                one.index(), Hash128.of("x", "y"), one.partition(), 3, 3));
            }
        };

        final Hop hop;
        final boolean shadow;
        final Offence offence;

        Fault(Hop hop, boolean shadow, Offence offence) {
            this.hop = hop;
            this.shadow = shadow;
            this.offence = offence;
        }

        abstract void plant(ScoredVectors scored);

        static ConsumerRecord<byte[], byte[]> first(ScoredVectors scored) {
            return Objects.requireNonNull(scored.topics.get(scored.vectors()))
                    .getFirst()
                    .getFirst();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFaultIsFoundFastAndDeep(Fault fault) {
        fault.plant(scored);

        for (boolean deep : new boolean[] {false, true}) {
            AuditReport report = audit(deep);

            assertThat(report.clean()).isFalse();
            assertThat(hop(report, fault.shadow, fault.hop).offences())
                    .as("%s", report)
                    .extracting(AuditReport.Offences::offence)
                    .contains(fault.offence);
        }
    }
}
