package leat.ml.featurestore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.contract.ContractName;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The records of the registry's topic: one a version, with the key `NAME.vN`, and one a view, with
/// the key `NAME`, which says which version serves.
final class RegistryRecords {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FINGERPRINT = "fingerprint";
    private static final String SOURCE_TOPIC = "source_topic";
    private static final String SOURCE = "source";
    private static final String DEFINITION = "definition";
    private static final String DROPPED = "dropped";
    private static final String SERVING = "serving";
    private static final String VERSION = "version";
    private static final String FROM = "from";
    private static final String SINCE = "since";

    private final String topic;
    private final Map<String, RegisteredView> versions = new TreeMap<>();
    private final Map<String, ServingHistory> serving = new TreeMap<>();

    RegistryRecords(String topic) {
        this.topic = topic;
    }

    /// All that was read.
    RegisteredViews views() {
        return new RegisteredViews(versions, serving);
    }

    ProducerRecord<byte[], byte[]> of(RegisteredView view) {
        Map<String, String> value = new LinkedHashMap<>();
        value.put(FINGERPRINT, view.fingerprint());
        value.put(SOURCE_TOPIC, view.sourceTopic().value());
        value.put(SOURCE, view.source());
        value.put(DEFINITION, view.definition());
        view.dropped().ifPresent(since -> value.put(DROPPED, since.toString()));
        return record(view.name(), value);
    }

    ProducerRecord<byte[], byte[]> of(ContractName view, ServingHistory history) {
        List<Map<String, Object>> terms = new ArrayList<>();
        for (ServingTerm term : history.terms()) {
            Map<String, Object> value = new LinkedHashMap<>();
            value.put(VERSION, term.version());
            value.put(SINCE, term.since().toString());
            value.put(SOURCE_TOPIC, term.sourceTopic().value());
            value.put(FROM, new TreeMap<>(term.from()));
            terms.add(value);
        }
        return record(view.value(), Map.of(SERVING, terms));
    }

    private ProducerRecord<byte[], byte[]> record(String key, Object value) {
        return new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), JSON.writeValueAsBytes(value));
    }

    /// Takes one in.
    ///
    /// @throws ViewRefused when it cannot be read
    void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            String key = new String(record.key(), UTF_8);
            JsonNode value = JSON.readTree(record.value());
            if (value.has(SERVING)) {
                serving.put(key, history(value.required(SERVING)));
            } else {
                versions.put(key, version(key, value));
            }
        } catch (JacksonException | IllegalArgumentException | DateTimeParseException e) {
            throw new ViewRefused(
                    "record "
                            + record.offset()
                            + " of "
                            + topic
                            + " cannot be read: "
                            + e.getMessage(),
                    "run the program that wrote it, or a newer one");
        }
    }

    private static RegisteredView version(String name, JsonNode value) {
        return new RegisteredView(
                name,
                value.required(FINGERPRINT).asString(),
                new TopicId(value.required(SOURCE_TOPIC).asString()),
                value.path(SOURCE).asString(""),
                value.path(DEFINITION).asString(""),
                value.has(DROPPED)
                        ? Optional.of(Instant.parse(value.required(DROPPED).asString()))
                        : Optional.empty());
    }

    private static ServingHistory history(JsonNode terms) {
        List<ServingTerm> read = new ArrayList<>();
        for (JsonNode term : terms) {
            Map<Integer, Long> from = new TreeMap<>();
            term.required(FROM)
                    .properties()
                    .forEach(partition ->
                            from.put(
                                    Integer.valueOf(partition.getKey()),
                                    partition.getValue().asLong()));
            read.add(
                    new ServingTerm(
                            term.required(VERSION).asInt(),
                            new TopicId(term.required(SOURCE_TOPIC).asString()),
                            from,
                            Instant.parse(term.required(SINCE).asString())));
        }
        return new ServingHistory(read);
    }
}
