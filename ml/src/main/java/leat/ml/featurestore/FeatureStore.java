package leat.ml.featurestore;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;

/// One instance of the feature store: every view runs by itself, so that one that stops stops no
/// other.
public final class FeatureStore implements AutoCloseable {

    private final Map<String, RunningView> views;

    private FeatureStore(Map<String, RunningView> views) {
        this.views = views;
    }

    /// Who and where an instance is.
    ///
    /// @param instance tells the feature stores of an installation apart; stable over restarts
    /// @param folder for what it keeps on the local disk
    /// @param replicationFactor of the topics that Kafka Streams makes for the state
    public record Place(
            LogConnection log, Names names, String instance, Path folder, int replicationFactor) {}

    /// Starts an instance that shares the partitions of the views' sources with the others. The
    /// views are claimed in the [FeatureRegistry] before.
    public static FeatureStore start(
            Place place, FeatureStoreSettings settings, List<FeatureFlow> flows) {
        EntityMemory memory = new EntityMemory(settings.entityMemory().bytes());
        Map<String, RunningView> views = new LinkedHashMap<>();
        for (FeatureFlow flow : flows) {
            views.put(flow.name(), RunningView.start(place, settings, memory, flow));
        }
        return new FeatureStore(views);
    }

    /// How each view is doing, by `NAME.vN`.
    public Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new TreeMap<>();
        views.forEach((name, view) -> health.put(name, view.health()));
        return health;
    }

    /// Commits what is in flight and leaves the groups.
    @Override
    public void close() {
        views.values().forEach(RunningView::stop);
        views.values().forEach(RunningView::close);
    }
}
