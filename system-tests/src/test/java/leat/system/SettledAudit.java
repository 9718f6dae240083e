package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import leat.launcher.config.Workspace;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `leat audit --deep` with the client's ledger, once everything has arrived.
final class SettledAudit {

    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SettledAudit() {}

    /// Audits until all parts answer and nothing is pending any more, and demands that the result
    /// is clean. What was killed last may still be on its way back.
    ///
    /// @param output what the processes have said, for a failure's message: a failure may never be
    ///   seen again
    static void assertClean(
            Path workspace, int portOffset, Ledger ledger, Supplier<String> output) {
        Path list = workspace.resolve("ledger.jsonl");
        ledger.writeTo(list);
        long limit = System.nanoTime() + LIMIT.toNanos();
        try {
            LeatProcess.Finished audit = audit(workspace, portOffset, list);
            while (!isSettled(audit) && System.nanoTime() < limit) {
                audit = audit(workspace, portOffset, list);
            }
            assertThat(audit.out()).as(audit.err()).isNotBlank();
            JsonNode report = JSON.readTree(audit.out());
            assertThat(pending(report)).as(report.toString()).isZero();
            assertThat(report.path("clean").asBoolean(false)).as(report.toString()).isTrue();
        } catch (AssertionError | IllegalStateException e) {
            String log = Workspace.open(workspace).log(portOffset).bootstrapServers();
            throw new AssertionError(
                    "%s%n%nOpen transactions:%n%s%n%nOutput:%n%s"
                            .formatted(e.getMessage(), OpenTransactions.lines(log), output.get()),
                    e);
        }
    }

    private static LeatProcess.Finished audit(Path workspace, int portOffset, Path ledger) {
        return LeatProcess.run(
                workspace, portOffset, "audit", "--deep", "--json", "--ledger", ledger.toString());
    }

    private static boolean isSettled(LeatProcess.Finished audit) {
        return !audit.out().isBlank() && pending(JSON.readTree(audit.out())) == 0;
    }

    private static long pending(JsonNode report) {
        long pending = 0;
        for (JsonNode contract : report.path("contracts")) {
            for (JsonNode hop : contract.path("hops")) {
                pending += hop.path("pending").asLong(0);
            }
        }
        return pending;
    }
}
