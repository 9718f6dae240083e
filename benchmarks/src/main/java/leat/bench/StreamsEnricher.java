package leat.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.EventIdentity;
import leat.core.event.Hash128;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.enricher.ContractJudge;
import leat.stream.enricher.EventJudge;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// The enricher's work as a Kafka Streams application with exactly_once_v2: the same judge, the
/// same headers, dead letters on a topic of their own, and duplicates dropped by a store of the
/// identities' hashes with a changelog, in memory: the cheapest that survives a restart. It forgets
/// nothing, which is less work than the enricher's.
final class StreamsEnricher implements AutoCloseable {

    /// Commit intervals that a user of Streams would try.
    static final Map<String, Duration> SETTINGS = settings();

    private static final int THREADS = 2;
    private static final String STAGE = "enricher";
    private static final String SEEN = "seen";

    private final KafkaStreams streams;

    private StreamsEnricher(KafkaStreams streams) {
        this.streams = streams;
    }

    /// The topics that one application reads and writes.
    record Route(String raw, TopicId rawId, String enriched, String dead) {}

    /// Starts an application that reads raw from its first record.
    ///
    /// @param folder for its state, of which it has none
    static StreamsEnricher start(
            LogConnection log,
            Contract contract,
            Route route,
            String application,
            Duration commitInterval,
            Path folder) {
        Topology topology = new Topology();
        topology.addSource(
                "raw",
                Serdes.ByteArray().deserializer(),
                Serdes.ByteArray().deserializer(),
                route.raw());
        topology.addProcessor("judge", () -> new Judge(contract, route.rawId()), "raw");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(SEEN), Serdes.Bytes(), Serdes.Long())
                        .withLoggingEnabled(Map.of()),
                "judge");
        topology.addSink(
                "enriched",
                route.enriched(),
                Serdes.ByteArray().serializer(),
                Serdes.ByteArray().serializer(),
                "judge");
        topology.addSink(
                "dead",
                route.dead(),
                Serdes.ByteArray().serializer(),
                Serdes.ByteArray().serializer(),
                "judge");
        KafkaStreams streams =
                new KafkaStreams(
                        topology,
                        new BenchStreams(application, commitInterval, THREADS, folder)
                                .properties(log));
        streams.start();
        return new StreamsEnricher(streams);
    }

    private static Map<String, Duration> settings() {
        Map<String, Duration> settings = new LinkedHashMap<>();
        settings.put("Streams committing every 25 ms", Duration.ofMillis(25));
        settings.put("Streams committing every 100 ms", Duration.ofMillis(100));
        settings.put("Streams committing every 500 ms", Duration.ofMillis(500));
        return settings;
    }

    @Override
    public void close() {
        streams.close(Duration.ofSeconds(20));
    }

    /// Judges one record after the other.
    private static final class Judge implements Processor<byte[], byte[], byte[], byte[]> {

        private final EventJudge judge;
        private final TopicId rawId;
        private final byte[] version;
        private final long windowMillis;
        private @Nullable KeyValueStore<Bytes, Long> seen;
        private @Nullable ProcessorContext<byte[], byte[]> context;

        Judge(Contract contract, TopicId rawId) {
            this.judge = new ContractJudge(contract);
            this.rawId = rawId;
            this.version = utf8(contract.version().toString());
            this.windowMillis = contract.dedupeWindow().toMillis();
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> opened) {
            context = opened;
            seen = opened.getStateStore(SEEN);
        }

        private boolean isDuplicate(Record<byte[], byte[]> raw) {
            KeyValueStore<Bytes, Long> store = Objects.requireNonNull(seen);
            Optional<EventIdentity> identity = EventHeader.identity(raw.headers());
            if (identity.isEmpty()) {
                return false;
            }
            Bytes key = Bytes.wrap(identity.get().hash().bytes());
            Long earlier = store.get(key);
            store.put(key, raw.timestamp());
            return earlier != null && raw.timestamp() - earlier <= windowMillis;
        }

        @Override
        public void process(Record<byte[], byte[]> raw) {
            ProcessorContext<byte[], byte[]> out = context;
            if (out == null) {
                throw new IllegalStateException("not initialised");
            }
            if (isDuplicate(raw)) {
                return;
            }
            RecordMetadata place = out.recordMetadata().orElseThrow();
            String position = new Position(rawId, place.partition(), place.offset()).toString();
            RecordHeaders headers = new RecordHeaders();
            for (Header header : raw.headers()) {
                headers.add(header);
            }
            headers.add(EventHeaders.POSITION, utf8(position));
            headers.add(EventHeaders.CONTRACT_VERSION, version);
            Header time = raw.headers().lastHeader(EventHeaders.TIME);
            String ceTime = time == null ? null : new String(time.value(), StandardCharsets.UTF_8);
            switch (judge.judge(raw.value(), ceTime, raw.timestamp() * 1_000)) {
                case EventJudge.Verdict.Enriched enriched -> {
                    headers.add(
                            EventHeaders.EVENT_TIME, utf8(Long.toString(enriched.eventMicros())));
                    out.forward(
                            new Record<>(raw.key(), enriched.value(), raw.timestamp(), headers),
                            "enriched");
                }
                case EventJudge.Verdict.Refused refused -> {
                    headers.add(EventHeaders.STAGE, utf8(STAGE));
                    headers.add(EventHeaders.REASONS, utf8(refused.reasons().toString()));
                    headers.add(EventHeaders.DEAD_ID, utf8(Hash128.of(STAGE, position).toString()));
                    out.forward(
                            new Record<>(raw.key(), raw.value(), raw.timestamp(), headers), "dead");
                }
            }
        }

        private static byte[] utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
