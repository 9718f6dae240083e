package leat.ml.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.model.AliasMove;
import leat.core.model.LoggedModelInfo;
import leat.core.model.LoggedModelStatus;
import leat.core.model.ModelInfo;
import leat.core.model.ModelRecord;
import leat.core.model.VersionInfo;
import leat.core.tracking.LifecycleStage;
import leat.ml.fold.JsonRecords;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The records of the topic of models. Keys are `model/ID`, `model/ID/tag/KEY`,
/// `model/ID/alias/NAME`, `version/ID/NUMBER`, `version/ID/NUMBER/tag/KEY`, `logged/ID`,
/// `logged/ID/param/KEY`, `logged/ID/tag/KEY`, `run/RUN/used/ID` and `run/RUN/made/ID`; values are
/// JSON, nothing for what was deleted.
final class ModelRecords {

    private static final String MODEL = "model";
    private static final String VERSION = "version";
    private static final String LOGGED = "logged";
    private static final String RUN = "run";
    private static final String TAG = "tag";
    private static final String ALIAS = "alias";
    private static final String PARAM = "param";
    private static final String USED = "used";
    private static final String MADE = "made";

    private static final String VALUE = "value";
    private static final String NAME = "name";
    private static final String DESCRIPTION = "description";
    private static final String CREATED = "created";
    private static final String UPDATED = "updated";
    private static final String STEP = "step";
    private static final String STORED = "stored";

    private final JsonRecords json;

    ModelRecords(String topic) {
        this.json = new JsonRecords(topic);
    }

    ProducerRecord<byte[], byte[]> of(ModelRecord record) {
        return switch (record) {
            case ModelRecord.OfModel(String id, Optional<ModelInfo> info) ->
                    json.of(key(MODEL, id), info.map(ModelRecords::value).orElse(null));
            case ModelRecord.ModelTag(String id, String key, Optional<String> value) ->
                    json.of(key(MODEL, id, TAG, key), text(value));
            case ModelRecord.OfAlias(String id, String alias, List<AliasMove> moves) ->
                    json.of(
                            key(MODEL, id, ALIAS, alias),
                            moves.isEmpty() ? null : AliasRecords.value(moves));
            case ModelRecord.OfVersion(String id, int number, Optional<VersionInfo> info) ->
                    json.of(
                            key(VERSION, id, Integer.toString(number)),
                            info.map(ModelRecords::value).orElse(null));
            case ModelRecord.VersionTag(
                            String id,
                            int number,
                            String key,
                            Optional<String> value) ->
                    json.of(key(VERSION, id, Integer.toString(number), TAG, key), text(value));
            case ModelRecord.OfLogged(LoggedModelInfo info) ->
                    json.of(key(LOGGED, info.id()), value(info));
            case ModelRecord.LoggedParam(String id, String key, String value) ->
                    json.of(key(LOGGED, id, PARAM, key), text(Optional.of(value)));
            case ModelRecord.LoggedTag(String id, String key, Optional<String> value) ->
                    json.of(key(LOGGED, id, TAG, key), text(value));
            case ModelRecord.OfRunModel(String runId, String id, OptionalLong step) ->
                    step.isPresent()
                            ? json.of(
                                    key(RUN, runId, MADE, id),
                                    JsonRecords.value().put(STEP, step.getAsLong()))
                            : json.of(key(RUN, runId, USED, id), JsonRecords.value());
        };
    }

    private static String key(String... parts) {
        return String.join("/", parts);
    }

    private static @Nullable ObjectNode text(Optional<String> text) {
        return text.map(value -> JsonRecords.value().put(VALUE, value)).orElse(null);
    }

    private static ObjectNode value(ModelInfo info) {
        return JsonRecords.value()
                .put(NAME, info.name())
                .put(DESCRIPTION, info.description())
                .put(CREATED, info.createdMillis())
                .put(UPDATED, info.updatedMillis())
                .put("last_version", info.lastVersion())
                .put("deleted", info.deleted());
    }

    private static ObjectNode value(VersionInfo info) {
        ObjectNode value = JsonRecords.value();
        info.stored().ifPresent(stored -> put(value.putObject(STORED), stored));
        return value.put("id", info.id())
                .put("source", info.source())
                .put(RUN, info.runId())
                .put("logged_model", info.loggedModelId())
                .put("run_link", info.runLink())
                .put(DESCRIPTION, info.description())
                .put(CREATED, info.createdMillis())
                .put(UPDATED, info.updatedMillis());
    }

    private static void put(ObjectNode value, StoredFiles stored) {
        ArrayNode files = value.put("uri", stored.uri()).putArray("files");
        for (StoredFile file : stored.files()) {
            files.addObject()
                    .put("path", file.path())
                    .put("size", file.sizeBytes())
                    .put("etag", file.etag());
        }
    }

    private static ObjectNode value(LoggedModelInfo info) {
        return JsonRecords.value()
                .put("experiment", info.experimentId())
                .put(NAME, info.name())
                .put("model_type", info.modelType())
                .put(RUN, info.sourceRunId())
                .put("artifact_uri", info.artifactUri())
                .put("status", info.status().name())
                .put("stage", info.stage().name())
                .put(CREATED, info.createdMillis())
                .put(UPDATED, info.updatedMillis());
    }

    /// What a record says.
    ///
    /// @throws leat.ml.fold.RecordUnreadable when it cannot be read
    ModelRecord read(ConsumerRecord<byte[], byte[]> record) {
        return json.read(record, ModelRecords::read);
    }

    private static ModelRecord read(String key, @Nullable JsonNode value) {
        int versionParts = key.startsWith(VERSION + "/") ? 5 : 4;
        List<String> parts = List.of(key.split("/", versionParts));
        String id = parts.size() > 1 ? parts.get(1) : "";
        String name = parts.getLast();
        String kind = kind(parts);
        return switch (kind) {
            case MODEL ->
                    new ModelRecord.OfModel(
                            id, Optional.ofNullable(value).map(node -> model(id, node)));
            case MODEL + "/" + TAG -> new ModelRecord.ModelTag(id, name, text(value));
            case MODEL + "/" + ALIAS ->
                    new ModelRecord.OfAlias(
                            id, name, value == null ? List.of() : AliasRecords.moves(value));
            case VERSION -> {
                int number = Integer.parseInt(name);
                yield new ModelRecord.OfVersion(
                        id, number, Optional.ofNullable(value).map(node -> version(number, node)));
            }
            case VERSION + "/" + TAG ->
                    new ModelRecord.VersionTag(
                            id, Integer.parseInt(parts.get(2)), name, text(value));
            case LOGGED -> new ModelRecord.OfLogged(logged(id, JsonRecords.there(value)));
            case LOGGED + "/" + PARAM ->
                    new ModelRecord.LoggedParam(
                            id, name, JsonRecords.there(value).required(VALUE).asString());
            case LOGGED + "/" + TAG -> new ModelRecord.LoggedTag(id, name, text(value));
            case RUN + "/" + USED -> new ModelRecord.OfRunModel(id, name, OptionalLong.empty());
            case RUN + "/" + MADE ->
                    new ModelRecord.OfRunModel(
                            id,
                            name,
                            OptionalLong.of(JsonRecords.there(value).required(STEP).asLong()));
            default -> throw new IllegalArgumentException("nothing has the key of a " + kind);
        };
    }

    /// `version` of `version/ID/3`, `version/tag` of `version/ID/3/tag/KEY`
    private static String kind(List<String> parts) {
        String first = parts.getFirst();
        int plain = first.equals(VERSION) ? 3 : 2;
        return parts.size() == plain + 2 ? first + "/" + parts.get(plain) : first;
    }

    private static Optional<String> text(@Nullable JsonNode value) {
        return Optional.ofNullable(value).map(node -> node.required(VALUE).asString());
    }

    private static ModelInfo model(String id, JsonNode value) {
        return new ModelInfo(
                id,
                value.required(NAME).asString(),
                value.required(DESCRIPTION).asString(),
                value.required(CREATED).asLong(),
                value.required(UPDATED).asLong(),
                value.required("last_version").asInt(),
                value.required("deleted").asBoolean());
    }

    private static VersionInfo version(int number, JsonNode value) {
        return new VersionInfo(
                value.required("id").asString(),
                number,
                value.required("source").asString(),
                value.required(RUN).asString(),
                value.required("logged_model").asString(),
                value.required("run_link").asString(),
                value.required(DESCRIPTION).asString(),
                value.required(CREATED).asLong(),
                value.required(UPDATED).asLong(),
                Optional.ofNullable(value.get(STORED)).map(ModelRecords::stored));
    }

    private static StoredFiles stored(JsonNode value) {
        List<StoredFile> files = new ArrayList<>();
        for (JsonNode file : value.required("files")) {
            files.add(
                    new StoredFile(
                            file.required("path").asString(),
                            file.required("size").asLong(),
                            file.required("etag").asString()));
        }
        return new StoredFiles(value.required("uri").asString(), files);
    }

    private static LoggedModelInfo logged(String id, JsonNode value) {
        return new LoggedModelInfo(
                id,
                value.required("experiment").asString(),
                value.required(NAME).asString(),
                value.required("model_type").asString(),
                value.required(RUN).asString(),
                value.required("artifact_uri").asString(),
                LoggedModelStatus.valueOf(value.required("status").asString()),
                LifecycleStage.valueOf(value.required("stage").asString()),
                value.required(CREATED).asLong(),
                value.required(UPDATED).asLong());
    }
}
