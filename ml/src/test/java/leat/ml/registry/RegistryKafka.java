package leat.ml.registry;

import java.util.ArrayList;
import java.util.List;
import leat.core.event.Names;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;

/// The topics of models, artifacts and runs on the one broker of a test run.
public final class RegistryKafka {

    private RegistryKafka() {}

    /// Names under a prefix of their own, with the topics.
    public static Names prepare() {
        Names names = FeatureKafka.freshNames();
        List<TopicSpec> specs = new ArrayList<>(new RegistryTopics(names).specs());
        specs.addAll(TrackingLog.topics(names));
        try (Admin admin = FeatureKafka.connection().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(specs));
        }
        return names;
    }
}
