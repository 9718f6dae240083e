package leat.stream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import leat.stream.audit.AuditReport.ContractAudit;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.AuditReport.HopAudit;
import org.junit.jupiter.api.Test;

final class AuditTableTest {

    @Test
    void leavesOutWhatIsZeroEverywhereAndFitsANarrowTerminal() {
        // Given
        AuditReport report =
                report(
                        new HopAudit(
                                Hop.ENRICHER,
                                1_005_000,
                                1_004_990,
                                7,
                                3,
                                0,
                                0,
                                0,
                                0,
                                false,
                                List.of()),
                        new HopAudit(
                                Hop.LAKE, 1_004_990, 1_004_990, 0, 0, 0, 0, 0, 0, true, List.of()));

        // When
        List<String> lines = AuditTable.of(report).lines().toList();

        // Then
        assertThat(lines)
                .containsExactly(
                        "Audit from the first event to 1970-01-01T00:01:00Z, by counts",
                        "",
                        "orders.v1",
                        "                         expected      found  duplicates  dead",
                        "  raw → enriched, dead  1,005,000  1,004,990           7     3",
                        "  enriched → lake       1,004,990  1,004,990           -     -",
                        "Clean.");
        assertThat(lines).allMatch(line -> line.length() <= 80);
    }

    @Test
    void showsTheOtherColumnsWhereThereIsSomethingToTell() {
        // Given
        AuditReport report =
                report(new HopAudit(Hop.SEARCH, 10, 5, 0, 0, 1, 1, 3, 4, true, List.of()));

        // When
        String text = AuditTable.of(report);

        // Then
        assertThat(text)
                .contains("refused  superseded  pending  unverifiable")
                .doesNotContain("duplicates", "dead");
    }

    private static AuditReport report(HopAudit... hops) {
        return new AuditReport(
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(60),
                false,
                List.of(new ContractAudit("orders.v1", List.of(hops), List.of())));
    }
}
