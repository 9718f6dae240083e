package leat.ml.scorer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import leat.core.event.Names;
import leat.core.prediction.Scoring;
import leat.stream.log.TopicSpec;

/// The topics that the scorer writes: predictions, and which versions made them. Search writes
/// those that it refuses.
public record ScorerTopics(Names names) {

    /// Those of some scorings; none where there is no scoring.
    public List<TopicSpec> specs(Collection<Scoring> scorings) {
        List<TopicSpec> specs = new ArrayList<>();
        for (Scoring scoring : scorings) {
            scoring.contracts()
                    .forEach(contract -> specs.addAll(TopicSpec.ofPredictions(names, contract)));
        }
        if (!scorings.isEmpty()) {
            specs.add(TopicSpec.compacted(names.scoring(), 1));
        }
        return List.copyOf(specs);
    }
}
