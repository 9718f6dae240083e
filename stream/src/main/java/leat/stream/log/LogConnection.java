package leat.stream.log;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Where Kafka is and how every client of Leat talks to it: keys and values are bytes, nothing is
/// committed automatically, producers are idempotent and wait for all replicas.
///
/// @param bootstrapServers `host:port` separated by commas
/// @param client properties that every client gets, e.g. for SASL and TLS
public record LogConnection(String bootstrapServers, Map<String, String> client) {

    /// The largest record a topic takes and a producer sends; an event's own limit is 1 MiB.
    public static final int MAX_RECORD_BYTES = 4 << 20;

    private static final int PAST_WAIT_MILLIS = 50;

    public LogConnection {
        client = Map.copyOf(client);
    }

    public LogConnection(String bootstrapServers) {
        this(bootstrapServers, Map.of());
    }

    public Admin admin() {
        return Admin.create(common("admin"));
    }

    /// A producer that is not part of a transaction; `overrides` win.
    public Producer<byte[], byte[]> producer(String clientId, Map<String, ?> overrides) {
        Map<String, Object> config = common(clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.putAll(overrides);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// A producer whose batches are transactions under `transactionalId`, tuned for many small
    /// ones: the first send after a commit must not wait out the default back-off while the markers
    /// are written.
    public Producer<byte[], byte[]> transactionalProducer(
            String clientId, String transactionalId, Map<String, ?> overrides) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        config.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 20);
        // Commits flush at once; until then only full batches are worth a request.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 100);
        config.putAll(overrides);
        return producer(clientId, config);
    }

    /// A consumer in no group, for [Consumer#assign]; it reads committed records only.
    public Consumer<byte[], byte[]> reader(String clientId, Map<String, ?> overrides) {
        Map<String, Object> config = common(clientId);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_RECORD_BYTES);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.putAll(overrides);
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// A [#reader] of what is in the log already. Behind its end it asks every now and then, where
    /// others leave a question open for half a second, which closing them waits for.
    public Consumer<byte[], byte[]> pastReader(String clientId, Map<String, ?> overrides) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, PAST_WAIT_MILLIS);
        config.putAll(overrides);
        return reader(clientId, config);
    }

    /// A consumer of a group, starting at the earliest record where the group has no position yet.
    /// The partitions of a member that was killed are taken over after six seconds, the least that
    /// brokers allow by default.
    public Consumer<byte[], byte[]> groupConsumer(
            String clientId, String group, Map<String, ?> overrides) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        config.putAll(overrides);
        return reader(clientId, config);
    }

    /// The properties' names only: some of them are secret.
    @Override
    public String toString() {
        return "LogConnection["
                + bootstrapServers
                + ", client="
                + new TreeSet<>(client.keySet())
                + "]";
    }

    private Map<String, Object> common(String clientId) {
        Map<String, Object> config = new HashMap<>(client);
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 20);
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        config.put("enable.metrics.push", false);
        return config;
    }
}
