package leat.console.mlflow;

import tools.jackson.databind.node.ObjectNode;

/// One call of the protocol.
@FunctionalInterface
interface Call {

    /// Does it.
    ///
    /// @throws leat.core.tracking.TrackingRefused when it is not done
    ObjectNode answer(Fields request);
}
