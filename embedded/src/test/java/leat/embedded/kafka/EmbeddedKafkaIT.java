package leat.embedded.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    private static final String TOPIC = "events";
    private static final Duration RECOVERY_BAR = Duration.ofSeconds(5);

    /// What a kill may add to the start of a new broker, on a machine on which that alone takes
    /// about as long as the bar.
    private static final double RECOVERY_BY_START = 1.5;

    private static final int LEAST_RESTARTS = 2;
    private static final int MOST_RESTARTS = 5;

    @TempDir private Path folder;

    @Test
    void keepsEveryAcknowledgedRecordOverKillsAndIsSoonBack() throws Exception {
        // Given
        Set<String> acknowledged = new HashSet<>();
        int port;
        Duration bar;
        long begin = System.nanoTime();
        try (BrokerProcess first = BrokerProcess.start(folder, 0)) {
            port = first.port();
            createTopic(first.bootstrapServers());
            produceOne(first.bootstrapServers(), "first");
            acknowledged.add("first");
            long started = System.nanoTime() - begin;
            System.out.println("new broker and writing: " + started / 1_000_000 + " ms");
            bar = longer(RECOVERY_BAR, Duration.ofNanos((long) (started * RECOVERY_BY_START)));
            produceUntilKilled(first, acknowledged, 0);
        }

        // When
        Duration fastest = bar.multipliedBy(10);
        for (int round = 1;
                round <= LEAST_RESTARTS || (round <= MOST_RESTARTS && fastest.compareTo(bar) >= 0);
                round++) {
            long start = System.nanoTime();
            try (BrokerProcess restarted = BrokerProcess.start(folder, port)) {
                produceOne(restarted.bootstrapServers(), "after-" + round);
                acknowledged.add("after-" + round);
                Duration recovery = Duration.ofNanos(System.nanoTime() - start);
                System.out.println(
                        "broker back after kill -9 and writing: " + recovery.toMillis() + " ms");
                fastest = recovery.compareTo(fastest) < 0 ? recovery : fastest;
                produceUntilKilled(restarted, acknowledged, round);
            }
        }

        // Then: a busy machine may delay some restarts, so the bar is on the fastest.
        assertThat(fastest).isLessThan(bar);
        try (BrokerProcess last = BrokerProcess.start(folder, port)) {
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(readAll(last.bootstrapServers()));
            assertThat(lost).isEmpty();
        }
    }

    @Test
    void itsSessionIsShortOnlyAfterAKill() throws Exception {
        try (BrokerProcess killed = BrokerProcess.start(folder, 0)) {
            assertThat(sessionMillis(killed.bootstrapServers())).isEqualTo("9000");
            killed.kill();
        }

        String afterKill;
        try (EmbeddedKafka back = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, 0))) {
            afterKill = sessionMillis(back.bootstrapServers());
        }
        long start = System.nanoTime();
        try (EmbeddedKafka again = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, 0))) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(afterKill).isEqualTo("1500");
            assertThat(sessionMillis(again.bootstrapServers())).isEqualTo("9000");
            // Nobody waits for the session of one that ended in order.
            assertThat(took).isLessThan(Duration.ofSeconds(9));
        }
    }

    private static String sessionMillis(String bootstrapServers) throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Collection<Config> one = admin.describeConfigs(List.of(broker)).all().get().values();
            return one.iterator().next().get("broker.session.timeout.ms").value();
        }
    }

    private static void createTopic(String bootstrapServers)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "acks", "all",
                        "delivery.timeout.ms", 20_000,
                        "request.timeout.ms", 5_000,
                        "linger.ms", 1),
                new StringSerializer(),
                new StringSerializer());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static void produceOne(String bootstrapServers, String value)
            throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, String> producer = producer(bootstrapServers)) {
            producer.send(new ProducerRecord<>(TOPIC, value)).get();
        }
    }

    /// Sends until 20,000 records were handed over, kills the broker, and keeps what was
    /// acknowledged.
    private static void produceUntilKilled(
            BrokerProcess broker, Set<String> acknowledged, int round) {
        List<String> values = new ArrayList<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(broker.bootstrapServers())) {
            for (int i = 0; i < 20_000; i++) {
                String value = round + "-" + i;
                values.add(value);
                sent.add(producer.send(new ProducerRecord<>(TOPIC, value)));
            }
            broker.kill();
            producer.close(Duration.ZERO);
        }
        for (int i = 0; i < sent.size(); i++) {
            if (sent.get(i).isDone() && sent.get(i).state() == Future.State.SUCCESS) {
                acknowledged.add(values.get(i));
            }
        }
    }

    private static Set<String> readAll(String bootstrapServers) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        Set<String> values = new HashSet<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
