package leat.stream.audit;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.prediction.Scoring;

/// What is to be certified.
///
/// @param contracts whose events are followed
/// @param scorings whose predictions are
/// @param from the first raw append time that counts
/// @param to the first one that does not count any more
/// @param deep compare the lake and search row by row and document by document, not by counts, and
///   read the outputs' topics to their ends
/// @param ledger a client's own list of what was acknowledged to it, one JSON object `{"contract",
///   "source", "id"}` a line
public record AuditRequest(
        List<Contract> contracts,
        List<Scoring> scorings,
        Instant from,
        Instant to,
        boolean deep,
        Optional<Path> ledger) {

    /// Of events alone.
    public AuditRequest(
            List<Contract> contracts,
            Instant from,
            Instant to,
            boolean deep,
            Optional<Path> ledger) {
        this(contracts, List.of(), from, to, deep, ledger);
    }

    /// Checks the window.
    ///
    /// @throws IllegalArgumentException when the window is empty
    public AuditRequest {
        contracts = List.copyOf(contracts);
        scorings = List.copyOf(scorings);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("--from " + from + " must be before --to " + to);
        }
    }

    /// The same without a ledger, which is of events.
    AuditRequest withoutLedger() {
        return new AuditRequest(contracts, scorings, from, to, deep, Optional.empty());
    }
}
