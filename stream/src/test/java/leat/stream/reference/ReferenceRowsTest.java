package leat.stream.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import leat.core.config.DataSize;
import leat.core.event.Position;
import leat.core.event.TopicId;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReferenceRowsTest {

    private static final int PARTITIONS = 3;
    private static final TopicId RAW = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");

    private final ReferenceRows rows = rows(DataSize.mebibytes(16));
    private final long[] next = new long[PARTITIONS];

    private static ReferenceRows rows(DataSize limit) {
        return new ReferenceRows(CarRegistry.CONTRACT, PARTITIONS, limit);
    }

    private static int partition(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }

    private Seen put(String key, byte @Nullable [] value) {
        int partition = partition(key);
        long offset = next[partition]++;
        Optional<Position> raw = Optional.of(new Position(RAW, partition, 100 + offset));
        rows.apply(new ReferenceRows.Change(key, value, partition, offset, raw));
        rows.advance(partition, offset + 1);
        return new Seen("car-registry.v1", partition, offset + 1, raw);
    }

    @Test
    void theNewestEventOfAKeyIsFoundWithWhatWasSeen() {
        put("car-1", CarRegistry.row("car-1", 2019));
        Seen seen = put("car-1", CarRegistry.row("car-1", 2020));

        assertThat(rows.find("car-1"))
                .isInstanceOfSatisfying(
                        Found.Hit.class,
                        hit -> {
                            assertThat(hit.row().value("model_year")).isEqualTo(2020L);
                            assertThat(hit.row().value("make")).isEqualTo("Aurora");
                            assertThat(hit.seen()).isEqualTo(seen);
                            assertThat(hit.seen())
                                    .hasToString("car-registry.v1/" + partition("car-1") + "@2");
                        });
    }

    @Test
    void aKeyThatWasNeverWrittenIsMissingAsOfItsPartitionsPosition() {
        assertThat(rows.find("car-1"))
                .isEqualTo(
                        new Found.Miss(
                                new Seen(
                                        "car-registry.v1",
                                        partition("car-1"),
                                        0,
                                        Optional.empty())));
        rows.advance(partition("car-1"), 7);
        assertThat(rows.find("car-1").seen().position()).isEqualTo(7);
    }

    @Test
    void aKeyOnAnotherPartitionThanItsOwnIsFoundAsOfThere() {
        int other = (partition("car-1") + 1) % PARTITIONS;
        rows.advance(partition("car-1"), 9);
        rows.apply(
                new ReferenceRows.Change(
                        "car-1", CarRegistry.row("car-1", 2019), other, 4, Optional.empty()));

        assertThat(rows.find("car-1").seen())
                .isEqualTo(new Seen("car-registry.v1", other, 5, Optional.empty()));
    }

    @Test
    void aRowEndsByItsDeletedFieldOrATombstoneAndCanComeBack() {
        put("car-1", CarRegistry.row("car-1", 2019));
        Seen scrapped = put("car-1", CarRegistry.scrapped("car-1"));
        assertThat(rows.find("car-1")).isEqualTo(new Found.Miss(scrapped));

        put("car-1", CarRegistry.row("car-1", 2020));
        assertThat(rows.find("car-1")).isInstanceOf(Found.Hit.class);

        Seen tombstone = put("car-1", null);
        assertThat(rows.find("car-1")).isEqualTo(new Found.Miss(tombstone));
    }

    @Test
    void aRowThatTheContractCannotReadSaysWhy() {
        put("car-1", CarRegistry.json("{\"car\":\"car-1\",\"model_year\":\"new\"}"));

        assertThat(rows.find("car-1"))
                .isInstanceOfSatisfying(
                        Found.Unreadable.class,
                        unreadable -> assertThat(unreadable.why()).contains("model_year"));
    }

    @Test
    void rowsStayWithinTheirMemory() {
        ReferenceRows small = rows(DataSize.mebibytes(1));
        int[] car = {0};
        assertThatThrownBy(
                        () -> {
                            while (true) {
                                String key = "car-" + car[0]++;
                                small.apply(
                                        new ReferenceRows.Change(
                                                key,
                                                CarRegistry.row(key, 2020),
                                                partition(key),
                                                car[0],
                                                Optional.empty()));
                            }
                        })
                .isInstanceOf(ReferenceTooLarge.class)
                .hasMessageContaining("car-registry.v1 need more than the 1MiB");
        assertThat(small.keys()).isEqualTo(car[0] - 1);
        assertThat(small.bytes()).isLessThanOrEqualTo(1 << 20);
        assertThat(small.find("car-0")).isInstanceOf(Found.Hit.class);
    }

    @Test
    void memoryIsGivenBackWhenARowShrinks() {
        put("car-1", CarRegistry.row("car-1", 2019));
        long one = rows.bytes();
        for (int i = 0; i < 1_000; i++) {
            put("car-1", CarRegistry.row("car-1", 2000 + i % 20));
        }
        assertThat(rows.bytes()).isEqualTo(one);
        put("car-1", null);
        assertThat(rows.bytes()).isLessThan(one);
    }

    /// Whatever a reader meets, reading the partition up to the position that it was told gives the
    /// same answer. Row n of a key has the offset at which it stands as its model year.
    @Test
    void whatWasSeenIsExactWhileRowsChange() throws Exception {
        long seed = System.nanoTime();
        List<String> keys = List.of("a", "b", "c", "d", "e");
        Map<String, List<long[]>> history = new HashMap<>(); // offset, 1 when deleted
        keys.forEach(key -> history.put(key, new ArrayList<>()));
        Random random = new Random(seed);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService readers = Executors.newFixedThreadPool(keys.size())) {
            List<Future<List<Found>>> answers = new ArrayList<>();
            for (String key : keys) {
                answers.add(readers.submit(() -> readUntil(done, key)));
            }
            for (int i = 0; i < 5_000; i++) {
                String key = keys.get(random.nextInt(keys.size()));
                boolean deleted = random.nextInt(3) == 0;
                long offset = next[partition(key)];
                history.getOrDefault(key, List.of()).add(new long[] {offset, deleted ? 1 : 0});
                put(key, deleted ? CarRegistry.scrapped(key) : CarRegistry.row(key, offset));
            }
            done.set(true);
            for (int i = 0; i < keys.size(); i++) {
                String key = keys.get(i);
                List<Found> seen = answers.get(i).get();
                assertThat(seen).isNotEmpty();
                for (Found found : seen) {
                    assertThat(year(found))
                            .as("seed %s, key %s, %s", seed, key, found)
                            .isEqualTo(expected(history.getOrDefault(key, List.of()), found));
                }
            }
        }
    }

    private List<Found> readUntil(AtomicBoolean done, String key) {
        List<Found> found = new ArrayList<>();
        while (!done.get() || found.isEmpty()) {
            Found now = rows.find(key);
            if (found.isEmpty() || !found.getLast().seen().equals(now.seen())) {
                found.add(now);
            }
        }
        found.add(rows.find(key));
        return found;
    }

    /// -1 where the row is missing.
    private static long year(Found found) {
        return found instanceof Found.Hit hit && hit.row().value("model_year") instanceof Long year
                ? year
                : -1;
    }

    private static long expected(List<long[]> history, Found found) {
        long expected = -1;
        for (long[] change : history) {
            if (change[0] < found.seen().position()) {
                expected = change[1] == 1 ? -1 : change[0];
            }
        }
        return expected;
    }
}
