package leat.ml.featurestore;

import leat.core.event.Names;
import leat.stream.log.LogConnection;

/// Whether a version that brings its events to a topic of its own has made vectors of all that
/// stood there a look before. One that reads its source has no such topic. For one thread.
final class Settling {

    private final FeatureFlow flow;
    private final TakeOver reached;

    Settling(LogConnection log, Names names, FeatureFlow flow) {
        this.flow = flow;
        this.reached = new TakeOver(new SourceGaps(log, flow.input(names)));
    }

    /// One more look; what counts as read in the source was asked for before.
    boolean look(ViewPositions positions) {
        if (!flow.rekeys()) {
            return true;
        }
        ViewPositions.Standing own = positions.ofInput(flow);
        return reached.look(own.ends(), own.positions()).isPresent();
    }
}
