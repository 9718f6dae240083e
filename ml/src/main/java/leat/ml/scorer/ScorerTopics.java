package leat.ml.scorer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.event.Names;
import leat.core.prediction.Scoring;
import leat.stream.log.TopicSpec;
import org.apache.kafka.common.config.TopicConfig;

/// The topics that the scorer writes: predictions, which versions made them, and what versions have
/// learned meanwhile. Search writes those that it refuses.
public record ScorerTopics(Names names) {

    private static final int SEGMENT_BYTES = 64 << 20;

    /// Those of some scorings; none where there is no scoring.
    public List<TopicSpec> specs(Collection<Scoring> scorings) {
        List<TopicSpec> specs = new ArrayList<>();
        for (Scoring scoring : scorings) {
            scoring.contracts()
                    .forEach(contract -> specs.addAll(TopicSpec.ofPredictions(names, contract)));
        }
        if (!scorings.isEmpty()) {
            specs.add(TopicSpec.compacted(names.scoring(), 1));
            specs.add(TopicSpec.compacted(CheckpointRecords.topic(names), 1));
            specs.add(chunks());
        }
        return List.copyOf(specs);
    }

    /// In small segments: the newest one is not compacted, and each checkpoint writes all chunks of
    /// a state again.
    private TopicSpec chunks() {
        TopicSpec compacted = TopicSpec.compacted(CheckpointRecords.chunkTopic(names), 1);
        Map<String, String> config = new TreeMap<>(compacted.config());
        config.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(SEGMENT_BYTES));
        return new TopicSpec(compacted.name(), compacted.partitions(), config);
    }
}
