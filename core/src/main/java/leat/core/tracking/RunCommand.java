package leat.core.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Something to be done with a run.
public sealed interface RunCommand extends TrackingCommand
        permits RunCommand.Create,
                RunCommand.Update,
                RunCommand.Move,
                RunCommand.DeleteTag,
                LogBatch,
                LogForModels,
                LogDatasets {

    /// Begins a run.
    ///
    /// @param id a new one
    /// @param name empty where the tags may say it
    record Create(
            String id,
            String experimentId,
            String name,
            String userId,
            long startMillis,
            Map<String, String> tags)
            implements RunCommand {

        public Create {
            tags = Map.copyOf(tags);
        }

        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            EntryChecks.runId(id);
            if (state.run(id).isPresent()) {
                return Decision.of();
            }
            Experiment experiment = ExperimentCommand.active(state, experimentId);
            String shown = nameToShow();
            EntryChecks.length("run_name", shown, TrackingLimits.TAG_CHARACTERS);
            EntryChecks.length("user_id", userId, TrackingLimits.KEY_CHARACTERS);
            tags.forEach((key, value) ->
                    EntryChecks.tag("tags.", key, value, TrackingLimits.TAG_CHARACTERS));
            TrackingLimits.withinLimit("The runs", state.runCount() + 1L, TrackingLimits.RUNS);
            TrackingLimits.withinLimit(
                    "The tags of the run", tags.size() + 1L, TrackingLimits.RUN_KEYS);
            List<TrackingRecord> records = new ArrayList<>();
            records.add(new TrackingRecord.OfRun(started(experiment, shown)));
            records.add(new TrackingRecord.Tag(id, Run.NAME_TAG, Optional.of(shown)));
            tags.forEach((key, value) ->
                    records.add(new TrackingRecord.Tag(id, key, Optional.of(value))));
            return Decision.of(records);
        }

        private RunInfo started(Experiment experiment, String shown) {
            return new RunInfo(
                    id,
                    experimentId,
                    shown,
                    userId,
                    RunStatus.RUNNING,
                    startMillis,
                    OptionalLong.empty(),
                    experiment.artifactLocation() + "/" + id + "/artifacts",
                    LifecycleStage.ACTIVE);
        }

        private String nameToShow() {
            String tag = tags.getOrDefault(Run.NAME_TAG, "");
            if (!name.isEmpty() && !tag.isEmpty() && !name.equals(tag)) {
                throw TrackingRefused.invalid(
                        "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with"
                                + " different values (run_name='"
                                + name
                                + "', mlflow.runName='"
                                + tag
                                + "').");
            }
            if (!name.isEmpty() || !tag.isEmpty()) {
                return name.isEmpty() ? tag : name;
            }
            return "run-" + id.substring(0, Math.min(8, id.length()));
        }
    }

    /// Changes what a run says of itself.
    ///
    /// @param status empty where it stays
    /// @param endMillis empty where it stays
    /// @param name empty where it stays
    record Update(String id, Optional<RunStatus> status, OptionalLong endMillis, String name)
            implements RunCommand {
        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            EntryChecks.length("run_name", name, TrackingLimits.TAG_CHARACTERS);
            RunInfo old = active(state, id).info();
            RunInfo now =
                    old.with(
                            status.orElse(old.status()),
                            endMillis.isPresent() ? endMillis : old.endMillis());
            List<TrackingRecord> records = new ArrayList<>();
            if (!name.isEmpty()) {
                now = now.named(name);
                records.add(new TrackingRecord.Tag(id, Run.NAME_TAG, Optional.of(name)));
            }
            records.add(new TrackingRecord.OfRun(now));
            return Decision.of(records);
        }
    }

    /// Moves a run into another stage. What is shown of a run may be its experiment's stage, so its
    /// own is written in any case.
    record Move(String id, LifecycleStage to) implements RunCommand {
        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            return Decision.of(new TrackingRecord.OfRun(existing(state, id).info().in(to)));
        }
    }

    record DeleteTag(String id, String key) implements RunCommand {
        @Override
        public Decision decide(TrackingFold state, long nowMillis) {
            if (!active(state, id).tags().containsKey(key)) {
                throw TrackingRefused.absent("No tag with name: " + key + " in run with id " + id);
            }
            return Decision.of(new TrackingRecord.Tag(id, key, Optional.empty()));
        }
    }

    static Run existing(TrackingFold state, String id) {
        return state.run(id)
                .orElseThrow(() -> TrackingRefused.absent("Run with id=" + id + " not found"));
    }

    static Run active(TrackingFold state, String id) {
        Run run = existing(state, id);
        if (run.info().stage() != LifecycleStage.ACTIVE) {
            throw TrackingRefused.invalid(
                    "The run "
                            + id
                            + " must be in the 'active' state. Current state is "
                            + run.info().stage().word()
                            + ".");
        }
        return run;
    }
}
