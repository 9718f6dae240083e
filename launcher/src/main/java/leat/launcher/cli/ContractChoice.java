package leat.launcher.cli;

import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.launcher.UserError;

/// Finds the contract that an argument names.
final class ContractChoice {

    private ContractChoice() {}

    /// The newest version of the contract `car`, or that of the major version `car.v1`.
    ///
    /// @throws UserError that names the nearest one, or all there are
    static Contract require(Contracts contracts, String name) {
        return contracts
                .named(name)
                .orElseThrow(() ->
                        new UserError(
                                "there is no contract '" + name + "'",
                                contracts
                                        .nearest(name)
                                        .map(nearest -> "did you mean " + nearest)
                                        .orElse(
                                                "choose one of "
                                                        + String.join(", ", contracts.names()))));
    }
}
