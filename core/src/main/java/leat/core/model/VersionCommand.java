package leat.core.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.artifact.StoredFiles;
import leat.core.tracking.EntryChecks;
import leat.core.tracking.TrackingRefused;

/// Something to be done with a version of a registered model.
public sealed interface VersionCommand extends ModelCommand {

    String MODELS = "models:/";

    /// What a source of a logged model begins with.
    String LOGGED = MODELS + "m-";

    /// The tag of a model that says which run may publish a version of it.
    String TRAINING_RUN_TAG = "leat.training-run";

    /// What the tags of a model begin with, before the number of a version that was pruned, whose
    /// value is the path of the folder that its files are left in until they are deleted too.
    String LEFT_FILES_TAG = "leat.left-files/";

    /// Makes the next version of a model.
    ///
    /// @param id a new one, by which what was made is found: its number is decided here
    /// @param runId empty where the logged model says it
    /// @param loggedModelId empty where the source says it, as `models:/m-ID`
    /// @param stored what is at the source, where that is in an object store
    record Create(
            String id,
            String name,
            String source,
            String runId,
            String loggedModelId,
            String runLink,
            String description,
            Map<String, String> tags,
            Optional<StoredFiles> stored)
            implements VersionCommand {

        public Create {
            tags = Map.copyOf(tags);
        }

        /// Of files in the log, or in a store that nobody was asked for.
        public Create(
                String id,
                String name,
                String source,
                String runId,
                String loggedModelId,
                String runLink,
                String description,
                Map<String, String> tags) {
            this(
                    id,
                    name,
                    source,
                    runId,
                    loggedModelId,
                    runLink,
                    description,
                    tags,
                    Optional.empty());
        }

        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            return made(state, nowMillis).map(version -> records(state, version)).orElse(List.of());
        }

        /// The version that is to be made; empty where it is there already.
        Optional<ModelVersion> made(ModelFold state, long nowMillis) {
            check();
            RegisteredModel model = RegisteredModelCommand.existing(state, name);
            if (known(state).isPresent()) {
                return Optional.empty();
            }
            ModelLimits.withinLimit(
                    "The versions of the model",
                    state.versions(name).size() + 1L,
                    ModelLimits.VERSIONS);
            String loggedId = loggedModelId.isEmpty() ? loggedModelOf(source) : loggedModelId;
            VersionInfo info =
                    new VersionInfo(
                            id,
                            model.info().lastVersion() + 1,
                            source,
                            runId.isEmpty() ? runOf(state, loggedId) : runId,
                            loggedId,
                            runLink,
                            description,
                            nowMillis,
                            nowMillis,
                            stored);
            return Optional.of(
                    new ModelVersion(
                            name,
                            info,
                            new TreeMap<>(WeightsBase.tagsWithItsOwn(state, name, tags)),
                            Collections.emptySortedSet()));
        }

        /// The version that this command has made before.
        public Optional<ModelVersion> known(ModelFold state) {
            return state.versions(name).stream()
                    .filter(version -> version.info().id().equals(id))
                    .findFirst();
        }

        /// What is to be written for a version that is made.
        static List<ModelRecord> records(ModelFold state, ModelVersion version) {
            ModelInfo model = RegisteredModelCommand.existing(state, version.modelName()).info();
            VersionInfo info = version.info();
            List<ModelRecord> records = new ArrayList<>();
            records.add(changed(model, info.number(), info.createdMillis()));
            records.add(new ModelRecord.OfVersion(model.id(), info.number(), Optional.of(info)));
            version.tags()
                    .forEach((key, value) ->
                            records.add(
                                    new ModelRecord.VersionTag(
                                            model.id(), info.number(), key, Optional.of(value))));
            return records;
        }

        private static String loggedModelOf(String source) {
            return source.startsWith(LOGGED)
                    ? source.substring(MODELS.length()).split("/", 2)[0]
                    : "";
        }

        private static String runOf(ModelFold state, String loggedId) {
            return state.logged(loggedId, true).map(model -> model.info().sourceRunId()).orElse("");
        }

        private void check() {
            if (source.isBlank()) {
                throw TrackingRefused.invalid("Missing value for required parameter 'source'.");
            }
            EntryChecks.length("source", source, ModelLimits.URI_CHARACTERS);
            EntryChecks.length("run_id", runId, ModelLimits.NAME_CHARACTERS);
            EntryChecks.length("model_id", loggedModelId, ModelLimits.NAME_CHARACTERS);
            EntryChecks.length("run_link", runLink, ModelLimits.URI_CHARACTERS);
            ModelChecks.description(description);
            ModelChecks.tags(tags);
            stored.ifPresent(ModelChecks::stored);
        }
    }

    /// Makes the next version of a model for who trains it, and has an alias point to it, at once.
    ///
    /// @param alias nothing where none is to point to it
    /// @param training of the model that makes it, [#TRAINING_RUN_TAG]: where another one has begun
    ///   since, nothing is made
    record Publish(Create version, Optional<String> alias, String training)
            implements VersionCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            RegisteredModel model = RegisteredModelCommand.existing(state, version.name());
            List<ModelRecord> made = version.decide(state, nowMillis);
            if (made.isEmpty()) {
                return List.of();
            }
            if (!training.equals(model.tags().get(TRAINING_RUN_TAG))) {
                throw TrackingRefused.invalid(
                        "another training of the model " + version.name() + " has begun since");
            }
            List<ModelRecord> records = new ArrayList<>(made);
            alias.ifPresent(name ->
                    records.add(
                            RegisteredModelCommand.pointing(
                                    model, name, model.info().lastVersion() + 1, nowMillis)));
            return records;
        }
    }

    record Describe(String name, int number, String description) implements VersionCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelChecks.description(description);
            ModelInfo model = RegisteredModelCommand.existing(state, name).info();
            VersionInfo version = existing(state, name, number).info();
            return List.of(
                    changed(model, model.lastVersion(), nowMillis),
                    new ModelRecord.OfVersion(
                            model.id(),
                            number,
                            Optional.of(version.described(description, nowMillis))));
        }
    }

    /// Makes a version of weights alone, and has an alias point to it, at once. Where either is
    /// there already, only the other is written: the same weights for the same base are one
    /// version, by the id of the command.
    ///
    /// @param version with the tag [ModelVersion#BASE_TAG]
    /// @param alias nothing where none is to point to it
    record PublishWeights(Create version, Optional<String> alias, AliasCommand.Wish wish)
            implements VersionCommand {

        public PublishWeights {
            if (!version.tags().containsKey(ModelVersion.BASE_TAG)) {
                throw new IllegalArgumentException("weights without " + ModelVersion.BASE_TAG);
            }
        }

        /// @throws MoveRefused when something speaks against the alias, and it is not forced
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            Optional<ModelVersion> made = version.made(state, nowMillis);
            List<ModelRecord> records = new ArrayList<>();
            made.ifPresent(one -> records.addAll(Create.records(state, one)));
            ModelVersion wanted = made.or(() -> version.known(state)).orElseThrow();
            alias.ifPresent(name ->
                    records.addAll(AliasCommand.promoting(state, wanted, name, wish, nowMillis)));
            return records;
        }
    }

    /// Deletes a version, and the aliases that point to it.
    record Delete(String name, int number) implements VersionCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelInfo model = RegisteredModelCommand.existing(state, name).info();
            ModelVersion version = existing(state, name, number);
            WeightsBase.checkUnneeded(state, version);
            List<ModelRecord> records = new ArrayList<>(deleted(model.id(), version));
            version.aliases()
                    .forEach(alias ->
                            records.add(new ModelRecord.OfAlias(model.id(), alias, List.of())));
            records.add(changed(model, model.lastVersion(), nowMillis));
            return records;
        }
    }

    /// Deletes versions that nothing needs any more, and notes at the model where their files are,
    /// in one transaction: whoever is killed behind it finds by the notes what is left to delete.
    /// One that is not there any more is left so.
    ///
    /// @param rule by which they were chosen
    /// @param folders of their files, by their numbers; empty where there is nothing to delete
    record Prune(String name, Pruning.Rule rule, SortedMap<Integer, Optional<String>> folders)
            implements VersionCommand {

        public Prune {
            folders = Collections.unmodifiableSortedMap(new TreeMap<>(folders));
        }

        /// @throws PruneRefused when one of them is needed by now
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelInfo model = RegisteredModelCommand.existing(state, name).info();
            Pruning now = Pruning.of(state, name, rule, nowMillis);
            List<ModelRecord> records = new ArrayList<>();
            folders.forEach((number, folder) ->
                    state.version(name, number)
                            .ifPresent(version -> {
                                refuseNeeded(version, now);
                                records.addAll(deleted(model.id(), version));
                                folder.ifPresent(path ->
                                        records.add(leftFiles(model, number, Optional.of(path))));
                            }));
            if (!records.isEmpty()) {
                records.add(changed(model, model.lastVersion(), nowMillis));
            }
            return records;
        }

        private void refuseNeeded(ModelVersion version, Pruning now) {
            String why = now.staying().get(version.info().number());
            if (why != null) {
                throw new PruneRefused(
                        name, version.reference() + " is not deleted any more: " + why);
            }
        }
    }

    /// Forgets where the files of a version were that was pruned, when they are dealt with.
    record ForgetFiles(String name, int number) implements VersionCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            RegisteredModel model = RegisteredModelCommand.existing(state, name);
            return model.tags().containsKey(LEFT_FILES_TAG + number)
                    ? List.of(leftFiles(model.info(), number, Optional.empty()))
                    : List.of();
        }
    }

    private static ModelRecord leftFiles(ModelInfo model, int number, Optional<String> folder) {
        return new ModelRecord.ModelTag(model.id(), LEFT_FILES_TAG + number, folder);
    }

    record SetTag(String name, int number, String key, String value) implements VersionCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelInfo model = RegisteredModelCommand.existing(state, name).info();
            ModelChecks.tag(existing(state, name, number).tags(), key, value);
            WeightsBase.checkFree(key);
            return List.of(new ModelRecord.VersionTag(model.id(), number, key, Optional.of(value)));
        }
    }

    /// Deletes a tag; one that is not there is left so.
    record DeleteTag(String name, int number, String key) implements VersionCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelInfo model = RegisteredModelCommand.existing(state, name).info();
            WeightsBase.checkFree(key);
            return existing(state, name, number).tags().containsKey(key)
                    ? List.of(new ModelRecord.VersionTag(model.id(), number, key, Optional.empty()))
                    : List.of();
        }
    }

    private static ModelRecord changed(ModelInfo model, int lastVersion, long nowMillis) {
        return new ModelRecord.OfModel(
                model.id(), Optional.of(model.changed(lastVersion, nowMillis)));
    }

    /// What takes a version and its tags away.
    static List<ModelRecord> deleted(String modelId, ModelVersion version) {
        int number = version.info().number();
        List<ModelRecord> records = new ArrayList<>();
        records.add(new ModelRecord.OfVersion(modelId, number, Optional.empty()));
        version.tags()
                .keySet()
                .forEach(key ->
                        records.add(
                                new ModelRecord.VersionTag(
                                        modelId, number, key, Optional.empty())));
        return records;
    }

    static ModelVersion existing(ModelFold state, String name, int number) {
        RegisteredModelCommand.existing(state, name);
        return state.version(name, number)
                .orElseThrow(() ->
                        TrackingRefused.absent(
                                "Model Version (name="
                                        + name
                                        + ", version="
                                        + number
                                        + ") not found"));
    }
}
