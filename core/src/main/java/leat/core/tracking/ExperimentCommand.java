package leat.core.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Something to be done with an experiment.
public sealed interface ExperimentCommand extends TrackingCommand {

    /// Makes an experiment.
    ///
    /// @param id a new one
    /// @param artifactLocation empty for the place that all have
    record Create(String id, String name, String artifactLocation, Map<String, String> tags)
            implements ExperimentCommand {

        public Create {
            tags = Map.copyOf(tags);
        }

        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            checkName(name);
            EntryChecks.length(
                    "artifact_location",
                    artifactLocation,
                    TrackingLimits.ARTIFACT_LOCATION_CHARACTERS);
            tags.forEach((key, value) -> checkTag("tags.", key, value));
            Optional<Experiment> known = state.experimentNamed(name);
            if (known.isPresent() && known.get().id().equals(id)) {
                return Decision.of();
            }
            refuseTaken(name, known);
            TrackingLimits.withinLimit(
                    "The experiments", state.experimentCount() + 1L, TrackingLimits.EXPERIMENTS);
            TrackingLimits.withinLimit(
                    "The tags of the experiment", tags.size(), TrackingLimits.EXPERIMENT_TAGS);
            List<TrackingRecord> records = new ArrayList<>();
            records.add(
                    new TrackingRecord.OfExperiment(
                            Experiment.created(
                                    id,
                                    name,
                                    artifactLocation.isEmpty()
                                            ? Experiment.artifactLocation(id)
                                            : artifactLocation,
                                    nowMillis)));
            tags.forEach((key, value) ->
                    records.add(new TrackingRecord.ExperimentTag(id, key, Optional.of(value))));
            return Decision.of(records);
        }
    }

    record Rename(String id, String newName) implements ExperimentCommand {
        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            checkName(newName);
            Experiment experiment = active(state, id);
            if (experiment.name().equals(newName)) {
                return Decision.of();
            }
            refuseTaken(newName, state.experimentNamed(newName));
            return Decision.of(
                    new TrackingRecord.OfExperiment(experiment.renamed(newName, nowMillis)));
        }
    }

    /// Moves an experiment, and with it its runs, into another stage.
    record Move(String id, LifecycleStage to) implements ExperimentCommand {
        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            Experiment experiment = existing(state, id);
            return experiment.stage() == to
                    ? Decision.of()
                    : Decision.of(new TrackingRecord.OfExperiment(experiment.in(to, nowMillis)));
        }
    }

    record SetTag(String id, String key, String value) implements ExperimentCommand {
        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            checkTag("", key, value);
            Experiment experiment = active(state, id);
            if (!experiment.tags().containsKey(key)) {
                TrackingLimits.withinLimit(
                        "The tags of the experiment",
                        experiment.tags().size() + 1L,
                        TrackingLimits.EXPERIMENT_TAGS);
            }
            return Decision.of(new TrackingRecord.ExperimentTag(id, key, Optional.of(value)));
        }
    }

    record DeleteTag(String id, String key) implements ExperimentCommand {
        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            if (!active(state, id).tags().containsKey(key)) {
                throw TrackingRefused.absent(
                        "No tag with name: " + key + " in experiment with id " + id);
            }
            return Decision.of(new TrackingRecord.ExperimentTag(id, key, Optional.empty()));
        }
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw TrackingRefused.invalid("Invalid experiment name: ''");
        }
        EntryChecks.length("name", name, TrackingLimits.EXPERIMENT_NAME_CHARACTERS);
    }

    private static void checkTag(String path, String key, String value) {
        EntryChecks.tag(path, key, value, TrackingLimits.EXPERIMENT_TAG_CHARACTERS);
    }

    private static void refuseTaken(String name, Optional<Experiment> known) {
        known.ifPresent(experiment -> {
            throw new TrackingRefused(
                    TrackingError.RESOURCE_ALREADY_EXISTS,
                    switch (experiment.stage()) {
                        case ACTIVE -> "Experiment(name=" + name + ") already exists.";
                        case DELETED ->
                                "Experiment(name="
                                        + name
                                        + ") already exists in deleted state, with the id "
                                        + experiment.id()
                                        + ". Restore it, or take another name.";
                    });
        });
    }

    static Experiment existing(TrackingFold state, String id) {
        return state.experiment(id)
                .orElseThrow(
                        () -> TrackingRefused.absent("No Experiment with id=" + id + " exists"));
    }

    static Experiment active(TrackingFold state, String id) {
        Experiment experiment = existing(state, id);
        if (experiment.stage() != LifecycleStage.ACTIVE) {
            throw TrackingRefused.invalid(
                    "The experiment "
                            + id
                            + " must be in the 'active' state. Current state is "
                            + experiment.stage().word()
                            + ".");
        }
        return experiment;
    }
}
