package leat.stream.audit;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;

/// What is to be certified.
///
/// @param from the first raw append time that counts
/// @param to the first one that does not count any more
/// @param deep compare the lake and search row by row and document by document, not by counts, and
///   read the outputs' topics to their ends
/// @param ledger a client's own list of what was acknowledged to it, one JSON object `{"contract",
///   "source", "id"}` a line
public record AuditRequest(
        List<Contract> contracts, Instant from, Instant to, boolean deep, Optional<Path> ledger) {

    /// Checks the window.
    ///
    /// @throws IllegalArgumentException when the window is empty
    public AuditRequest {
        contracts = List.copyOf(contracts);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("--from " + from + " must be before --to " + to);
        }
    }
}
