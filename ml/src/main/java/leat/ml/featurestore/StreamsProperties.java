package leat.ml.featurestore;

import java.nio.file.Path;
import java.util.Properties;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/// How Kafka Streams runs a view: exactly once, in short transactions, by static members, so that a
/// process that was killed has its partitions again as soon as it is back.
final class StreamsProperties {

    /// The longest wait for records; the thread commits only between two of them.
    private static final long MAX_POLL_MILLIS = 100;

    /// For the marks of [BeforeCommit] only; what waits for a commit is bounded with the entities.
    private static final long CACHE_BYTES = 1 << 20;

    /// A vector has about a kilobyte. Each batch costs a buffer for its compression, and the broker
    /// a check and an entry of an index.
    private static final int BATCH_BYTES = 256 << 10;

    /// An instance that is no further behind gets a partition at once; a second or so restores it.
    private static final long ACCEPTABLE_LAG_RECORDS = 100_000;

    private StreamsProperties() {}

    static Properties of(
            FeatureFlow flow, FeatureStore.Place place, FeatureStoreSettings settings) {
        Names names = place.names();
        LogConnection log = place.log();
        Properties config = new Properties();
        config.putAll(log.client());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, log.bootstrapServers());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, flow.application(names));
        config.put(
                StreamsConfig.CLIENT_ID_CONFIG, flow.application(names) + "." + place.instance());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, CommitPace.BY_ITSELF.toMillis());
        long turnMillis = CommitPace.turn(settings.commitInterval()).toMillis();
        config.put(StreamsConfig.POLL_MS_CONFIG, Math.min(turnMillis, MAX_POLL_MILLIS));
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, place.replicationFactor());
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder(place).toString());
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        config.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, ACCEPTABLE_LAG_RECORDS);
        config.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        // A task has one partition, and no other to wait for.
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        config.put(StreamsConfig.RECONNECT_BACKOFF_MS_CONFIG, 20L);
        config.put(StreamsConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        config.put(BoundedRocksDb.MEMORY_BYTES, settings.storeMemory().bytes());
        consumer(config, place);
        headers(config, flow, names);
        producer(config);
        return config;
    }

    /// Where the instance keeps the state of its views.
    static Path stateFolder(FeatureStore.Place place) {
        return place.folder().resolve(FeatureFlow.ROLE).resolve(place.instance());
    }

    private static void consumer(Properties config, FeatureStore.Place place) {
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                place.instance());
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        config.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
        config.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                LogConnection.MAX_RECORD_BYTES);
    }

    /// A vector has two or three headers only.
    private static void headers(Properties config, FeatureFlow flow, Names names) {
        if (flow.compiled().sourceView().isEmpty()) {
            config.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                    NeededHeaders.class.getName());
            config.put(StreamsConfig.mainConsumerPrefix(NeededHeaders.TOPIC), flow.input(names));
            config.put(
                    StreamsConfig.mainConsumerPrefix(NeededHeaders.NAMES),
                    ViewEvents.headers(flow));
        }
    }

    private static void producer(Properties config) {
        config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
        config.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                LogConnection.MAX_RECORD_BYTES);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 20);
    }
}
