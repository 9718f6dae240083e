package leat.core.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A state with its log: decides on commands, and takes what they write.
public final class TrackedState {

    private final TrackingFold fold = new TrackingFold();
    private final List<TrackingRecord> log = new ArrayList<>();
    private final List<Metric> points = new ArrayList<>();
    private long nowMillis = 1_000;

    /// The same, done.
    public TrackedState with(TrackingCommand command) {
        TrackingCommand.Decision decision = command.decide(fold, nowMillis++);
        LoggedPoints logged = new LoggedPoints(decision.runId(), decision.points(), points.size());
        points.addAll(decision.points());
        List<TrackingRecord> records = new ArrayList<>(decision.records());
        records.addAll(logged.newest(fold));
        records.forEach(fold::apply);
        log.addAll(records);
        return this;
    }

    /// A run of the default experiment.
    public TrackedState withRun(String id, long startMillis) {
        return with(new RunCommand.Create(id, "0", "", "anna", startMillis, Map.of()));
    }

    public TrackingFold fold() {
        return fold;
    }

    List<TrackingRecord> log() {
        return log;
    }

    List<Metric> points() {
        return points;
    }

    Run run(String id) {
        return fold.run(id).orElseThrow();
    }

    /// What compaction leaves of the log: of each key the last record, in the order of those.
    List<TrackingRecord> compacted() {
        Map<String, Integer> last = new TreeMap<>();
        for (int i = 0; i < log.size(); i++) {
            last.put(key(log.get(i)), i);
        }
        return last.values().stream().sorted().map(log::get).toList();
    }

    private static String key(TrackingRecord record) {
        return switch (record) {
            case TrackingRecord.OfExperiment(Experiment experiment) -> "e/" + experiment.id();
            case TrackingRecord.ExperimentTag tag -> "et/" + tag.experimentId() + "/" + tag.key();
            case TrackingRecord.OfRun(RunInfo info) -> "r/" + info.id();
            case TrackingRecord.Param param -> "p/" + param.runId() + "/" + param.key();
            case TrackingRecord.Tag tag -> "t/" + tag.runId() + "/" + tag.key();
            case TrackingRecord.OfMetric metric ->
                    "m/" + metric.runId() + "/" + metric.newest().metric().key();
            case TrackingRecord.OfModel(ModelMetric newest) ->
                    "mm/" + newest.modelId() + "/" + newest.measure();
            case TrackingRecord.OfDataset(String runId, DatasetInput input) ->
                    "d/" + runId + "/" + input.dataset().id();
        };
    }
}
