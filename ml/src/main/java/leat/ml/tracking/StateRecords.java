package leat.ml.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.tracking.Dataset;
import leat.core.tracking.DatasetId;
import leat.core.tracking.DatasetInput;
import leat.core.tracking.Experiment;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.Metric;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.RunInfo;
import leat.core.tracking.RunStatus;
import leat.core.tracking.TrackingRecord;
import leat.ml.fold.RecordUnreadable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The records of the topic of states. Keys are `experiment/ID`, `experiment/ID/tag/KEY`, `run/ID`,
/// `run/ID/param/KEY`, `run/ID/tag/KEY`, `run/ID/metric/KEY`, `run/ID/dataset/DIGEST/NAME` and
/// `model/ID/metric/DIGEST/NAME/KEY`; values are JSON, nothing for what was deleted. A dataset's
/// digest and name are written as in URLs, and are empty where a model's metric is of no dataset.
record StateRecords(String topic) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FORMAT = 1;
    private static final String FORMAT_FIELD = "format";
    private static final String EXPERIMENT = "experiment";
    private static final String RUN = "run";
    private static final String MODEL = "model";
    private static final String PARAM = "param";
    private static final String TAG = "tag";
    private static final String METRIC = "metric";
    private static final String DATASET = "dataset";
    private static final String VALUE = "value";
    private static final String NAME = "name";
    private static final String STAGE = "stage";
    private static final String END = "end_time";
    private static final String DIGEST = "digest";
    private static final String TAGS = "tags";

    ProducerRecord<byte[], byte[]> of(TrackingRecord record) {
        return switch (record) {
            case TrackingRecord.OfExperiment(Experiment experiment) ->
                    written(key(EXPERIMENT, experiment.id()), value(experiment));
            case TrackingRecord.ExperimentTag(String id, String key, Optional<String> value) ->
                    written(key(EXPERIMENT, id, TAG, key), value(value));
            case TrackingRecord.OfRun(RunInfo info) -> written(key(RUN, info.id()), value(info));
            case TrackingRecord.Param(String id, String key, String value) ->
                    written(key(RUN, id, PARAM, key), value(Optional.of(value)));
            case TrackingRecord.Tag(String id, String key, Optional<String> value) ->
                    written(key(RUN, id, TAG, key), value(value));
            case TrackingRecord.OfMetric(String id, NewestMetric newest) ->
                    written(key(RUN, id, METRIC, newest.metric().key()), value(newest));
            case TrackingRecord.OfModel(ModelMetric newest) ->
                    written(
                            key(
                                    MODEL,
                                    newest.modelId(),
                                    METRIC,
                                    newest.dataset().map(StateRecords::key).orElse("/"),
                                    newest.metric().key()),
                            value(newest));
            case TrackingRecord.OfDataset(String id, DatasetInput input) ->
                    written(key(RUN, id, DATASET, key(input.dataset().id())), value(input));
        };
    }

    private ProducerRecord<byte[], byte[]> written(String key, @Nullable ObjectNode value) {
        return new ProducerRecord<>(
                topic,
                0,
                key.getBytes(UTF_8),
                value == null ? null : JSON.writeValueAsBytes(value));
    }

    private static String key(String... parts) {
        return String.join("/", parts);
    }

    /// No two datasets have the same, whatever characters they are called by.
    private static String key(DatasetId id) {
        return key(URLEncoder.encode(id.digest(), UTF_8), URLEncoder.encode(id.name(), UTF_8));
    }

    private static ObjectNode value() {
        return JSON.createObjectNode().put(FORMAT_FIELD, FORMAT);
    }

    private static @Nullable ObjectNode value(Optional<String> text) {
        return text.map(value -> value().put(VALUE, value)).orElse(null);
    }

    private static ObjectNode value(Experiment experiment) {
        return value().put(NAME, experiment.name())
                .put("artifact_location", experiment.artifactLocation())
                .put(STAGE, experiment.stage().name())
                .put("created", experiment.createdMillis())
                .put("updated", experiment.updatedMillis());
    }

    private static ObjectNode value(RunInfo info) {
        ObjectNode value =
                value().put("experiment", info.experimentId())
                        .put(NAME, info.name())
                        .put("user", info.userId())
                        .put("status", info.status().name())
                        .put("start_time", info.startMillis())
                        .put("artifact_uri", info.artifactUri())
                        .put(STAGE, info.stage().name());
        info.endMillis().ifPresent(end -> value.put(END, end));
        return value;
    }

    private static ObjectNode value(NewestMetric newest) {
        return PointRecords.put(value(), newest.metric())
                .put("first", newest.first())
                .put("last", newest.last())
                .put("points", newest.points());
    }

    private static ObjectNode value(ModelMetric newest) {
        ObjectNode value =
                PointRecords.put(value(), newest.metric())
                        .put(METRIC, newest.metric().key())
                        .put(RUN, newest.runId());
        newest.dataset()
                .ifPresent(id ->
                        value.putObject(DATASET).put(NAME, id.name()).put(DIGEST, id.digest()));
        return value;
    }

    private static ObjectNode value(DatasetInput input) {
        Dataset dataset = input.dataset();
        ObjectNode value =
                value().put(NAME, dataset.id().name())
                        .put(DIGEST, dataset.id().digest())
                        .put("source_type", dataset.sourceType())
                        .put("source", dataset.source())
                        .put("schema", dataset.schema())
                        .put("profile", dataset.profile());
        ObjectNode tags = value.putObject(TAGS);
        input.tags().forEach(tags::put);
        return value;
    }

    /// What a record says.
    ///
    /// @throws RecordUnreadable when it cannot be read
    TrackingRecord read(ConsumerRecord<byte[], byte[]> record) {
        try {
            String[] key = new String(record.key(), UTF_8).split("/", 4);
            JsonNode value = record.value() == null ? null : JSON.readTree(record.value());
            if (value != null && value.path(FORMAT_FIELD).asInt(0) != FORMAT) {
                throw new IllegalArgumentException(
                        "its format is "
                                + value.path(FORMAT_FIELD).asInt(0)
                                + ", this program knows "
                                + FORMAT);
            }
            return read(List.of(key), value);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new RecordUnreadable(topic, record.offset(), String.valueOf(e.getMessage()), e);
        }
    }

    private static TrackingRecord read(List<String> key, @Nullable JsonNode value) {
        String id = key.size() > 1 ? key.get(1) : "";
        String kind = key.size() == 4 ? key.getFirst() + "/" + key.get(2) : key.getFirst();
        String name = key.getLast();
        return switch (kind) {
            case EXPERIMENT -> new TrackingRecord.OfExperiment(experiment(id, there(value)));
            case EXPERIMENT + "/" + TAG -> new TrackingRecord.ExperimentTag(id, name, text(value));
            case RUN -> new TrackingRecord.OfRun(run(id, there(value)));
            case RUN + "/" + PARAM ->
                    new TrackingRecord.Param(id, name, there(value).required(VALUE).asString());
            case RUN + "/" + TAG -> new TrackingRecord.Tag(id, name, text(value));
            case RUN + "/" + METRIC -> new TrackingRecord.OfMetric(id, newest(name, there(value)));
            case MODEL + "/" + METRIC -> new TrackingRecord.OfModel(ofModel(id, there(value)));
            case RUN + "/" + DATASET -> new TrackingRecord.OfDataset(id, dataset(there(value)));
            default -> throw new IllegalArgumentException("nothing has the key of a " + kind);
        };
    }

    private static JsonNode there(@Nullable JsonNode value) {
        if (value == null) {
            throw new IllegalArgumentException("it has no value");
        }
        return value;
    }

    private static Optional<String> text(@Nullable JsonNode value) {
        return Optional.ofNullable(value).map(node -> node.required(VALUE).asString());
    }

    private static Experiment experiment(String id, JsonNode value) {
        return new Experiment(
                id,
                value.required(NAME).asString(),
                value.required("artifact_location").asString(),
                LifecycleStage.valueOf(value.required(STAGE).asString()),
                value.required("created").asLong(),
                value.required("updated").asLong(),
                new TreeMap<>());
    }

    private static RunInfo run(String id, JsonNode value) {
        return new RunInfo(
                id,
                value.required("experiment").asString(),
                value.required(NAME).asString(),
                value.required("user").asString(),
                RunStatus.valueOf(value.required("status").asString()),
                value.required("start_time").asLong(),
                value.has(END) ? OptionalLong.of(value.path(END).asLong()) : OptionalLong.empty(),
                value.required("artifact_uri").asString(),
                LifecycleStage.valueOf(value.required(STAGE).asString()));
    }

    private static DatasetInput dataset(JsonNode value) {
        SortedMap<String, String> tags = new TreeMap<>();
        value.required(TAGS)
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString()));
        return new DatasetInput(
                new Dataset(
                        datasetId(value),
                        value.required("source_type").asString(),
                        value.required("source").asString(),
                        value.required("schema").asString(),
                        value.required("profile").asString()),
                tags);
    }

    private static DatasetId datasetId(JsonNode value) {
        return new DatasetId(value.required(NAME).asString(), value.required(DIGEST).asString());
    }

    private static ModelMetric ofModel(String id, JsonNode value) {
        return new ModelMetric(
                id,
                value.required(RUN).asString(),
                value.has(DATASET) ? Optional.of(datasetId(value.path(DATASET))) : Optional.empty(),
                PointRecords.metric(value.required(METRIC).asString(), value));
    }

    private static NewestMetric newest(String key, JsonNode value) {
        Metric metric = PointRecords.metric(key, value);
        return new NewestMetric(
                metric,
                value.required("first").asLong(),
                value.required("last").asLong(),
                value.required("points").asLong());
    }
}
