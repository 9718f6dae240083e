package leat.core.feature;

import leat.core.contract.Contract;

/// What a view reads.
public sealed interface ViewSource {

    /// What its events keep: a contract of the workspace, or that of another view's vectors.
    Contract contract();

    /// The enriched events of a contract.
    record Events(Contract contract) implements ViewSource {}

    /// The vectors of another view, each an event of its entity at its query time.
    record Vectors(CompiledView view) implements ViewSource {
        @Override
        public Contract contract() {
            return view.contract();
        }
    }
}
