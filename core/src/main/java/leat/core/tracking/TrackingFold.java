package leat.core.tracking;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All experiments and runs: what the records of the topic fold to. Compaction may leave what a run
/// logged in front of the newest record of the run itself, so records may come in any order, but
/// for those of one key. For one thread; what it gives out never changes.
public final class TrackingFold {

    private final SortedMap<String, Experiment> experiments = new TreeMap<>();
    private final Map<String, SortedMap<String, String>> experimentTags = new HashMap<>();
    private final Map<String, RunFold> runs = new HashMap<>();
    private final Map<String, Set<RunFold>> byExperiment = new HashMap<>();
    private final Map<Dataset, Dataset> datasets = new HashMap<>();
    private final Map<String, SortedMap<ModelMetric.Measure, ModelMetric>> ofModels =
            new HashMap<>();
    private int runCount;

    /// Nothing but the default experiment.
    public TrackingFold() {
        experiments.put(Experiment.DEFAULT.id(), Experiment.DEFAULT);
    }

    /// One run, as far as it is known.
    private static final class RunFold {
        private @Nullable RunInfo info;
        private final SortedMap<String, String> params = new TreeMap<>();
        private final SortedMap<String, String> tags = new TreeMap<>();
        private final SortedMap<String, NewestMetric> metrics = new TreeMap<>();
        private final SortedMap<DatasetId, DatasetInput> datasets = new TreeMap<>();
        private @Nullable Run shown;

        Optional<Run> run() {
            if (shown == null && info != null) {
                shown = new Run(info, params, tags, metrics, datasets);
            }
            return Optional.ofNullable(shown);
        }
    }

    /// Takes one more record in.
    public void apply(TrackingRecord record) {
        switch (record) {
            case TrackingRecord.OfExperiment(Experiment experiment) ->
                    experiments.put(experiment.id(), experiment);
            case TrackingRecord.ExperimentTag(String id, String key, Optional<String> value) ->
                    set(experimentTags.computeIfAbsent(id, _ -> new TreeMap<>()), key, value);
            case TrackingRecord.OfRun(RunInfo info) -> apply(info);
            case TrackingRecord.Param(String id, String key, String value) ->
                    changing(id).params.put(key, value);
            case TrackingRecord.Tag(String id, String key, Optional<String> value) ->
                    set(changing(id).tags, key, value);
            case TrackingRecord.OfMetric(String id, NewestMetric newest) ->
                    changing(id).metrics.put(newest.metric().key(), newest);
            case TrackingRecord.OfModel(ModelMetric newest) ->
                    ofModels.computeIfAbsent(newest.modelId(), _ -> new TreeMap<>())
                            .put(newest.measure(), newest);
            case TrackingRecord.OfDataset(String id, DatasetInput input) ->
                    changing(id).datasets.put(input.dataset().id(), input.of(shared(input)));
        }
    }

    private void apply(RunInfo info) {
        RunFold run = changing(info.id());
        if (run.info == null) {
            byExperiment.computeIfAbsent(info.experimentId(), _ -> new LinkedHashSet<>()).add(run);
            runCount++;
        }
        run.info = info;
    }

    /// Many runs read one dataset, whose schema is in memory once.
    private Dataset shared(DatasetInput input) {
        return datasets.computeIfAbsent(input.dataset(), dataset -> dataset);
    }

    private RunFold changing(String id) {
        RunFold run = runs.computeIfAbsent(id, _ -> new RunFold());
        run.shown = null;
        return run;
    }

    private static void set(Map<String, String> tags, String key, Optional<String> value) {
        value.ifPresentOrElse(text -> tags.put(key, text), () -> tags.remove(key));
    }

    public int experimentCount() {
        return experiments.size();
    }

    public int runCount() {
        return runCount;
    }

    public Optional<Experiment> experiment(String id) {
        return Optional.ofNullable(experiments.get(id)).map(this::tagged);
    }

    /// The experiment of a name, also one that was deleted: its name is still taken.
    public Optional<Experiment> experimentNamed(String name) {
        return experiments.values().stream()
                .filter(experiment -> experiment.name().equals(name))
                .findFirst()
                .map(this::tagged);
    }

    public List<Experiment> experiments() {
        return experiments.values().stream().map(this::tagged).toList();
    }

    private Experiment tagged(Experiment experiment) {
        SortedMap<String, String> tags = experimentTags.get(experiment.id());
        return tags == null ? experiment : experiment.with(tags);
    }

    /// The run of an id. That of a deleted experiment is deleted with it.
    public Optional<Run> run(String id) {
        return Optional.ofNullable(runs.get(id)).flatMap(RunFold::run).map(this::staged);
    }

    /// The runs of some experiments, in no order.
    public List<Run> runs(Collection<String> experimentIds) {
        List<Run> found = new ArrayList<>();
        for (String id : new LinkedHashSet<>(experimentIds)) {
            for (RunFold run : byExperiment.getOrDefault(id, Set.of())) {
                run.run().map(this::staged).ifPresent(found::add);
            }
        }
        return found;
    }

    /// The newest value of each measure of a logged model.
    public SortedMap<ModelMetric.Measure, ModelMetric> ofModel(String id) {
        return Collections.unmodifiableSortedMap(
                new TreeMap<>(ofModels.getOrDefault(id, new TreeMap<>())));
    }

    /// Where the artifacts of all runs are, those of deleted ones included.
    public Set<String> artifactUris() {
        Set<String> uris = new HashSet<>();
        for (RunFold run : runs.values()) {
            if (run.info != null) {
                uris.add(run.info.artifactUri());
            }
        }
        return uris;
    }

    private Run staged(Run run) {
        boolean deletedWithItsExperiment =
                run.info().stage() == LifecycleStage.ACTIVE
                        && Optional.ofNullable(experiments.get(run.info().experimentId()))
                                .filter(e -> e.stage() == LifecycleStage.DELETED)
                                .isPresent();
        return deletedWithItsExperiment ? run.in(LifecycleStage.DELETED) : run;
    }
}
