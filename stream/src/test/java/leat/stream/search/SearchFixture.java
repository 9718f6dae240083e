package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.TopicId;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;

/// One contract's topics and indices under names of their own, on the shared broker and engine.
final class SearchFixture implements AutoCloseable {

    static final Contract CARS = SearchContracts.CARS;

    /// Several requests a batch even with few events.
    static final SearchSettings SMALL_BULKS =
            new SearchSettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    9200,
                    DataSize.mebibytes(512),
                    100,
                    new DataSize(64 << 10),
                    Duration.ofSeconds(1),
                    1,
                    Duration.ofSeconds(30));

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String RAW_ID = "BBBBBBBBBBBBBBBBBBBBBB";

    final Names names = SharedKafka.freshNames();
    final SearchEngine engine = new SearchEngine(SharedOpenSearch.url(), SearchSettings.DEFAULT);
    final SearchMetrics metrics = new SearchMetrics(new PrometheusRegistry());
    private final Producer<byte[], byte[]> producer =
            SharedKafka.connection().producer("test", Map.of());

    SearchFixture() {
        SharedKafka.create(TopicSpec.of(names, CARS));
    }

    SearchLoader loader() {
        return SearchLoader.start(parts(SearchSettings.DEFAULT));
    }

    /// Takes the place of a [LoadsUntilKilled] at once.
    SearchLoader successor() {
        LogConnection log = SharedKafka.mortal(SharedKafka.bootstrapServers());
        return SearchLoader.start(parts(log, SearchSettings.DEFAULT));
    }

    SearchLoader.Parts parts(SearchSettings settings) {
        return parts(SharedKafka.connection(), settings);
    }

    private SearchLoader.Parts parts(LogConnection log, SearchSettings settings) {
        return new SearchLoader.Parts(log, engine, names, CARS, settings, metrics);
    }

    String enrichedIndex() {
        return names.index("enriched", CARS);
    }

    String deadIndex() {
        return names.index("dead", CARS);
    }

    /// Writes events `from` to `to` − 1, each with its number as `trip`.
    void enrich(int from, int to) {
        List<Future<?>> sent = new ArrayList<>();
        for (int n = from; n < to; n++) {
            sent.add(send(n, "{\"car\":\"car-" + n % 7 + "\",\"trip\":" + n + "}"));
        }
        await(sent);
    }

    void enrich(int n, String event) {
        await(List.of(send(n, event)));
    }

    private Future<?> send(int n, String event) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        names.enriched(CARS), n % 4, Records.APPENDED_MILLIS, null, bytes(event));
        header(record, EventHeaders.ID, "e-" + n);
        header(record, EventHeaders.SOURCE, "fleet");
        header(record, EventHeaders.POSITION, rawPosition(n));
        header(record, EventHeaders.CONTRACT_VERSION, "1.2.0");
        return producer.send(record);
    }

    static String rawPosition(int n) {
        return RAW_ID + "/" + n % 4 + "@" + n;
    }

    /// Writes a dead letter of the enricher.
    void kill(int n, byte[] payload) {
        await(List.of(sendDead(n, payload)));
    }

    /// Writes dead letters `from` to `to` − 1.
    void kill(int from, int to) {
        List<Future<?>> sent = new ArrayList<>();
        for (int n = from; n < to; n++) {
            sent.add(sendDead(n, bytes("no JSON")));
        }
        await(sent);
    }

    private Future<?> sendDead(int n, byte[] payload) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        names.dead(CARS, DeadStage.ENRICHER),
                        n % 4,
                        Records.APPENDED_MILLIS,
                        null,
                        payload);
        header(record, EventHeaders.STAGE, "enricher");
        header(record, EventHeaders.POSITION, rawPosition(n));
        header(
                record,
                EventHeaders.REASONS,
                "[{\"code\":\"malformed\",\"field\":\"\",\"message\":\"no JSON\"}]");
        return producer.send(record);
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void await(List<Future<?>> sent) {
        for (Future<?> one : sent) {
            try {
                one.get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    long count(String index) {
        try {
            engine.refresh(index);
            return engine.count(index);
        } catch (EngineRefused | EngineUnavailable _) {
            return -1;
        }
    }

    void awaitCount(String index, long wanted) {
        await(() -> count(index) == wanted);
    }

    /// Count, sum of trips and number of different trips of the enriched index.
    List<Long> totals() {
        engine.refresh(enrichedIndex());
        JsonNode answer =
                engine.search(
                        enrichedIndex(),
                        "{\"size\":0,\"track_total_hits\":true,\"aggs\":{"
                                + "\"sum\":{\"sum\":{\"field\":\"trip\"}},"
                                + "\"different\":{\"cardinality\":{\"field\":\"trip\","
                                + "\"precision_threshold\":40000}}}}");
        return List.of(
                answer.at("/hits/total/value").asLong(),
                answer.at("/aggregations/sum/value").asLong(),
                answer.at("/aggregations/different/value").asLong());
    }

    /// What [#totals] must be for events 0 to `count` − 1.
    static List<Long> exact(long count) {
        return List.of(count, count * (count - 1) / 2, count);
    }

    /// All records of the dead-letter topic of search.
    List<ConsumerRecord<byte[], byte[]>> deadOfSearch() {
        String topic = names.dead(CARS, DeadStage.SEARCH);
        List<TopicPartition> partitions =
                List.of(0, 1, 2, 3).stream().map(p -> new TopicPartition(topic, p)).toList();
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> reader = SharedKafka.connection().reader("test", Map.of())) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            await(() -> {
                reader.poll(Duration.ofMillis(50)).forEach(found::add);
                return ends.entrySet().stream()
                        .allMatch(end -> reader.position(end.getKey()) >= end.getValue());
            });
        }
        return found;
    }

    /// Deletes a topic and makes it again under the same name.
    void recreate(String topic) throws Exception {
        try (Admin admin = SharedKafka.connection().admin()) {
            Topics topics = new Topics(admin, 1);
            Map<String, TopicId> before = new HashMap<>(topics.ids(List.of(topic)));
            admin.deleteTopics(List.of(topic)).all().get();
            await(() -> topics.ids(List.of(topic)).isEmpty());
            SharedKafka.create(
                    TopicSpec.of(names, CARS).stream()
                            .filter(spec -> spec.name().equals(topic))
                            .toList());
            assertThat(topics.ids(List.of(topic))).isNotEqualTo(before);
        }
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Override
    public void close() {
        producer.close();
        engine.close();
    }
}
