package leat.ml.featurestore;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.contract.ContractName;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;

/// One instance of the feature store: every version of a view runs by itself, so that one that
/// stops stops no other.
public final class FeatureStore implements AutoCloseable {

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final List<ViewVersions> views;
    private final RegistryWatch watch;

    private FeatureStore(List<ViewVersions> views, RegistryWatch watch) {
        this.views = views;
        this.watch = watch;
    }

    /// Who and where an instance is.
    ///
    /// @param instance tells the feature stores of an installation apart; stable over restarts
    /// @param folder for what it keeps on the local disk
    /// @param replicationFactor of the topics that Kafka Streams makes for the state
    public record Place(
            LogConnection log, Names names, String instance, Path folder, int replicationFactor) {}

    /// Starts an instance that shares the partitions of the views' sources with the others. The
    /// views are claimed in the [FeatureRegistry] before. Where another version of one serves, that
    /// one runs too, until the one that is given has taken over.
    ///
    /// @param definitions make the versions that only the registry has
    public static FeatureStore start(
            Place place,
            FeatureStoreSettings settings,
            List<FeatureFlow> flows,
            DefinitionReader definitions) {
        EntityMemory memory = new EntityMemory(settings.entityMemory().bytes());
        List<ContractName> names =
                flows.stream().map(flow -> flow.compiled().view().name()).toList();
        List<ViewVersions> views = new ArrayList<>();
        for (FeatureFlow flow : flows) {
            views.add(
                    new ViewVersions(
                            place,
                            definitions,
                            version -> RunningView.start(place, settings, memory, version),
                            flow,
                            names));
        }
        RegistryWatch watch =
                new RegistryWatch(
                        "features-take-over", place.log(), place.names(), LOOK_INTERVAL, views);
        watch.start();
        return new FeatureStore(views, watch);
    }

    /// How each version that is to run here is doing, by `NAME.vN`.
    public Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new TreeMap<>();
        views.forEach(view -> health.putAll(view.health()));
        return health;
    }

    /// Commits what is in flight and leaves the groups.
    @Override
    public void close() {
        views.forEach(ViewVersions::stop);
        watch.close();
        views.forEach(ViewVersions::close);
    }
}
