package leat.core.tracking;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A dataset that a run has read, with tags that say for what.
public record DatasetInput(Dataset dataset, SortedMap<String, String> tags) {

    /// The tag that says for what a run has read it, e.g. `training`.
    private static final String CONTEXT_TAG = "mlflow.data.context";

    public DatasetInput {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /// For what the run has read it; empty where nobody said.
    public Optional<String> context() {
        return Optional.ofNullable(tags.get(CONTEXT_TAG));
    }

    /// The same with an equal dataset that others have too.
    DatasetInput of(Dataset shared) {
        return new DatasetInput(shared, tags);
    }

    /// How large it is when it is shown, about.
    long characters() {
        return 150L
                + dataset.id().name().length()
                + dataset.source().length()
                + dataset.schema().length()
                + dataset.profile().length()
                + Run.characters(tags);
    }
}
