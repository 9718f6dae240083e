package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import leat.core.event.EventHeaders;
import leat.core.event.TopicId;
import leat.stream.log.EventHeader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ViewProcessorTest {

    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");
    private static final long NOON = 1_800_000_000_000_000L;
    private static final long SECOND = Duration.ofSeconds(1).toNanos() / 1_000;
    private static final long MUCH = 64 << 20;

    private final List<Instance> instances = new ArrayList<>();

    @AfterEach
    void close() {
        instances.forEach(Instance::close);
    }

    /// A processor with a store.
    private final class Instance {
        private final MockProcessorContext<RoutedKey, byte[]> context =
                new MockProcessorContext<>();
        private final KeyValueStore<Bytes, byte[]> tiles =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(ViewTopology.TILES),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withLoggingDisabled()
                        .build();
        private final BeforeCommit beforeCommit = new BeforeCommit();
        private final KeyValueStore<Bytes, byte[]> marks;
        private final ViewProcessor processor;
        private final AtomicLong offsets = new AtomicLong();

        /// One that saves with every event.
        Instance(long entityMemoryBytes) {
            this(entityMemoryBytes, true);
        }

        /// @param savesAtOnce whether marks are taken as they are set, else [#commit] takes them
        Instance(long entityMemoryBytes, boolean savesAtOnce) {
            marks =
                    savesAtOnce
                            ? beforeCommit.store().withCachingDisabled().build()
                            : Stores.keyValueStoreBuilder(
                                            Stores.inMemoryKeyValueStore(BeforeCommit.MARKS),
                                            Serdes.Bytes(),
                                            Serdes.ByteArray())
                                    .withLoggingDisabled()
                                    .build();
            for (KeyValueStore<Bytes, byte[]> store : List.of(tiles, marks)) {
                store.init(context.getStateStoreContext(), store);
                context.addStateStore(store);
            }
            processor =
                    new ViewProcessor(
                            Driving.FLOW,
                            TOPIC,
                            new EntityMemory(entityMemoryBytes),
                            new FeatureMetrics("driving.v1"),
                            new CommitPace(Duration.ofMillis(30)),
                            beforeCommit);
            processor.init(context);
            instances.add(this);
        }

        void process(byte[] value, Headers headers) {
            context.setRecordMetadata("enriched", 2, offsets.getAndIncrement());
            processor.process(
                    new Record<>("key".getBytes(StandardCharsets.UTF_8), value, 7, headers));
        }

        /// What Streams does before a commit where a mark is set.
        void commit() {
            try (KeyValueIterator<Bytes, byte[]> set = marks.all()) {
                assertThat(set).as("marks").hasNext();
                KeyValue<Bytes, byte[]> mark = set.next();
                beforeCommit.taken(context.taskId());
                marks.delete(mark.key);
            }
        }

        boolean isMarked() {
            return marks.approximateNumEntries() > 0;
        }

        void event(String car, double speed, long timeMicros) {
            process(Driving.event(car, speed, 3, "A" + (int) speed), Driving.headers(timeMicros));
        }

        /// The vectors so far, each as the topic of that node gets it.
        List<String> vectors(String node) {
            return context.forwarded(node).stream()
                    .map(forward -> new String(forward.record().value(), StandardCharsets.UTF_8))
                    .toList();
        }

        List<KeyValue<Bytes, byte[]>> stored() {
            List<KeyValue<Bytes, byte[]>> stored = new ArrayList<>();
            try (KeyValueIterator<Bytes, byte[]> all = tiles.all()) {
                all.forEachRemaining(stored::add);
            }
            return stored;
        }

        void close() {
            processor.close();
            tiles.close();
            marks.close();
        }
    }

    @Test
    void writesAVectorWithEveryEventToBothTopics() {
        Instance view = new Instance(MUCH);
        view.event("car1", 10, NOON);
        view.event("car1", 20, NOON + SECOND);
        assertThat(view.vectors(ViewTopology.VECTORS))
                .containsExactly(
                        "{\"entity\":\"car1\",\"query_time\":\"2027-01-15T08:00:00.000001Z\","
                                + "\"road\":\"A10\",\"events_10m\":1,\"speed_mean_1m\":10.0,"
                                + "\"speed_sum_10m\":10.0,\"speed_dev_10m\":0.0,"
                                + "\"speed_max_1m\":10.0,\"gear_last_1m\":3,\"roads_10m\":1}",
                        "{\"entity\":\"car1\",\"query_time\":\"2027-01-15T08:00:01.000001Z\","
                                + "\"road\":\"A20\",\"events_10m\":2,\"speed_mean_1m\":15.0,"
                                + "\"speed_sum_10m\":30.0,\"speed_dev_10m\":5.0,"
                                + "\"speed_max_1m\":20.0,\"gear_last_1m\":3,\"roads_10m\":2}");
        assertThat(view.vectors(ViewTopology.LATEST)).isEqualTo(view.vectors(ViewTopology.VECTORS));
        Record<? extends RoutedKey, ? extends byte[]> last =
                Objects.requireNonNull(view.context.forwarded(ViewTopology.VECTORS).getLast())
                        .record();
        assertThat(last.key()).isEqualTo(new RoutedKey(2, "car1"));
        assertThat(last.timestamp()).isEqualTo(7);
        assertThat(EventHeader.text(last.headers(), EventHeaders.POSITION))
                .isEqualTo(TOPIC + "/2@1");
        assertThat(EventHeader.text(last.headers(), EventHeaders.VIEW)).isEqualTo("driving.v1");
    }

    @Test
    void writesTilesAndTheNewestVectorOfEachEntityOnceACommit() {
        Instance view = new Instance(MUCH, false);
        view.event("car1", 10, NOON);
        view.event("car2", 30, NOON);
        view.event("car1", 20, NOON + SECOND);
        assertThat(view.vectors(ViewTopology.VECTORS)).hasSize(3);
        assertThat(view.vectors(ViewTopology.LATEST)).isEmpty();
        assertThat(view.stored()).isEmpty();

        view.commit();
        List<String> vectors = view.vectors(ViewTopology.VECTORS);
        assertThat(view.vectors(ViewTopology.LATEST))
                .containsExactlyInAnyOrder(vectors.get(1), vectors.get(2));
        assertThat(view.stored()).hasSize(2);
        assertThat(view.isMarked()).isFalse();

        // What came with the commit is in the store: another instance goes on with it
        view.processor.init(view.context);
        view.event("car1", 30, NOON + 2 * SECOND);
        assertThat(view.vectors(ViewTopology.VECTORS).getLast()).contains("\"events_10m\":3");
        view.commit();
        assertThat(view.vectors(ViewTopology.LATEST).getLast()).contains("\"events_10m\":3");
    }

    @Test
    void savesWhatDoesNotFitIntoMemoryBeforeTheCommit() {
        Instance view = new Instance(1, false);
        view.event("car1", 10, NOON);
        view.event("car2", 30, NOON);
        view.event("car1", 20, NOON + SECOND);
        view.event("car1", 30, NOON + 2 * SECOND);
        view.commit();
        List<String> vectors = view.vectors(ViewTopology.VECTORS);
        assertThat(vectors.getLast()).contains("\"events_10m\":3");
        assertThat(view.vectors(ViewTopology.LATEST))
                .contains(vectors.get(1))
                .endsWith(vectors.getLast());
    }

    @Test
    void passesOverWhatIsNotOfTheViewAndWhatCannotBeRead() {
        Instance view = new Instance(MUCH);
        view.process(Driving.event("car1", 1, -1, "A1"), Driving.headers(NOON));
        view.process("no JSON".getBytes(StandardCharsets.UTF_8), Driving.headers(NOON));
        view.process(Driving.event("car1", 1, 1, "A1"), new RecordHeaders());
        view.process("{\"speed\":1.0}".getBytes(StandardCharsets.UTF_8), Driving.headers(NOON));
        view.process(Driving.event("half \\uD83D", 1, 1, "A1"), Driving.headers(NOON));
        assertThat(view.context.forwarded()).isEmpty();
        assertThat(view.stored()).isEmpty();
    }

    @Test
    void stopsAtAnEventOfANewerContractThatItCannotRead() {
        Instance view = new Instance(MUCH);
        Headers newer = Driving.headers(NOON);
        newer.remove(EventHeaders.CONTRACT_VERSION);
        EventHeader.add(newer, EventHeaders.CONTRACT_VERSION, "1.3.0");
        assertThatThrownBy(() ->
                        view.process(
                                "{\"car\":\"car1\",\"speed\":\"fast\"}"
                                        .getBytes(StandardCharsets.UTF_8),
                                newer))
                .isInstanceOf(ContractOutdated.class)
                .hasMessageContaining("restart it with the newer contract");
    }

    @Test
    void writesTheVectorOfAnEventThatIsTooLateButKeepsNothingOfIt() {
        Instance view = new Instance(MUCH);
        view.event("car1", 10, NOON);
        List<KeyValue<Bytes, byte[]>> before = view.stored();
        view.event("car1", 99, NOON - 3_600 * SECOND);
        assertThat(view.vectors(ViewTopology.VECTORS)).hasSize(2);
        assertThat(view.vectors(ViewTopology.VECTORS).getLast())
                .isEqualTo(view.vectors(ViewTopology.VECTORS).getFirst());
        assertThat(view.stored()).isEqualTo(before);
    }

    @Test
    void deletesTilesThatNoWindowSees() {
        Instance view = new Instance(MUCH);
        view.event("car1", 10, NOON);
        view.event("car1", 10, NOON + 20 * SECOND);
        view.event("car1", 10, NOON + 3_600 * SECOND);
        assertThat(view.stored()).hasSize(1);
    }

    /// Memory that is too small for two entities, so that each is read from the store again.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void givesTheSameVectorsWhateverFitsIntoMemory(long seed) {
        Instance small = new Instance(1);
        Instance large = new Instance(MUCH);
        Random random = new Random(seed);
        long time = NOON;
        for (int i = 0; i < 3_000; i++) {
            time += random.nextLong(3 * SECOND);
            long late = random.nextInt(10) == 0 ? random.nextLong(1_200 * SECOND) : 0;
            String car = "car" + random.nextInt(5);
            double speed = random.nextDouble() * 100;
            small.event(car, speed, time - late);
            large.event(car, speed, time - late);
        }
        assertThat(small.vectors(ViewTopology.VECTORS))
                .as("seed %d", seed)
                .isEqualTo(large.vectors(ViewTopology.VECTORS));
    }

    @Test
    void forgetsWhatWasRolledBackWhenItIsOpenedAgain() {
        Instance view = new Instance(MUCH);
        view.event("car1", 10, NOON);
        List<KeyValue<Bytes, byte[]>> committed = view.stored();
        view.event("car1", 1_000, NOON + SECOND);
        String rolledBack = view.vectors(ViewTopology.VECTORS).getLast();

        // What Streams does when a transaction was aborted
        view.processor.close();
        view.stored().forEach(tile -> view.tiles.delete(tile.key));
        committed.forEach(tile -> view.tiles.put(tile.key, tile.value));
        view.processor.init(view.context);
        view.offsets.decrementAndGet();
        view.event("car1", 1_000, NOON + SECOND);

        assertThat(view.vectors(ViewTopology.VECTORS).getLast()).isEqualTo(rolledBack);
    }
}
