package leat.ml.featurestore;

import java.util.Map;
import leat.core.event.Names;
import leat.stream.log.LogConnection;

/// Whether a version that brings its events to a topic of its own has made vectors of all that
/// stood there when it was asked. One that reads its source has no such topic. For one thread.
final class Settling {

    private final FeatureFlow flow;
    private final TakeOver reached;

    Settling(LogConnection log, Names names, FeatureFlow flow) {
        this.flow = flow;
        this.reached = new TakeOver(new SourceGaps(log, flow.input(names)));
    }

    /// What stands there; what counts as read in the source was asked for before.
    Map<Integer, Long> ends(ViewPositions positions) {
        return flow.rekeys() ? positions.ofInput(flow).ends() : Map.of();
    }

    /// One more look, whether it has made vectors of all before these ends.
    boolean reaches(Map<Integer, Long> ends, ViewPositions positions) {
        return !flow.rekeys() || reached.reaches(ends, positions.ofInput(flow).positions());
    }
}
