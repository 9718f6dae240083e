package leat.stream.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.outcome.Reason;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The topic of enriched events that the lake cannot take. They are sent before the table's
/// positions move on; a loader that was killed between the two does not send them again, since it
/// looks first how far the topic has come: partition p of the topic takes from partition p of each
/// of its two sources only, in their order. The sources are the enriched events, and what came back
/// to the lake.
final class LakeDeadLetters implements TableSource.CloseableSink {

    private static final String STAGE = Names.DeadStage.LAKE.word();
    private static final int MAX_REASONS_BYTES = 16 << 10;
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOOK_STEP = Duration.ofMillis(500);
    private static final TopicId NO_TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> REPLACED =
            Set.of(
                    EventHeaders.STAGE,
                    EventHeaders.REASONS,
                    EventHeaders.DEAD_ID,
                    EventHeaders.POSITION,
                    EventHeaders.APPENDED,
                    EventHeaders.RETRY_POSITION);

    private final LogConnection connection;
    private final String clientId;
    private final String topic;
    private final String retryTopic;
    private final TopicId source;
    private final TopicId retrySource;
    private final Producer<byte[], byte[]> producer;
    private final Map<Source, Position> last = new HashMap<>();

    /// A partition of one of the two sources.
    private record Source(boolean retried, int partition) {}

    /// @param sources the ids of the topics that the records come from, by name
    /// @param retryTopic which of them has what came back
    LakeDeadLetters(
            LogConnection connection,
            String clientId,
            String topic,
            Map<String, TopicId> sources,
            String retryTopic) {
        this.connection = connection;
        this.clientId = clientId;
        this.topic = topic;
        this.retryTopic = retryTopic;
        this.retrySource = sources.getOrDefault(retryTopic, NO_TOPIC);
        this.source =
                sources.entrySet().stream()
                        .filter(one -> !one.getKey().equals(retryTopic))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(NO_TOPIC);
        this.producer = connection.producer(clientId + "-dead", Map.of());
    }

    /// Forgets how far the topic has come, because other loaders may have written to it.
    @Override
    public synchronized void forget() {
        last.clear();
    }

    @Override
    public synchronized void keep(Collection<Append.Refusal> refusals) {
        List<Append.Refusal> inOrder = new ArrayList<>(refusals);
        inOrder.sort(
                Comparator.comparing((Append.Refusal r) -> r.record().topic())
                        .thenComparingInt(r -> r.record().partition())
                        .thenComparingLong(r -> r.record().offset()));
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            for (Append.Refusal refusal : inOrder) {
                Source from = from(refusal.record());
                Position position = from.retried() ? own(refusal) : position(refusal.record());
                Position newest = last.computeIfAbsent(from, this::lastKept);
                boolean kept =
                        newest.topic().equals(position.topic())
                                && newest.offset() >= position.offset();
                if (!kept) {
                    sent.add(producer.send(deadLetter(refusal, from)));
                    last.put(from, position);
                }
            }
            producer.flush();
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        } catch (ExecutionException | KafkaException e) {
            last.clear();
            throw new LogUnavailable("cannot write to " + topic, e);
        } catch (InterruptedException e) {
            last.clear();
            Thread.currentThread().interrupt();
            throw new LogUnavailable("interrupted while writing to " + topic, e);
        }
    }

    private Source from(ConsumerRecord<byte[], byte[]> record) {
        return new Source(record.topic().equals(retryTopic), record.partition());
    }

    /// Where what came back stands itself.
    private Position own(Append.Refusal refusal) {
        ConsumerRecord<byte[], byte[]> record = refusal.record();
        return new Position(retrySource, record.partition(), record.offset());
    }

    /// The raw position of an event or a letter; its own place identifies one without as well.
    private Position position(ConsumerRecord<byte[], byte[]> record) {
        Position raw = named(record, EventHeaders.POSITION);
        return raw != null ? raw : new Position(source, record.partition(), record.offset());
    }

    private static @Nullable Position named(ConsumerRecord<byte[], byte[]> record, String name) {
        String text = EventHeader.text(record.headers(), name);
        try {
            return text == null ? null : Position.parse(text);
        } catch (IllegalArgumentException e) {
            // That is what is wrong with the record.
            return null;
        }
    }

    /// How far the newest dead letter from a source says that the source has come; one before all
    /// when there is none. Looks further and further back, since the other source may have written
    /// the newest ones.
    private Position lastKept(Source from) {
        TopicPartition tail = new TopicPartition(topic, from.partition());
        try (Consumer<byte[], byte[]> reader =
                connection.pastReader(clientId + "-look", Map.of())) {
            long begin = reader.beginningOffsets(List.of(tail)).getOrDefault(tail, 0L);
            long upper = reader.endOffsets(List.of(tail)).getOrDefault(tail, 0L);
            reader.assign(List.of(tail));
            for (long step = 1; upper > begin; step *= 10) {
                long lower = Math.max(begin, upper - step);
                Position found = newest(reader, tail, lower, upper, from);
                if (found != null) {
                    return found;
                }
                upper = lower;
            }
            return new Position(source, from.partition(), -1);
        }
    }

    private @Nullable Position newest(
            Consumer<byte[], byte[]> reader,
            TopicPartition tail,
            long lower,
            long upper,
            Source from) {
        Position newest = null;
        reader.seek(tail, lower);
        long deadline = System.nanoTime() + LOOK_TIMEOUT.toNanos();
        while (reader.position(tail) < upper) {
            if (System.nanoTime() > deadline) {
                throw new LogUnavailable("cannot read the end of " + tail, null);
            }
            for (ConsumerRecord<byte[], byte[]> letter : reader.poll(LOOK_STEP)) {
                Position retried = named(letter, EventHeaders.RETRY_POSITION);
                if (letter.offset() < upper && (retried != null) == from.retried()) {
                    newest = retried != null ? retried : position(letter);
                }
            }
        }
        return newest;
    }

    private ProducerRecord<byte[], byte[]> deadLetter(Append.Refusal refusal, Source from) {
        ConsumerRecord<byte[], byte[]> record = refusal.record();
        String position = position(record).toString();
        Headers headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!REPLACED.contains(header.key())) {
                headers.add(header);
            }
        }
        EventHeader.add(headers, EventHeaders.STAGE, STAGE);
        EventHeader.add(headers, EventHeaders.REASONS, reasons(refusal.reasons()));
        EventHeader.add(headers, EventHeaders.POSITION, position);
        Hash128 id = Hash128.of(STAGE, position);
        if (from.retried()) {
            // Another letter than the one that came back.
            String attempt = EventHeader.text(record.headers(), EventHeaders.ATTEMPT);
            id = Hash128.of(STAGE, position, Objects.requireNonNullElse(attempt, ""));
            EventHeader.add(headers, EventHeaders.RETRY_POSITION, own(refusal).toString());
        }
        EventHeader.add(headers, EventHeaders.DEAD_ID, id.toString());
        return new ProducerRecord<>(
                topic, record.partition(), appended(record), record.key(), record.value(), headers);
    }

    private static long appended(ConsumerRecord<byte[], byte[]> record) {
        String millis = EventHeader.text(record.headers(), EventHeaders.APPENDED);
        return millis != null && millis.matches("\\d{1,18}")
                ? Long.parseLong(millis)
                : record.timestamp();
    }

    /// The reasons as JSON, as many as fit the header's limit and at least one.
    private static String reasons(List<Reason> reasons) {
        String json = json(reasons);
        int count = reasons.size();
        while (count > 1 && json.getBytes(UTF_8).length > MAX_REASONS_BYTES) {
            count = count / 2;
            json = json(reasons.subList(0, count));
        }
        return json;
    }

    private static String json(List<Reason> reasons) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (Reason reason : reasons) {
                json.writeStartObject();
                json.writeStringProperty("code", reason.code().word());
                json.writeStringProperty("field", reason.field());
                json.writeStringProperty("message", reason.message());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
