package leat.core.evolution;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.ContractVersion;

/// Whether a version of a contract may follow an earlier one: the version number has to say what
/// the changes are. Within a major version every event stays readable, so a change has to be
/// backward compatible; a patch may change nothing that a reader of either version could notice.
///
/// @param comparison what changed
/// @param objection why the later version may not follow; empty when it may
public record Succession(Comparison comparison, Optional<Objection> objection) {

    /// Why not, and what to do.
    ///
    /// @param message without a final full stop
    /// @param remedy an imperative without a final full stop
    public record Objection(String message, String remedy) {}

    /// Judges the way from an earlier version to a later one of the same name.
    public static Succession of(Contract earlier, Contract later) {
        Comparison comparison = Comparison.of(earlier, later);
        return new Succession(comparison, objection(comparison));
    }

    /// Whether the two versions mean the same under the same number.
    public boolean unchanged() {
        return comparison.changes().isEmpty()
                && comparison.earlier().version().equals(comparison.later().version());
    }

    private static Optional<Objection> objection(Comparison comparison) {
        ContractVersion from = comparison.earlier().version();
        ContractVersion to = comparison.later().version();
        int order = to.compareTo(from);
        if (order < 0) {
            return Optional.of(
                    new Objection(
                            "version " + to + " is lower than " + from + ", which is there",
                            "raise the version above "
                                    + from
                                    + "; to go back, write what "
                                    + to
                                    + " said as a newer version"));
        }
        if (to.major() > from.major() || comparison.changes().isEmpty()) {
            return Optional.empty();
        }
        if (!comparison.breaking().isEmpty()) {
            return Optional.of(newMajor(comparison));
        }
        if (order == 0) {
            return Optional.of(
                    new Objection(
                            "version "
                                    + from
                                    + " is there with another meaning: "
                                    + list(comparison.changes()),
                            "raise the version to " + next(comparison)));
        }
        boolean patch = to.minor() == from.minor();
        if (patch && comparison.compatibility() != Compatibility.FULL) {
            return Optional.of(
                    new Objection(
                            "a patch may not change what a reader notices: "
                                    + list(notFull(comparison)),
                            "raise the version to " + next(comparison)));
        }
        return Optional.empty();
    }

    private static Objection newMajor(Comparison comparison) {
        ContractVersion from = comparison.earlier().version();
        String ways =
                comparison.breaking().stream()
                        .filter(change -> !change.remedy().isEmpty())
                        .map(change -> change.where() + ": " + change.remedy())
                        .collect(Collectors.joining("; "));
        return new Objection(
                "events of "
                        + from
                        + " could not all be read any more: "
                        + list(comparison.breaking()),
                "write version "
                        + (from.major() + 1)
                        + ".0.0 into a file of its own and keep the file of "
                        + from
                        + " beside it"
                        + (ways.isEmpty() ? "" : ", or stay compatible (" + ways + ")"));
    }

    private static List<Change> notFull(Comparison comparison) {
        return comparison.changes().stream()
                .filter(change -> change.compatibility() != Compatibility.FULL)
                .toList();
    }

    /// The lowest version that says what a backward compatible change is.
    private static ContractVersion next(Comparison comparison) {
        ContractVersion from = comparison.earlier().version();
        return comparison.compatibility() == Compatibility.FULL
                ? new ContractVersion(from.major(), from.minor(), from.patch() + 1)
                : new ContractVersion(from.major(), from.minor() + 1, 0);
    }

    private static String list(List<Change> changes) {
        return changes.stream().map(Change::toString).collect(Collectors.joining("; "));
    }
}
