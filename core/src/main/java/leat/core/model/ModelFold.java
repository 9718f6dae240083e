package leat.core.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import leat.core.tracking.TrackingRefused;
import org.jspecify.annotations.Nullable;

/// All registered and logged models: what the records of the topic fold to. Compaction may leave a
/// tag in front of the newest record of what it is of, so records may come in any order, but for
/// those of one key. For one thread; what it gives out never changes.
public final class ModelFold {

    private final Map<String, ModelEntry> models = new HashMap<>();
    private final SortedMap<String, String> idsByName = new TreeMap<>();
    private final Map<String, LoggedEntry> logged = new LinkedHashMap<>();
    private final Map<String, RunModels> byRun = new HashMap<>();

    private static final class ModelEntry {
        private @Nullable ModelInfo info;
        private final SortedMap<String, String> tags = new TreeMap<>();
        private final SortedMap<String, Alias> aliases = new TreeMap<>();
        private final TreeMap<Integer, VersionEntry> versions = new TreeMap<>();

        private boolean isEmpty() {
            return info == null && tags.isEmpty() && aliases.isEmpty() && versions.isEmpty();
        }
    }

    private static final class VersionEntry {
        private @Nullable VersionInfo info;
        private final SortedMap<String, String> tags = new TreeMap<>();
    }

    private static final class LoggedEntry {
        private @Nullable LoggedModelInfo info;
        private final SortedMap<String, String> params = new TreeMap<>();
        private final SortedMap<String, String> tags = new TreeMap<>();

        private Optional<LoggedModel> model() {
            return Optional.ofNullable(info).map(known -> new LoggedModel(known, params, tags));
        }
    }

    /// Takes one more record in.
    ///
    /// @param position its offset
    public void apply(ModelRecord record, long position) {
        switch (record) {
            case ModelRecord.OfModel(String id, Optional<ModelInfo> info) ->
                    applyModel(id, info.orElse(null));
            case ModelRecord.ModelTag(String id, String key, Optional<String> value) ->
                    changing(id, entry -> set(entry.tags, key, value));
            case ModelRecord.OfAlias alias ->
                    changing(
                            alias.modelId(),
                            entry -> {
                                if (alias.moves().isEmpty()) {
                                    entry.aliases.remove(alias.alias());
                                } else {
                                    entry.aliases.put(
                                            alias.alias(),
                                            new Alias(alias.alias(), alias.moves(), position));
                                }
                            });
            case ModelRecord.OfVersion(String id, int number, Optional<VersionInfo> info) ->
                    changing(id, entry -> applyVersion(entry, number, info.orElse(null)));
            case ModelRecord.VersionTag(
                            String id,
                            int number,
                            String key,
                            Optional<String> value) ->
                    changing(id, entry -> applyTag(entry, number, key, value));
            case ModelRecord.OfLogged(LoggedModelInfo info) -> logged(info.id()).info = info;
            case ModelRecord.LoggedParam(String id, String key, String value) ->
                    logged(id).params.put(key, value);
            case ModelRecord.LoggedTag(String id, String key, Optional<String> value) ->
                    set(logged(id).tags, key, value);
            case ModelRecord.OfRunModel(String runId, String id, OptionalLong step) ->
                    byRun.merge(
                            runId,
                            step.isPresent()
                                    ? RunModels.NONE.withMade(id, step.getAsLong())
                                    : RunModels.NONE.withUsed(id),
                            (known, _) ->
                                    step.isPresent()
                                            ? known.withMade(id, step.getAsLong())
                                            : known.withUsed(id));
        }
    }

    private void changing(String modelId, Consumer<ModelEntry> change) {
        ModelEntry entry = models.computeIfAbsent(modelId, _ -> new ModelEntry());
        change.accept(entry);
        if (entry.isEmpty()) {
            models.remove(modelId);
        }
    }

    private void applyModel(String id, @Nullable ModelInfo info) {
        changing(
                id,
                entry -> {
                    if (entry.info != null) {
                        idsByName.remove(entry.info.name(), id);
                    }
                    entry.info = info;
                    if (info != null) {
                        idsByName.put(info.name(), id);
                    }
                });
    }

    private static void applyVersion(ModelEntry model, int number, @Nullable VersionInfo info) {
        if (info == null) {
            model.versions.remove(number);
        } else {
            model.versions.computeIfAbsent(number, _ -> new VersionEntry()).info = info;
        }
    }

    /// The deletion of a tag of what is not known leaves nothing behind.
    private static void applyTag(ModelEntry model, int number, String key, Optional<String> value) {
        if (value.isPresent()) {
            set(model.versions.computeIfAbsent(number, _ -> new VersionEntry()).tags, key, value);
            return;
        }
        VersionEntry version = model.versions.get(number);
        if (version != null) {
            version.tags.remove(key);
            if (version.info == null && version.tags.isEmpty()) {
                model.versions.remove(number);
            }
        }
    }

    private LoggedEntry logged(String id) {
        return logged.computeIfAbsent(id, _ -> new LoggedEntry());
    }

    private static void set(Map<String, String> tags, String key, Optional<String> value) {
        value.ifPresentOrElse(text -> tags.put(key, text), () -> tags.remove(key));
    }

    /// How many names there are, those of deleted models included.
    int nameCount() {
        return idsByName.size();
    }

    int loggedCount() {
        return logged.size();
    }

    /// What stands under a name, also where it was deleted.
    Optional<ModelInfo> named(String name) {
        return entry(name).flatMap(entry -> Optional.ofNullable(entry.info));
    }

    private Optional<ModelEntry> entry(String name) {
        return Optional.ofNullable(idsByName.get(name)).map(models::get);
    }

    private Optional<ModelEntry> present(String name) {
        return entry(name).filter(entry -> entry.info != null && !entry.info.deleted());
    }

    private Optional<RegisteredModel> shown(ModelEntry entry) {
        return Optional.ofNullable(entry.info)
                .map(info -> new RegisteredModel(info, entry.tags, entry.aliases, latest(entry)));
    }

    private List<ModelVersion> latest(ModelEntry entry) {
        for (VersionEntry version : entry.versions.descendingMap().values()) {
            Optional<ModelVersion> latest = shown(entry, version);
            if (latest.isPresent()) {
                return List.of(latest.get());
            }
        }
        return List.of();
    }

    private static Optional<ModelVersion> shown(ModelEntry model, @Nullable VersionEntry version) {
        if (model.info == null || version == null || version.info == null) {
            return Optional.empty();
        }
        SortedSet<String> aliases = new TreeSet<>();
        for (Alias alias : model.aliases.values()) {
            if (alias.version() == version.info.number()) {
                aliases.add(alias.name());
            }
        }
        return Optional.of(
                new ModelVersion(model.info.name(), version.info, version.tags, aliases));
    }

    public Optional<RegisteredModel> model(String name) {
        return present(name).flatMap(this::shown);
    }

    /// All registered models, by their names.
    public List<RegisteredModel> models() {
        return idsByName.keySet().stream().flatMap(name -> model(name).stream()).toList();
    }

    public Optional<ModelVersion> version(String name, int number) {
        return present(name).flatMap(entry -> shown(entry, entry.versions.get(number)));
    }

    /// The versions of a model, by their numbers; none where there is no such model.
    public List<ModelVersion> versions(String name) {
        return present(name).stream().flatMap(ModelFold::versions).toList();
    }

    /// All versions of all models.
    public List<ModelVersion> versions() {
        return idsByName.keySet().stream()
                .flatMap(name -> present(name).stream())
                .flatMap(ModelFold::versions)
                .toList();
    }

    private static Stream<ModelVersion> versions(ModelEntry model) {
        return model.versions.values().stream().flatMap(version -> shown(model, version).stream());
    }

    /// What a reference means now.
    ///
    /// @throws TrackingRefused when there is no such model, version or alias
    public ResolvedModel resolve(ModelReference reference) {
        return switch (reference) {
            case ModelReference.Numbered(String name, int version) ->
                    new ResolvedModel(
                            VersionCommand.existing(this, name, version), OptionalLong.empty());
            case ModelReference.Aliased(String name, String alias) -> {
                RegisteredModel model = RegisteredModelCommand.existing(this, name);
                Alias known = model.aliases().get(alias);
                if (known == null) {
                    throw TrackingRefused.invalid(
                            "Registered model alias " + alias + " not found.");
                }
                yield new ResolvedModel(
                        VersionCommand.existing(this, name, known.version()),
                        OptionalLong.of(known.position()));
            }
        };
    }

    /// A logged model, also one that was deleted.
    public Optional<LoggedModel> logged(String id, boolean deletedToo) {
        return Optional.ofNullable(logged.get(id))
                .flatMap(LoggedEntry::model)
                .filter(model -> deletedToo || !LoggedModelCommand.isDeleted(model));
    }

    /// The logged models of some experiments that were not deleted, in no order.
    public List<LoggedModel> logged(Collection<String> experimentIds) {
        Set<String> wanted = new HashSet<>(experimentIds);
        List<LoggedModel> found = new ArrayList<>();
        for (LoggedEntry entry : logged.values()) {
            if (entry.info != null && wanted.contains(entry.info.experimentId())) {
                entry.model()
                        .filter(model -> !LoggedModelCommand.isDeleted(model))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    /// All logged models that were not deleted, in no order.
    public List<LoggedModel> logged() {
        return logged.values().stream()
                .flatMap(entry -> entry.model().stream())
                .filter(model -> !LoggedModelCommand.isDeleted(model))
                .toList();
    }

    /// What a run has to do with logged models.
    public RunModels ofRun(String runId) {
        return byRun.getOrDefault(runId, RunModels.NONE);
    }
}
