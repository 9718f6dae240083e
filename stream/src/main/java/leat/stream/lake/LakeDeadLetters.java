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
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.outcome.Reason;
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
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The topic of enriched events that the lake cannot take. They are sent before the table's
/// positions move on; a loader that was killed between the two does not send them again, since it
/// looks first how far the topic has come: partition p of the topic takes from partition p of the
/// source only, in its order.
final class LakeDeadLetters implements TableSource.CloseableSink {

    private static final String STAGE = Names.DeadStage.LAKE.word();
    private static final int MAX_REASONS_BYTES = 16 << 10;
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10);
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> REPLACED =
            Set.of(
                    EventHeaders.STAGE,
                    EventHeaders.REASONS,
                    EventHeaders.DEAD_ID,
                    EventHeaders.POSITION);

    private final LogConnection connection;
    private final String clientId;
    private final String topic;
    private final TopicId source;
    private final Producer<byte[], byte[]> producer;
    private final Map<Integer, Position> last = new HashMap<>();

    /// @param source the id of the topic that the records come from, for those that do not say
    ///   where in raw they come from
    LakeDeadLetters(LogConnection connection, String clientId, String topic, TopicId source) {
        this.connection = connection;
        this.clientId = clientId;
        this.topic = topic;
        this.source = source;
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
                Comparator.comparingInt((Append.Refusal r) -> r.record().partition())
                        .thenComparingLong(r -> r.record().offset()));
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            for (Append.Refusal refusal : inOrder) {
                Position position = position(refusal.record());
                int partition = refusal.record().partition();
                Position newest = last.computeIfAbsent(partition, this::lastKept);
                boolean kept =
                        newest.topic().equals(position.topic())
                                && newest.offset() >= position.offset();
                if (!kept) {
                    sent.add(producer.send(deadLetter(refusal, position)));
                    last.put(partition, position);
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

    private Position position(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(EventHeaders.POSITION);
        if (header != null && header.value() != null) {
            try {
                return Position.parse(new String(header.value(), UTF_8));
            } catch (IllegalArgumentException e) {
                // That is what is wrong with the record; its own place identifies it as well.
                return new Position(source, record.partition(), record.offset());
            }
        }
        return new Position(source, record.partition(), record.offset());
    }

    /// The position that the newest dead letter of a partition names; one before all when there is
    /// none.
    private Position lastKept(int partition) {
        TopicPartition tail = new TopicPartition(topic, partition);
        Position none = new Position(source, partition, -1);
        try (Consumer<byte[], byte[]> reader = connection.reader(clientId + "-look", Map.of())) {
            long end = reader.endOffsets(List.of(tail)).getOrDefault(tail, 0L);
            long start = reader.beginningOffsets(List.of(tail)).getOrDefault(tail, 0L);
            if (end <= start) {
                return none;
            }
            reader.assign(List.of(tail));
            reader.seek(tail, end - 1);
            long deadline = System.nanoTime() + LOOK_TIMEOUT.toNanos();
            while (System.nanoTime() < deadline && reader.position(tail) < end) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(LOOK_TIMEOUT)) {
                    return position(record);
                }
            }
            throw new LogUnavailable("cannot read the end of " + tail, null);
        }
    }

    private ProducerRecord<byte[], byte[]> deadLetter(Append.Refusal refusal, Position position) {
        ConsumerRecord<byte[], byte[]> record = refusal.record();
        Headers headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!REPLACED.contains(header.key())) {
                headers.add(header);
            }
        }
        headers.add(EventHeaders.STAGE, STAGE.getBytes(UTF_8));
        headers.add(EventHeaders.REASONS, reasons(refusal.reasons()).getBytes(UTF_8));
        headers.add(
                EventHeaders.DEAD_ID,
                Hash128.of(STAGE, position.toString()).toString().getBytes(UTF_8));
        headers.add(EventHeaders.POSITION, position.toString().getBytes(UTF_8));
        return new ProducerRecord<>(
                topic,
                record.partition(),
                record.timestamp(),
                record.key(),
                record.value(),
                headers);
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
