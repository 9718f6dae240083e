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
/// all events, bit for bit. Of the vectors of a million events some 79,000 are compared: the first
/// ones of a state all, later ones the more seldom the more events there were, for a recomputation
/// costs as much as there are events; and the last one.
final class RandomStatesTest {

    private static final int EVENTS = 1_000_000;
    private static final int LEAST_COMPARED = 50_000;

    /// About so many events are computed anew for each that is added.
    private static final int RECOMPUTED = 6;

    @Test
    void vectorsAreThoseOfARecomputationWhateverTheOrderAndTheRestarts() {
        long base = Long.getLong("leat.feature.seed", System.nanoTime());
        long events = 0;
        long compared = 0;
        for (long seed = base; events < EVENTS; seed++) {
            try {
                Run run = new Run(new Random(seed));
                run.check();
                events += run.added;
                compared += run.compared;
            } catch (AssertionError | RuntimeException e) {
                fail("failed with -Dleat.feature.seed=" + seed, e);
            }
        }
        assertThat(compared).isGreaterThan(LEAST_COMPARED);
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
        private int added;
        private int compared;

        Run(Random random) {
            this.random = random;
            Shape shape = Shapes.random(random);
            this.layout = Layout.of(shape);
            this.events = new RandomEvents(random, shape);
            this.oracle = new Oracle(shape);
            this.kept = EntityState.of(layout);
            this.restarted = EntityState.of(layout);
        }

        void check() {
            added = random.nextInt(10) == 0 ? 2000 : 20 + random.nextInt(300);
            for (int i = 1; i <= added; i++) {
                add(events.next());
                if (random.nextInt(100) == 0) {
                    restarted = EntityState.restored(layout, List.copyOf(store.entrySet()));
                }
                if (i == added || random.nextInt(i) < RECOMPUTED) {
                    compare();
                }
            }
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
            compared++;
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
