package leat.stream.enricher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.Stage;
import leat.stream.log.StageHealth;
import leat.stream.log.StageSettings;

/// One instance of the enricher: as many stages as it has threads, each a member of the group with
/// partitions and transactions of its own. One judges while the other's transaction commits.
public final class Enricher implements AutoCloseable {

    /// The role's name in groups, transactional ids, metrics and fail points.
    public static final String ROLE = "enricher";

    private final List<Stage> stages;

    private Enricher(List<Stage> stages) {
        this.stages = List.copyOf(stages);
    }

    /// Who and where an instance is.
    ///
    /// @param instance tells the enrichers of an installation apart; stable over restarts
    /// @param folder for what it keeps on the local disk
    public record Instance(Names names, String instance, Path folder) {}

    /// Starts an instance that shares the partitions of the contracts' raw topics with the others.
    public static Enricher start(
            LogConnection connection,
            Instance instance,
            EnricherSettings settings,
            List<Flow> flows) {
        List<Stage> stages = new ArrayList<>();
        for (int thread = 1; thread <= StageSettings.threads(settings.threads()); thread++) {
            StageSettings stageSettings =
                    new StageSettings(
                            instance.names(),
                            ROLE,
                            instance.instance(),
                            thread,
                            flows.stream().map(Flow::raw).toList(),
                            settings.maxBatchRecords(),
                            (int) settings.maxBatchSize().bytes(),
                            settings.commitInterval());
            Path folder = instance.folder().resolve(ROLE).resolve(stageSettings.member());
            stages.add(
                    Stage.of(
                                    connection,
                                    stageSettings,
                                    new EnricherProcessor(flows, settings, folder))
                            .start());
        }
        return new Enricher(stages);
    }

    /// How its stages are doing together; the worst of them where they differ.
    public StageHealth health() {
        return stages.stream().map(Stage::health).reduce(StageHealth::and).orElseThrow();
    }

    /// Lets the batches in flight end, stores the state and leaves the group.
    @Override
    public void close() {
        stages.forEach(Stage::stop);
        stages.forEach(Stage::close);
    }
}
