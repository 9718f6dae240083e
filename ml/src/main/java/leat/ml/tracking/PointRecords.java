package leat.ml.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import leat.core.tracking.Metric;
import leat.ml.fold.RecordUnreadable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The records of the topic of points. All that makes a point what it is stands in its key
/// (`RUN/STEP/TIME/VALUE/METRIC`, the value as the bits of its double), so that compaction takes
/// away repetitions and nothing else.
record PointRecords(String topic) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String VALUE = "value";
    private static final String TIME = "timestamp";
    private static final String STEP = "step";

    ProducerRecord<byte[], byte[]> of(String runId, Metric point) {
        String key =
                runId
                        + "/"
                        + point.step()
                        + "/"
                        + point.timestampMillis()
                        + "/"
                        + Long.toHexString(Double.doubleToLongBits(point.value()))
                        + "/"
                        + point.key();
        return new ProducerRecord<>(
                topic,
                0,
                key.getBytes(UTF_8),
                JSON.writeValueAsBytes(put(JSON.createObjectNode(), point)));
    }

    /// A value that is not finite is a text, since JSON has no such numbers.
    static ObjectNode put(ObjectNode node, Metric metric) {
        double value = metric.value();
        return (Double.isFinite(value)
                        ? node.put(VALUE, value)
                        : node.put(VALUE, Double.toString(value)))
                .put(TIME, metric.timestampMillis())
                .put(STEP, metric.step());
    }

    static Metric metric(String key, JsonNode node) {
        JsonNode value = node.required(VALUE);
        return new Metric(
                key,
                value.isString() ? Double.parseDouble(value.asString()) : value.asDouble(),
                node.required(TIME).asLong(),
                node.required(STEP).asLong());
    }

    /// Whether a record is a point of a run's metric.
    boolean holds(ConsumerRecord<byte[], byte[]> record, String runId, String metricKey) {
        String[] key = new String(record.key(), UTF_8).split("/", 5);
        return key.length == 5 && key[0].equals(runId) && key[4].equals(metricKey);
    }

    /// The point of a record.
    ///
    /// @throws RecordUnreadable when it cannot be read
    Metric read(String metricKey, ConsumerRecord<byte[], byte[]> record) {
        try {
            return metric(metricKey, JSON.readTree(record.value()));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new RecordUnreadable(topic, record.offset(), String.valueOf(e.getMessage()), e);
        }
    }
}
