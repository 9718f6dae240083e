package leat.core.tracking;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// An experiment: runs that are compared with each other.
///
/// @param artifactLocation a URI; those of the runs are below it
public record Experiment(
        String id,
        String name,
        String artifactLocation,
        LifecycleStage stage,
        long createdMillis,
        long updatedMillis,
        SortedMap<String, String> tags) {

    /// Clients log to it where they name none, so it is always there.
    public static final Experiment DEFAULT = created("0", "Default", artifactLocation("0"), 0);

    public Experiment {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /// A new one, without tags.
    static Experiment created(String id, String name, String artifactLocation, long nowMillis) {
        return new Experiment(
                id,
                name,
                artifactLocation,
                LifecycleStage.ACTIVE,
                nowMillis,
                nowMillis,
                new TreeMap<>());
    }

    /// Where artifacts go that nobody said a place for.
    static String artifactLocation(String id) {
        return "mlflow-artifacts:/" + id;
    }

    Experiment renamed(String newName, long nowMillis) {
        return new Experiment(id, newName, artifactLocation, stage, createdMillis, nowMillis, tags);
    }

    Experiment in(LifecycleStage newStage, long nowMillis) {
        return new Experiment(id, name, artifactLocation, newStage, createdMillis, nowMillis, tags);
    }

    Experiment with(SortedMap<String, String> newTags) {
        return new Experiment(
                id, name, artifactLocation, stage, createdMillis, updatedMillis, newTags);
    }
}
