package leat.ml.registry;

import java.util.List;
import leat.core.event.Names;
import leat.stream.log.TopicSpec;

/// The topics of models and artifacts, each of one partition and compacted.
public record RegistryTopics(Names names) {

    static final String MODELS = "models";
    static final String ARTIFACTS = "artifacts";

    /// Registered models, versions, aliases and logged models.
    public String models() {
        return names.shared(MODELS);
    }

    /// Which files there are, and where their chunks are.
    public String artifacts() {
        return names.shared(ARTIFACTS);
    }

    /// The bytes of files, in parts.
    public String chunks() {
        return names.shared("artifact-chunks");
    }

    public List<TopicSpec> specs() {
        return List.of(
                TopicSpec.compacted(models(), 1),
                TopicSpec.compacted(artifacts(), 1),
                TopicSpec.compacted(chunks(), 1));
    }
}
