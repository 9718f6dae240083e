package leat.ml.tracking;

import java.util.List;
import leat.core.event.Names;
import leat.stream.log.TopicSpec;

/// The topics of tracking, each of one partition and compacted: the newest state of everything, and
/// the points of metrics, of which each is a key of its own.
record TrackingTopics(Names names) {

    static final String STATE = "tracking";

    String state() {
        return names.shared(STATE);
    }

    String points() {
        return names.shared("tracking-points");
    }

    List<TopicSpec> specs() {
        return List.of(TopicSpec.compacted(state(), 1), TopicSpec.compacted(points(), 1));
    }
}
