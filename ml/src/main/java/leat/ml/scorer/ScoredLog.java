package leat.ml.scorer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.prediction.Scoring;
import leat.core.prediction.Term;
import leat.ml.scorer.VectorReading.Read;
import leat.stream.log.EventHeader;
import leat.stream.log.LogReader;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the log has of predictions: they themselves, their vectors, events and terms.
record ScoredLog(LogReader log, Admin admin, Names names) {

    /// With how many vectors before it a vector is compared.
    static final int MOST_COMPARED = 100;

    /// How far back these are looked for.
    private static final long MOST_OFFSETS_BACK = 100_000;

    private static final long SCANNED_AT_ONCE = 10_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// @throws ExplanationRefused when it is not there
    ConsumerRecord<byte[], byte[]> vector(Scoring scoring, Position position) {
        return record(names.vectors(scoring.view().contract()), position)
                .orElseThrow(() ->
                        new ExplanationRefused(
                                "the log does not have the vector " + position,
                                "see the field vector of the predictions; the oldest are deleted by"
                                        + " the retention of the view's source"));
    }

    /// The record at a position; empty where the log does not have it any more, or never had it.
    Optional<ConsumerRecord<byte[], byte[]>> record(String topic, Position position) {
        TopicPartition partition = new TopicPartition(topic, position.partition());
        if (position.offset() >= log.end(partition)) {
            return Optional.empty();
        }
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        log.read(partition, position.offset(), position.offset() + 1, found::add);
        return found.stream().findFirst();
    }

    /// A prediction; they are written after their vectors, and in their order.
    ///
    /// @throws ExplanationRefused when it is not there
    JsonNode prediction(
            Scoring scoring, String id, boolean shadow, ConsumerRecord<byte[], byte[]> vector) {
        String topic =
                shadow
                        ? scoring.shadowContract().map(names::predictions).orElse("")
                        : names.predictions(scoring.contract());
        if (!topic.isEmpty()) {
            TopicPartition partition = new TopicPartition(topic, vector.partition());
            OptionalLong from = log.firstOffsetSince(partition, vector.timestamp());
            long end = log.end(partition);
            for (long at = from.orElse(end); at < end; at += SCANNED_AT_ONCE) {
                List<JsonNode> found = new ArrayList<>();
                log.read(
                        partition,
                        at,
                        Math.min(end, at + SCANNED_AT_ONCE),
                        record -> {
                            if (id.equals(EventHeader.text(record.headers(), EventHeaders.ID))) {
                                found.add(JSON.readTree(record.value()));
                            }
                        });
                if (!found.isEmpty()) {
                    return found.getFirst();
                }
            }
        }
        throw new ExplanationRefused(
                "the log has no prediction " + id + " of " + scoring.nameAndVersion(),
                "see that the scorer has come so far (leat status), and that the id ends with"
                        + " /ALIAS if it is a shadow's");
    }

    Optional<Term> term(Scoring scoring, Position vector) {
        return Terms.read(log, names, scoring.nameAndVersion(), vector.topic(), vector.partition())
                .at(vector);
    }

    VectorReading reading(Scoring scoring, TopicId vectors) {
        return new VectorReading(scoring, vectors, log, names);
    }

    /// The features of the last complete vectors before one, of its partition.
    List<List<Object>> before(Scoring scoring, VectorReading reading, Position vector) {
        TopicPartition partition =
                new TopicPartition(names.vectors(scoring.view().contract()), vector.partition());
        List<List<Object>> newestFirst = new ArrayList<>();
        long upper = vector.offset();
        long lowest = Math.max(0, vector.offset() - MOST_OFFSETS_BACK);
        for (long step = 2L * MOST_COMPARED;
                upper > lowest && newestFirst.size() < MOST_COMPARED;
                step *= 10) {
            long lower = Math.max(lowest, upper - step);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            log.read(partition, lower, upper, records::add);
            List<List<Object>> found = complete(reading.read(records));
            Collections.reverse(found);
            newestFirst.addAll(found);
            upper = lower;
        }
        return newestFirst.subList(0, Math.min(MOST_COMPARED, newestFirst.size()));
    }

    private static List<List<Object>> complete(List<Read> vectors) {
        List<List<Object>> complete = new ArrayList<>();
        for (Read vector : vectors) {
            if (vector instanceof Read.Complete(_, _, List<Object> features)) {
                complete.add(features);
            }
        }
        return complete;
    }

    /// The event that a vector was written with; empty where the log does not have it any more.
    Optional<Explanation.SourceEvent> event(ConsumerRecord<byte[], byte[]> vector) {
        return EventHeader.origin(vector.headers()).flatMap(this::event);
    }

    private Optional<Explanation.SourceEvent> event(Position position) {
        return topic(position)
                .flatMap(topic ->
                        record(topic, position)
                                .filter(record -> record.value() != null)
                                .map(record ->
                                        new Explanation.SourceEvent(
                                                position.toString(),
                                                topic,
                                                JSON.readTree(record.value()))));
    }

    /// The name of a position's topic; empty where it is not there.
    Optional<String> topic(Position position) {
        Uuid id;
        try {
            id = Uuid.fromString(position.topic().toString());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Objects.requireNonNull(
                                    admin.describeTopics(TopicCollection.ofTopicIds(List.of(id)))
                                            .topicIdValues()
                                            .get(id))
                            .get()
                            .name());
        } catch (ExecutionException e) {
            if (isUnknown(e.getCause())) {
                return Optional.empty();
            }
            throw new LogUnavailable("cannot look up the topic " + id, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static boolean isUnknown(@Nullable Throwable cause) {
        return cause instanceof UnknownTopicIdException || cause instanceof InvalidTopicException;
    }
}
