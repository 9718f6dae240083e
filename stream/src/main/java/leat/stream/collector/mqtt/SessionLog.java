package leat.stream.collector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How collector processes tell each other which clients have connected, so that a client that
/// moves from one to another leaves no connection behind: a record a CONNECT in one partition,
/// whose order decides. Nothing is written for a message.
///
/// While the log is away a client can have a connection in two processes; both take its events.
final class SessionLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final long START_POLL_NANOS = Duration.ofMillis(10).toNanos();
    private static final int VALUE_BYTES = 24;
    private static final long PRODUCER_BYTES = 8L << 20;

    private final UUID process = UUID.randomUUID();
    private final TopicPartition partition;
    private final ClientIds clients;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread follower;
    private volatile boolean closed;

    /// Starts to follow what others announce from now on.
    ///
    /// @param topic has one partition and is there
    SessionLog(LogConnection log, String topic, ClientIds clients) {
        this.partition = new TopicPartition(topic, 0);
        this.clients = clients;
        this.producer =
                log.producer(
                        "leat-mqtt-sessions",
                        Map.of(
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                0L,
                                ProducerConfig.LINGER_MS_CONFIG,
                                5,
                                ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                                Duration.ofDays(365).toMillis(),
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                PRODUCER_BYTES));
        this.consumer =
                log.reader(
                        "leat-mqtt-sessions",
                        Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest"));
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        this.follower = Thread.ofPlatform().name("mqtt-sessions").daemon().unstarted(this::follow);
    }

    /// Returns when both ways are open, or after 10 s without the log each.
    void start() {
        try {
            consumer.position(partition, START_TIMEOUT);
            awaitTopic();
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).log("MQTT clients of other collectors are not known yet");
        }
        follower.start();
    }

    /// The producer never waits, so it has to know the topic before it is asked to write.
    private void awaitTopic() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            try {
                producer.partitionsFor(partition.topic());
                return;
            } catch (TimeoutException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(START_POLL_NANOS);
            }
        }
    }

    /// Tells the others of a connection; returns at once.
    @SuppressWarnings("FutureReturnValueIgnored") // lost with the log, as the class says
    void announce(String clientId, long number) {
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
        value.putLong(process.getMostSignificantBits());
        value.putLong(process.getLeastSignificantBits());
        value.putLong(number);
        try {
            producer.send(
                    new ProducerRecord<>(
                            partition.topic(), 0, clientId.getBytes(UTF_8), value.array()));
        } catch (KafkaException | IllegalStateException _) {
            // As above.
        }
    }

    private void follow() {
        Backoff backoff = new Backoff();
        while (!closed) {
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    read(record);
                }
                backoff = new Backoff();
            } catch (WakeupException _) {
                // Closed.
            } catch (KafkaException e) {
                LOG.atWarn().setCause(e).log("Cannot follow MQTT clients of other collectors");
                LockSupport.parkNanos(backoff.next().toNanos());
            }
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null
                || record.value() == null
                || record.value().length != VALUE_BYTES) {
            return;
        }
        ByteBuffer value = ByteBuffer.wrap(record.value());
        UUID writer = new UUID(value.getLong(), value.getLong());
        String clientId = new String(record.key(), UTF_8);
        if (writer.equals(process)) {
            clients.announced(clientId, value.getLong());
        } else {
            clients.connectedElsewhere(clientId);
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            follower.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
        producer.close(Duration.ZERO);
    }
}
