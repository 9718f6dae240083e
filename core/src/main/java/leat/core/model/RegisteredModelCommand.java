package leat.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;

/// Something to be done with a registered model.
public sealed interface RegisteredModelCommand extends ModelCommand {

    /// Registers a model.
    ///
    /// @param id a new one
    record Create(String id, String name, String description, Map<String, String> tags)
            implements RegisteredModelCommand {

        public Create {
            tags = Map.copyOf(tags);
        }

        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelChecks.name(name);
            ModelChecks.description(description);
            ModelChecks.tags(tags);
            tags.keySet().forEach(RegisteredModelCommand::refuseOwn);
            Optional<ModelInfo> known = state.named(name);
            if (known.isPresent() && known.get().id().equals(id)) {
                return List.of();
            }
            refuseTaken(name, known);
            ModelLimits.withinLimit(
                    "The registered models", state.nameCount() + 1L, ModelLimits.MODELS);
            List<ModelRecord> records = new ArrayList<>(forgotten(known));
            records.add(
                    of(
                            new ModelInfo(
                                    id,
                                    name,
                                    description,
                                    nowMillis,
                                    nowMillis,
                                    lastVersion(known),
                                    false)));
            tags.forEach((key, value) ->
                    records.add(new ModelRecord.ModelTag(id, key, Optional.of(value))));
            return records;
        }
    }

    record Rename(String name, String newName) implements RegisteredModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelChecks.name(newName);
            ModelInfo model = existing(state, name).info();
            if (newName.equals(name)) {
                return List.of();
            }
            Optional<ModelInfo> known = state.named(newName);
            refuseTaken(newName, known);
            List<ModelRecord> records = new ArrayList<>(forgotten(known));
            int last = Math.max(model.lastVersion(), lastVersion(known));
            records.add(of(model.named(newName, last, nowMillis)));
            return records;
        }
    }

    record Describe(String name, String description) implements RegisteredModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelChecks.description(description);
            return List.of(of(existing(state, name).info().described(description, nowMillis)));
        }
    }

    /// Deletes a model with its versions and aliases.
    record Delete(String name) implements RegisteredModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            RegisteredModel model = existing(state, name);
            String id = model.info().id();
            List<ModelRecord> records = new ArrayList<>();
            records.add(of(model.info().gone(nowMillis)));
            model.tags()
                    .keySet()
                    .forEach(key ->
                            records.add(new ModelRecord.ModelTag(id, key, Optional.empty())));
            model.aliases()
                    .keySet()
                    .forEach(alias -> records.add(new ModelRecord.OfAlias(id, alias, List.of())));
            state.versions(name)
                    .forEach(version -> records.addAll(VersionCommand.deleted(id, version)));
            return records;
        }
    }

    record SetTag(String name, String key, String value) implements RegisteredModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            RegisteredModel model = existing(state, name);
            ModelChecks.tag(model.tags(), key, value);
            refuseOwn(key);
            return List.of(new ModelRecord.ModelTag(model.info().id(), key, Optional.of(value)));
        }
    }

    /// Deletes a tag; one that is not there is left so.
    record DeleteTag(String name, String key) implements RegisteredModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            RegisteredModel model = existing(state, name);
            refuseOwn(key);
            return model.tags().containsKey(key)
                    ? List.of(new ModelRecord.ModelTag(model.info().id(), key, Optional.empty()))
                    : List.of();
        }
    }

    /// Has an alias point to a version, from whichever one it pointed to. Where it does already,
    /// nothing is written, so that the position of its record stays.
    record SetAlias(String name, String alias, int version) implements RegisteredModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelChecks.alias(alias);
            RegisteredModel model = existing(state, name);
            VersionCommand.existing(state, name, version);
            Alias known = model.aliases().get(alias);
            return known != null && known.version() == version
                    ? List.of()
                    : List.of(pointing(model, alias, version, nowMillis));
        }
    }

    /// Deletes an alias; one that is not there is left so.
    record DeleteAlias(String name, String alias) implements RegisteredModelCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            RegisteredModel model = existing(state, name);
            return model.aliases().containsKey(alias)
                    ? List.of(new ModelRecord.OfAlias(model.info().id(), alias, List.of()))
                    : List.of();
        }
    }

    /// What has an alias of a model point to a version.
    static ModelRecord pointing(RegisteredModel model, String alias, int version, long nowMillis) {
        ModelChecks.alias(alias);
        Alias known = model.aliases().get(alias);
        AliasMove move = new AliasMove("", AliasMove.Kind.ON, version, nowMillis, "", "");
        if (known == null) {
            ModelLimits.withinLimit(
                    "The aliases of the model", model.aliases().size() + 1L, ModelLimits.ALIASES);
            return new ModelRecord.OfAlias(model.info().id(), alias, List.of(move));
        }
        return new ModelRecord.OfAlias(model.info().id(), alias, known.movesWith(move));
    }

    private static ModelRecord of(ModelInfo info) {
        return new ModelRecord.OfModel(info.id(), Optional.of(info));
    }

    /// Refuses a tag by which files are deleted.
    private static void refuseOwn(String key) {
        if (key.startsWith(VersionCommand.LEFT_FILES_TAG)) {
            throw TrackingRefused.invalid(
                    "Tags that begin with "
                            + VersionCommand.LEFT_FILES_TAG
                            + " say which files leat models prune has yet to delete: leave them to"
                            + " it");
        }
    }

    private static void refuseTaken(String name, Optional<ModelInfo> known) {
        if (known.isPresent() && !known.get().deleted()) {
            throw new TrackingRefused(
                    TrackingError.RESOURCE_ALREADY_EXISTS,
                    "Registered Model (name=" + name + ") already exists.");
        }
    }

    /// A deleted model whose name another one takes over, with its numbers.
    private static List<ModelRecord> forgotten(Optional<ModelInfo> deleted) {
        return deleted.<List<ModelRecord>>map(
                        info -> List.of(new ModelRecord.OfModel(info.id(), Optional.empty())))
                .orElse(List.of());
    }

    private static int lastVersion(Optional<ModelInfo> deleted) {
        return deleted.map(ModelInfo::lastVersion).orElse(0);
    }

    static RegisteredModel existing(ModelFold state, String name) {
        return state.model(name)
                .orElseThrow(() ->
                        TrackingRefused.absent(
                                "Registered Model with name=" + name + " not found"));
    }
}
