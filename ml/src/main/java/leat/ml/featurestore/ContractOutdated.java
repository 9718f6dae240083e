package leat.ml.featurestore;

import leat.core.contract.Contract;

/// There are events of a newer version of the contract than this process has, which it cannot read:
/// to pass over them would leave them out of the features.
final class ContractOutdated extends RuntimeException {

    ContractOutdated(Contract contract, String version) {
        super(
                "contract "
                        + contract.name()
                        + ": there are events of version "
                        + version
                        + ", this process has version "
                        + contract.version()
                        + ": restart it with the newer contract");
    }
}
