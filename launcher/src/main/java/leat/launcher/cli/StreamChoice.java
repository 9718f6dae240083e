package leat.launcher.cli;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;

/// Finds what an argument names of all that has records of its own: a contract with its events, a
/// feature view with its vectors, a scoring with its predictions.
record StreamChoice(Workspace workspace) {

    /// What the records are.
    enum Records {
        EVENTS,
        VECTORS,
        PREDICTIONS
    }

    /// Whose records are meant.
    record Chosen(Contract contract, Records records) {}

    /// What `NAME`, then its newest version, or `NAME.vN` means.
    ///
    /// @throws UserError that names the nearest one, or all there are
    Chosen require(String name) {
        return find(name)
                .orElseThrow(() ->
                        new UserError(
                                "there is no contract, feature view or scoring '" + name + "'",
                                NearestName.remedy(name, names())));
    }

    /// The same as a workspace knows it that has former versions of views too.
    ///
    /// @param joined the workspace with what the registries know
    /// @throws UserError that names the nearest one, or all there are
    Chosen requireIn(Workspace joined, String name) {
        return new StreamChoice(joined)
                .require(find(name).map(chosen -> chosen.contract().nameAndMajor()).orElse(name));
    }

    /// The same, or the newest version where only the registry may know the one that is named; so
    /// that a name that nothing has is refused before the log is asked.
    ///
    /// @throws UserError that names the nearest one, or all there are
    Chosen requireAnyVersion(String name) {
        return find(name).orElseGet(() -> require(name.replaceFirst("\\.v[0-9]+$", "")));
    }

    /// The same, where there is one.
    Optional<Chosen> find(String name) {
        return named(workspace.contracts(), Records.EVENTS, name)
                .or(() -> named(new Contracts(workspace.vectors()), Records.VECTORS, name))
                .or(() -> named(new Contracts(workspace.predictions()), Records.PREDICTIONS, name));
    }

    private static Optional<Chosen> named(Contracts contracts, Records records, String name) {
        return contracts.named(name).map(contract -> new Chosen(contract, records));
    }

    private Collection<String> names() {
        return Stream.of(workspace.contracts().all(), workspace.vectors(), workspace.predictions())
                .flatMap(List::stream)
                .map(contract -> contract.name().value())
                .distinct()
                .toList();
    }
}
