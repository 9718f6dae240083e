package leat.stream.enricher;

import java.nio.file.Path;
import java.util.List;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.Stage;
import leat.stream.log.StageHealth;
import leat.stream.log.StageSettings;

/// One instance of the enricher: the shell around [EnricherProcessor].
public final class Enricher implements AutoCloseable {

    /// The role's name in groups, transactional ids, metrics and fail points.
    public static final String ROLE = "enricher";

    private final EnricherProcessor processor;
    private final Stage stage;

    private Enricher(EnricherProcessor processor, Stage stage) {
        this.processor = processor;
        this.stage = stage;
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
        EnricherProcessor processor =
                new EnricherProcessor(
                        flows,
                        settings,
                        instance.folder().resolve(ROLE).resolve(instance.instance()));
        StageSettings stageSettings =
                new StageSettings(
                        instance.names(),
                        ROLE,
                        instance.instance(),
                        flows.stream().map(Flow::raw).toList(),
                        settings.maxBatchRecords(),
                        (int) settings.maxBatchSize().bytes(),
                        settings.commitInterval());
        return new Enricher(processor, Stage.of(connection, stageSettings, processor).start());
    }

    public StageHealth health() {
        return stage.health();
    }

    /// Lets the batch in flight end, stores the state and leaves the group.
    @Override
    public void close() {
        stage.close();
        processor.close();
    }
}
