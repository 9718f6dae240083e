package leat.ml.scorer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import leat.core.contract.ContractName;
import leat.core.event.Names;
import leat.core.prediction.Lineup;
import leat.core.prediction.Scoring;
import leat.core.prediction.Term;
import leat.ml.registry.Models;
import leat.ml.scoring.ReadyModels;
import leat.stream.log.AssignedPartition;
import leat.stream.log.LogConnection;
import leat.stream.log.LogReader;
import leat.stream.log.LogUnavailable;
import leat.stream.log.PartitionProcessor;
import leat.stream.log.Processor;
import leat.stream.log.Stage;
import leat.stream.log.StageHealth;
import leat.stream.log.StageSettings;

/// An instance of the scorer: for each scoring a stage a thread. Vectors wait in the log until
/// there is a champion.
public final class Scorer implements AutoCloseable {

    /// The first part of the role's names in groups, transactional ids, metrics and fail points;
    /// the scoring follows, `scorer.failure-risk.v1`.
    public static final String ROLE = "scorer";

    private final Map<String, List<Stage>> stages;
    private final List<ReadyModels> models;

    private Scorer(Map<String, List<Stage>> stages, List<ReadyModels> models) {
        this.stages = stages;
        this.models = models;
    }

    /// Where an instance works.
    ///
    /// @param instance tells the scorers of an installation apart; stable over restarts
    public record Place(LogConnection log, Names names, String instance) {}

    /// Starts an instance that shares the partitions of the vectors with the others.
    ///
    /// @param models stays open when this is closed
    public static Scorer start(
            Place place, ScorerSettings settings, Models models, List<Scoring> scorings) {
        Map<String, List<Stage>> stages = new TreeMap<>();
        List<ReadyModels> followed = new ArrayList<>();
        for (Scoring scoring : scorings) {
            ReadyModels ready =
                    ReadyModels.follow(
                            models,
                            scoring.model(),
                            scoring.set().map(ContractName::value),
                            scoring.aliases(),
                            settings.lookInterval());
            followed.add(ready);
            Opening opening =
                    new Opening(
                            place.names(),
                            new ScorerPartition.Work(
                                    scoring,
                                    ready,
                                    settings.timeout(),
                                    new PartitionLearners.Pace(
                                            settings.checkpointVectors(),
                                            settings.checkpointInterval())));
            List<Stage> threads = new ArrayList<>();
            for (int thread = 1; thread <= StageSettings.threads(settings.threads()); thread++) {
                threads.add(
                        Stage.of(place.log(), stage(place, settings, scoring, thread), opening)
                                .start());
            }
            stages.put(scoring.nameAndVersion(), threads);
        }
        return new Scorer(stages, followed);
    }

    private static StageSettings stage(
            Place place, ScorerSettings settings, Scoring scoring, int thread) {
        return new StageSettings(
                place.names(),
                ROLE + "." + scoring.nameAndVersion(),
                place.instance(),
                thread,
                List.of(place.names().vectors(scoring.view().contract())),
                settings.maxBatchRecords(),
                (int) settings.maxBatchSize().bytes(),
                settings.commitInterval());
    }

    /// Opens a partition where its last term was left, with what its versions had learned by then.
    /// It waits until somebody is champion.
    private record Opening(Names names, ScorerPartition.Work work) implements Processor {
        @Override
        public PartitionProcessor open(AssignedPartition assigned, LogReader reader) {
            Optional<Lineup> last =
                    Terms.read(
                                    reader,
                                    names,
                                    work.scoring().nameAndVersion(),
                                    assigned.topicId(),
                                    assigned.partition().partition())
                            .last()
                            .map(Term::lineup);
            last.ifPresent(lineup -> work.models().recorded(lineup.standings()));
            try (ReadyModels.Ready ready = work.models().await()) {
                PartitionLearners.Restored restored =
                        new CheckpointLog(reader, names, work.scoring(), assigned)
                                .restore(ready, last.map(Lineup::versions).orElse(Set.of()));
                VectorReading reading =
                        new VectorReading(work.scoring(), assigned.topicId(), reader, names);
                return new ScorerPartition(names, work, reading, last, restored);
            } catch (InterruptedException e) {
                throw LogUnavailable.interrupted(e);
            }
        }
    }

    /// How each scoring is doing, by `NAME.vN`; as the worst of its threads does.
    public Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new TreeMap<>();
        stages.forEach((scoring, threads) ->
                health.put(
                        scoring,
                        threads.stream()
                                .map(Stage::health)
                                .reduce(StageHealth::and)
                                .orElseThrow()));
        return health;
    }

    /// Lets the batches in flight end, leaves the groups and closes the models.
    @Override
    public void close() {
        stages.values().forEach(threads -> threads.forEach(Stage::stop));
        stages.values().forEach(threads -> threads.forEach(Stage::close));
        models.forEach(ReadyModels::close);
    }
}
