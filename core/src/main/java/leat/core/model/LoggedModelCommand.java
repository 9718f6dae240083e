package leat.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import leat.core.tracking.EntryChecks;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.TrackingRefused;

/// Something to be done with a logged model.
public sealed interface LoggedModelCommand extends ModelCommand {

    /// Begins a logged model, whose files are uploaded next.
    ///
    /// @param info a new one, but for its times
    record Create(LoggedModelInfo info, Map<String, String> params, Map<String, String> tags)
            implements LoggedModelCommand {

        public Create {
            params = Map.copyOf(params);
            tags = Map.copyOf(tags);
        }

        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelChecks.name(info.name());
            EntryChecks.length("model_type", info.modelType(), ModelLimits.NAME_CHARACTERS);
            EntryChecks.length("source_run_id", info.sourceRunId(), ModelLimits.NAME_CHARACTERS);
            ModelChecks.tags(tags);
            checkParams(Map.of(), params);
            if (state.logged(info.id(), true).isPresent()) {
                return List.of();
            }
            ModelLimits.withinLimit(
                    "The logged models", state.loggedCount() + 1L, ModelLimits.LOGGED_MODELS);
            List<ModelRecord> records = new ArrayList<>();
            records.add(new ModelRecord.OfLogged(info));
            params.forEach((key, value) ->
                    records.add(new ModelRecord.LoggedParam(info.id(), key, value)));
            tags.forEach((key, value) ->
                    records.add(new ModelRecord.LoggedTag(info.id(), key, Optional.of(value))));
            return records;
        }
    }

    /// Says how the upload of its files ended.
    record Finish(String id, LoggedModelStatus status) implements LoggedModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            LoggedModelInfo info = existing(state, id).info();
            return List.of(new ModelRecord.OfLogged(info.with(status, nowMillis)));
        }
    }

    record Delete(String id) implements LoggedModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            LoggedModelInfo info = existing(state, id).info();
            return List.of(new ModelRecord.OfLogged(info.in(LifecycleStage.DELETED, nowMillis)));
        }
    }

    record SetTags(String id, Map<String, String> tags) implements LoggedModelCommand {
        public SetTags {
            tags = Map.copyOf(tags);
        }

        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelChecks.tags(tags);
            Set<String> keys = new TreeSet<>(existing(state, id).tags().keySet());
            keys.addAll(tags.keySet());
            ModelLimits.withinLimit("The tags", keys.size(), ModelLimits.KEYS);
            List<ModelRecord> records = new ArrayList<>();
            tags.forEach((key, value) ->
                    records.add(new ModelRecord.LoggedTag(id, key, Optional.of(value))));
            return records;
        }
    }

    record DeleteTag(String id, String key) implements LoggedModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            if (!existing(state, id).tags().containsKey(key)) {
                throw TrackingRefused.absent(
                        "No tag with key '"
                                + key
                                + "' found for logged model with ID '"
                                + id
                                + "'.");
            }
            return List.of(new ModelRecord.LoggedTag(id, key, Optional.empty()));
        }
    }

    /// A parameter never changes.
    record LogParams(String id, Map<String, String> params) implements LoggedModelCommand {
        public LogParams {
            params = Map.copyOf(params);
        }

        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            Map<String, String> known = existing(state, id).params();
            checkParams(known, params);
            List<ModelRecord> records = new ArrayList<>();
            params.forEach((key, value) -> {
                if (!known.containsKey(key)) {
                    records.add(new ModelRecord.LoggedParam(id, key, value));
                }
            });
            return records;
        }
    }

    /// Says that a run has used or made logged models.
    ///
    /// @param made with the step of each
    record Link(String runId, Set<String> used, Map<String, Long> made)
            implements LoggedModelCommand {
        public Link {
            used = Set.copyOf(used);
            made = Map.copyOf(made);
        }

        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            RunModels known = state.ofRun(runId);
            List<ModelRecord> records = new ArrayList<>();
            for (String id : used) {
                existing(state, id);
                if (!known.used().contains(id)) {
                    records.add(new ModelRecord.OfRunModel(runId, id, OptionalLong.empty()));
                }
            }
            made.forEach((id, step) -> {
                existing(state, id);
                if (!Objects.equals(known.made().get(id), step)) {
                    records.add(new ModelRecord.OfRunModel(runId, id, OptionalLong.of(step)));
                }
            });
            ModelLimits.withinLimit(
                    "The logged models of the run",
                    known.count() + (long) records.size(),
                    ModelLimits.RUN_MODELS);
            return records;
        }
    }

    private static void checkParams(Map<String, String> known, Map<String, String> params) {
        params.forEach((key, value) -> {
            EntryChecks.tag("params.", key, value, ModelLimits.PARAM_CHARACTERS);
            String old = known.get(key);
            if (old != null && !old.equals(value)) {
                throw TrackingRefused.invalid(
                        "Changing param values is not allowed. The parameter '"
                                + key
                                + "' of the logged model is '"
                                + old
                                + "' already.");
            }
        });
        Set<String> keys = new TreeSet<>(known.keySet());
        keys.addAll(params.keySet());
        ModelLimits.withinLimit("The parameters", keys.size(), ModelLimits.KEYS);
    }

    static boolean isDeleted(LoggedModel model) {
        return model.info().stage() == LifecycleStage.DELETED;
    }

    static LoggedModel existing(ModelFold state, String id) {
        return state.logged(id, false)
                .orElseThrow(() ->
                        TrackingRefused.absent("Logged model with ID '" + id + "' not found."));
    }
}
