package leat.embedded.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that was killed between deciding on a transaction and marking its partitions must mark
/// them after its restart: until then nobody reads on.
final class KilledTransactionsIT {

    private static final String TOPIC = "moves";
    private static final int PARTITIONS = 8;
    private static final int WRITERS = 4;
    private static final int ROUNDS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir private Path folder;

    @Test
    void endsEveryTransactionThatAKillInterrupted() throws Exception {
        // Given
        int port = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (BrokerProcess broker = BrokerProcess.start(folder, port)) {
                port = broker.port();
                createTopicIfFirst(round, broker);
                writeUntilKilled(broker);
            }
        }

        // When
        try (BrokerProcess broker = BrokerProcess.start(folder, port)) {
            for (int writer = 0; writer < WRITERS; writer++) {
                try (KafkaProducer<String, String> producer = producer(broker, writer)) {
                    producer.initTransactions();
                }
            }

            // Then
            try (Admin admin = admin(broker)) {
                long limit = System.nanoTime() + LIMIT.toNanos();
                while (!stable(admin).equals(ends(admin)) && System.nanoTime() < limit) {
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                }
                assertThat(stable(admin)).isEqualTo(ends(admin));
            }
        }
    }

    private static void createTopicIfFirst(int round, BrokerProcess broker) throws Exception {
        if (round == 0) {
            try (Admin admin = admin(broker)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
            }
        }
    }

    /// Several writers of transactions over all partitions, until the broker is killed under them.
    private static void writeUntilKilled(BrokerProcess broker) throws InterruptedException {
        AtomicInteger commits = new AtomicInteger();
        List<Thread> writers =
                IntStream.range(0, WRITERS)
                        .mapToObj(writer ->
                                Thread.ofPlatform().start(() -> write(broker, writer, commits)))
                        .toList();
        while (commits.get() < 10 * WRITERS && writers.stream().anyMatch(Thread::isAlive)) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        assertThat(commits.get()).isPositive();
        broker.kill();
        for (Thread writer : writers) {
            writer.interrupt();
            writer.join();
        }
    }

    private static void write(BrokerProcess broker, int writer, AtomicInteger commits) {
        KafkaProducer<String, String> producer = producer(broker, writer);
        try {
            producer.initTransactions();
            while (true) {
                producer.beginTransaction();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    Future<RecordMetadata> _ =
                            producer.send(new ProducerRecord<>(TOPIC, partition, null, "a move"));
                }
                producer.commitTransaction();
                commits.incrementAndGet();
            }
        } catch (KafkaException e) {
            // The broker was killed, and the thread interrupted, which closing would take as its
            // own.
            boolean _ = Thread.interrupted();
            producer.close(Duration.ZERO);
        }
    }

    private static KafkaProducer<String, String> producer(BrokerProcess broker, int writer) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "transactional.id", "writer-" + writer,
                        "transaction.timeout.ms", 5_000,
                        "request.timeout.ms", 2_000,
                        "delivery.timeout.ms", 4_000,
                        "max.block.ms", 20_000),
                new StringSerializer(),
                new StringSerializer());
    }

    private static Admin admin(BrokerProcess broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static Map<Integer, Long> stable(Admin admin) throws Exception {
        return offsets(admin, IsolationLevel.READ_COMMITTED);
    }

    private static Map<Integer, Long> ends(Admin admin) throws Exception {
        return offsets(admin, IsolationLevel.READ_UNCOMMITTED);
    }

    private static Map<Integer, Long> offsets(Admin admin, IsolationLevel isolation)
            throws Exception {
        Map<TopicPartition, OffsetSpec> latest =
                IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                        .collect(Collectors.toMap(at -> at, _ -> OffsetSpec.latest()));
        return admin
                .listOffsets(latest, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(
                        Collectors.toMap(
                                at -> at.getKey().partition(), at -> at.getValue().offset()));
    }
}
