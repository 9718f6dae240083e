package leat.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import leat.stream.log.LogConnection;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// The limit of any view on Kafka Streams: exactly_once_v2, each record put into a RocksDB store
/// with a changelog under its key, and forwarded as it is to one topic; nothing is looked at.
final class StreamsCopy implements AutoCloseable {

    /// What a user of Streams would try.
    static final Map<String, Setting> SETTINGS = settings();

    private static final String LAST = "last";

    private final KafkaStreams streams;

    private StreamsCopy(KafkaStreams streams) {
        this.streams = streams;
    }

    /// One way to run it.
    ///
    /// @param cached whether several records of a key within a transaction are one of the store and
    ///   its changelog
    record Setting(Duration commitInterval, boolean cached) {}

    /// Starts an application that reads `from` from its first record.
    ///
    /// @param place how it runs, but for the commit interval
    static StreamsCopy start(
            LogConnection log, String from, String to, BenchStreams place, boolean cached) {
        Topology topology = new Topology();
        topology.addSource(
                "from", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), from);
        topology.addProcessor("copy", Copy::new, "from");
        StoreBuilder<KeyValueStore<Bytes, byte[]>> store =
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(LAST),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withLoggingEnabled(
                                Map.of(
                                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                        Integer.toString(LogConnection.MAX_RECORD_BYTES)));
        topology.addStateStore(cached ? store.withCachingEnabled() : store, "copy");
        topology.addSink(
                "to", to, Serdes.ByteArray().serializer(), Serdes.ByteArray().serializer(), "copy");
        KafkaStreams streams = new KafkaStreams(topology, place.properties(log));
        streams.start();
        return new StreamsCopy(streams);
    }

    /// The topic that Streams makes for the store.
    static String changelog(String application) {
        return application + "-" + LAST + "-changelog";
    }

    private static Map<String, Setting> settings() {
        Map<String, Setting> settings = new LinkedHashMap<>();
        settings.put("Streams' copy, 100 ms", new Setting(Duration.ofMillis(100), false));
        settings.put("Streams' copy, cached, 100 ms", new Setting(Duration.ofMillis(100), true));
        // As seldom as a view commits that is far behind.
        settings.put("Streams' copy, cached, 500 ms", new Setting(Duration.ofMillis(500), true));
        return settings;
    }

    @Override
    public void close() {
        streams.close(Duration.ofSeconds(20));
    }

    /// Copies one record after the other.
    private static final class Copy implements Processor<byte[], byte[], byte[], byte[]> {

        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable KeyValueStore<Bytes, byte[]> last;

        @Override
        public void init(ProcessorContext<byte[], byte[]> opened) {
            context = opened;
            last = opened.getStateStore(LAST);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            Objects.requireNonNull(last).put(Bytes.wrap(record.key()), record.value());
            Objects.requireNonNull(context).forward(record);
        }
    }
}
