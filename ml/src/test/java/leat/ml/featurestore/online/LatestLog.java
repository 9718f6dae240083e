package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.contract.ContractName;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// A broker with `latest` topics, and somebody who writes them.
final class LatestLog implements AutoCloseable {

    static final int PARTITIONS = 3;
    private static final AtomicInteger VIEWS = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();

    private final EmbeddedKafka broker;
    private final LogConnection connection;
    private final Producer<byte[], byte[]> producer;

    LatestLog(Path folder) {
        broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, 0));
        connection = new LogConnection(broker.bootstrapServers());
        producer = connection.producer("writer", Map.of());
    }

    LogConnection connection() {
        return connection;
    }

    /// For a process that is to be killed, and its successor, which takes the dead one's place in a
    /// group at once.
    static LogConnection mortal(String bootstrapServers) {
        return new LogConnection(
                bootstrapServers, Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "mortal"));
    }

    /// A view that no other test has, whose topic is not there yet.
    static OnlineView freshView() {
        return view("view-" + VIEWS.incrementAndGet());
    }

    static OnlineView view(String name) {
        return new OnlineView(
                new ContractName(name),
                1,
                "car",
                "test.latest." + name + ".v1",
                Features.numbers("f"),
                Optional.of(Duration.ofHours(1)));
    }

    void make(OnlineView view) {
        try (Admin admin = connection.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(List.of(TopicSpec.compacted(view.topic(), PARTITIONS))));
        }
    }

    void delete(OnlineView view) throws ExecutionException, InterruptedException {
        try (Admin admin = connection.admin()) {
            admin.deleteTopics(List.of(view.topic())).all().get();
            awaitTrue(() -> new Topics(admin, 1).ids(List.of(view.topic())).isEmpty());
        }
    }

    /// A vector whose feature is `value`; returns when it is in the log.
    void put(OnlineView view, String entity, int value) {
        put(view, entity, vector(entity, value));
    }

    void put(OnlineView view, String entity, @Nullable String json) {
        try {
            producer.send(record(view, entity, json)).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The same without waiting for the log.
    void send(OnlineView view, String entity, int value) {
        Future<RecordMetadata> _ = producer.send(record(view, entity, vector(entity, value)));
    }

    static ProducerRecord<byte[], byte[]> record(
            OnlineView view, String entity, @Nullable String json) {
        return new ProducerRecord<>(
                view.topic(), entity.getBytes(UTF_8), json == null ? null : json.getBytes(UTF_8));
    }

    Producer<byte[], byte[]> producer() {
        return producer;
    }

    static String vector(String entity, int value) {
        return "{\"entity\":\""
                + entity
                + "\",\"query_time\":\"2026-11-21T10:00:00.000001Z\",\"f\":"
                + value
                + "}";
    }

    static void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it did not become true within " + PATIENCE);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public void close() {
        producer.close();
        broker.close();
    }
}
