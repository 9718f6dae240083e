package leat.ml.featurestore;

import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the records of a view's source that are no events of it, and tells of the first.
final class UnreadableRecords {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecords.class);

    private final FeatureFlow flow;
    private final FeatureMetrics metrics;
    private boolean isTold;

    UnreadableRecords(FeatureFlow flow, FeatureMetrics metrics) {
        this.flow = flow;
        this.metrics = metrics;
    }

    void passOver(RecordMetadata place, String why) {
        metrics.unreadable();
        if (!isTold) {
            isTold = true;
            LOG.atWarn()
                    .addKeyValue("view", flow.name())
                    .addKeyValue("topic", place.topic())
                    .addKeyValue("partition", place.partition())
                    .addKeyValue("offset", place.offset())
                    .addKeyValue("cause", why)
                    .log(
                            "Passed over a record that is no event of the source; more are only counted");
        }
    }
}
