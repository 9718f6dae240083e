package leat.stream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.stream.log.Counts;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import leat.stream.log.PositionMark;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/// The client's side of a test: sends raw events, keeps account of what was acknowledged, and
/// compares the outputs, read committed, with what they must be.
final class EnricherLedger implements AutoCloseable {

    static final int PARTITIONS = 4;

    private final LogConnection connection = SharedKafka.connection();
    private final Flow flow;
    private final String group;
    private final Random random = new Random(7);
    private final Producer<byte[], byte[]> producer = connection.producer("ledger", Map.of());

    /// What each acknowledged raw position must have become: a topic, or nothing.
    private final Map<String, String> expected = new HashMap<>();

    private final Set<String> ids = new HashSet<>();
    private int nextId;
    private long sent;

    EnricherLedger(Names names) {
        this.flow = EnricherChild.flow(names);
        this.group = names.group(Enricher.ROLE);
        SharedKafka.create(
                List.of(
                        new TopicSpec(
                                flow.raw(),
                                PARTITIONS,
                                Map.of(
                                        "message.timestamp.type",
                                        "LogAppendTime",
                                        "max.message.bytes",
                                        "4194304")),
                        new TopicSpec(flow.enriched(), PARTITIONS, Map.of()),
                        new TopicSpec(flow.dead(), PARTITIONS, Map.of())));
    }

    /// Sends good and refused events, one of ten with an id that was there before.
    void send(int count) throws InterruptedException, ExecutionException {
        record Sent(String id, char kind, Future<RecordMetadata> ack) {}
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean again = nextId > 0 && random.nextInt(10) == 0;
            String id = "id-" + (again ? random.nextInt(nextId) : nextId++);
            char kind = random.nextInt(20) == 0 ? 'R' : 'G';
            sent.add(new Sent(id, kind, produce(id, kind)));
        }
        producer.flush();
        for (Sent one : sent) {
            expect(one.id(), one.kind(), one.ack().get());
        }
    }

    /// Sends one event of a kind that [EnricherChild#flow] knows.
    void send(char kind) throws InterruptedException, ExecutionException {
        String id = "id-" + nextId++;
        expect(id, kind, produce(id, kind).get());
    }

    private Future<RecordMetadata> produce(String id, char kind) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        flow.raw(),
                        Math.floorMod(id.hashCode(), PARTITIONS),
                        id.getBytes(StandardCharsets.UTF_8),
                        (kind + id).getBytes(StandardCharsets.UTF_8));
        EventHeader.add(record.headers(), EventHeaders.SOURCE, "ledger");
        EventHeader.add(record.headers(), EventHeaders.ID, id);
        return producer.send(record);
    }

    private void expect(String id, char kind, RecordMetadata at) {
        sent++;
        if (ids.add(id)) {
            expected.put(
                    at.partition() + "@" + at.offset(),
                    kind == 'G' ? flow.enriched() : flow.dead());
        }
    }

    int outputs() {
        return expected.size();
    }

    /// Waits until the outputs are complete, and checks that they are just the expected ones, each
    /// once, on the right partition and in the order of raw.
    void check(Duration within) {
        Map<String, String> found = new HashMap<>();
        Map<TopicPartition, Long> newest = new HashMap<>();
        long deadline = System.nanoTime() + within.toNanos();
        try (Consumer<byte[], byte[]> consumer = connection.reader("ledger", Map.of())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new TopicPartition(flow.enriched(), partition));
                partitions.add(new TopicPartition(flow.dead(), partition));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (found.size() < expected.size() && System.nanoTime() < deadline) {
                take(consumer, Duration.ofMillis(200), found, newest);
            }
            // Whatever comes too much comes behind the last one.
            take(consumer, Duration.ofMillis(500), found, newest);
        }
        Set<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(found.keySet());
        assertThat(missing).as("missing outputs").isEmpty();
        assertThat(found).isEqualTo(expected);
        checkCounts(deadline);
    }

    /// Waits until the enricher has committed all of raw, and checks what it has counted.
    private void checkCounts(long deadline) {
        long dead = expected.values().stream().filter(flow.dead()::equals).count();
        Counts wanted = new Counts(expected.size() - dead, dead, sent - expected.size());
        try (Admin admin = connection.admin()) {
            Counts counted = counted(admin);
            while (!counted.equals(wanted) && System.nanoTime() < deadline) {
                counted = counted(admin);
            }
            assertThat(counted).as("counts that commit with the positions").isEqualTo(wanted);
            assertThat(timed(admin)).as("events whose times commit").isEqualTo(wanted.passed());
        }
    }

    private Counts counted(Admin admin) {
        Counts all = committed(admin);
        return new Counts(all.passed(), all.dead(), all.duplicates());
    }

    private long timed(Admin admin) {
        return committed(admin).times().timed();
    }

    private Counts committed(Admin admin) {
        try {
            return admin
                    .listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .flatMap(at -> PositionMark.parse(at.metadata()).stream())
                    .flatMap(mark -> mark.counts().stream())
                    .reduce(Counts.NONE, Counts::plus);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void take(
            Consumer<byte[], byte[]> consumer,
            Duration timeout,
            Map<String, String> found,
            Map<TopicPartition, Long> newest) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            Position raw =
                    Position.parse(
                            Objects.requireNonNull(
                                    EventHeader.text(record.headers(), EventHeaders.POSITION)));
            assertThat(raw.partition()).isEqualTo(record.partition());
            assertThat(found.put(raw.partition() + "@" + raw.offset(), record.topic()))
                    .as("second output of %s", raw)
                    .isNull();
            Long before =
                    newest.put(
                            new TopicPartition(record.topic(), record.partition()), raw.offset());
            assertThat(before == null || before < raw.offset()).as("order at %s", raw).isTrue();
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
