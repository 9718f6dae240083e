package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import leat.core.feature.EntityState.Change;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Vectors of random events of random shapes, with restarts anywhere, against a recomputation from
/// all events, bit for bit.
final class RandomStatesTest {

    private static final int EVENTS = 1_000_000;

    @Test
    void everyVectorIsThatOfARecomputationWhateverTheOrderAndTheRestarts() {
        long base = Long.getLong("leat.feature.seed", System.nanoTime());
        long events = 0;
        for (long seed = base; events < EVENTS; seed++) {
            try {
                events += new Run(new Random(seed)).check();
            } catch (AssertionError | RuntimeException e) {
                fail("failed with -Dleat.feature.seed=" + seed, e);
            }
        }
    }

    private static final class Run {
        private final Random random;
        private final Layout layout;
        private final RandomEvents events;
        private final Oracle oracle;
        private final EntityState kept;
        private final TreeMap<Long, byte[]> store = new TreeMap<>();
        private EntityState restarted;
        private long queryMicros = Long.MIN_VALUE;

        Run(Random random) {
            this.random = random;
            Shape shape = Shapes.random(random);
            this.layout = Layout.of(shape);
            this.events = new RandomEvents(random, shape);
            this.oracle = new Oracle(shape);
            this.kept = EntityState.of(layout);
            this.restarted = EntityState.of(layout);
        }

        /// Returns how many events there were.
        int check() {
            int count = random.nextInt(10) == 0 ? 2000 : 20 + random.nextInt(300);
            for (int i = 0; i < count; i++) {
                add(events.next());
                if (random.nextInt(100) == 0) {
                    restarted = EntityState.restored(layout, List.copyOf(store.entrySet()));
                }
                if (random.nextInt(count / 5) == 0) {
                    compare();
                }
            }
            compare();
            return count;
        }

        private void add(Observation event) {
            oracle.add(event);
            queryMicros = Math.max(queryMicros, event.timeMicros() + 1);
            long oldest = oracle.oldest(queryMicros);
            Change change = restarted.add(event);
            boolean tooLate = event.timeMicros() < oldest;
            assertThat(change.tooLate()).isEqualTo(tooLate);
            assertThat(change.expired()).isEqualTo(new ArrayList<>(store.headMap(oldest).keySet()));
            change.expired().forEach(store::remove);
            if (!tooLate) {
                store.put(change.tileStart(), restarted.encoded(change.tileStart()));
            }
            assertThat(kept.add(event)).isEqualTo(change);
        }

        private void compare() {
            List<@Nullable Object> expected = oracle.vector();
            assertThat(bits(restarted.vector())).isEqualTo(bits(expected));
            assertThat(bits(kept.vector())).isEqualTo(bits(expected));
            assertThat(restarted.queryMicros()).isEqualTo(oracle.queryMicros());
            for (Map.Entry<Long, byte[]> tile : store.entrySet()) {
                assertThat(kept.encoded(tile.getKey())).isEqualTo(tile.getValue());
            }
        }

        /// Doubles as their bits, so that 0.0 and −0.0 differ.
        private static List<@Nullable Object> bits(List<@Nullable Object> vector) {
            List<@Nullable Object> bits = new ArrayList<>();
            for (Object value : vector) {
                bits.add(
                        value instanceof Double number
                                ? "double " + Double.doubleToRawLongBits(number)
                                : value);
            }
            return bits;
        }
    }
}
