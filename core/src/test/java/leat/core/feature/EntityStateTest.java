package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import leat.core.feature.EntityState.Change;
import leat.core.feature.Shape.Newest;
import leat.core.feature.Shape.Series;
import leat.core.feature.Shape.ValueKind;
import leat.core.feature.Shape.Window;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EntityStateTest {

    private static final long SECOND = 1_000_000;

    /// Speeds: the newest, and over ten seconds, by the second.
    private static final Layout SPEEDS =
            layout(
                    new Series(
                            ValueKind.NUMBER,
                            Set.of(Aggregate.COUNT, Aggregate.MEAN, Aggregate.RATE),
                            1000),
                    new Newest(0),
                    new Window(0, Aggregate.COUNT, 10 * SECOND),
                    new Window(0, Aggregate.MEAN, 10 * SECOND),
                    new Window(0, Aggregate.RATE, 10 * SECOND));

    private static final Layout LAST_WORD =
            layout(new Series(ValueKind.TEXT, Set.of(), 1000), new Newest(0));

    private static Layout layout(Series series, Shape.Output... outputs) {
        return Layout.of(new Shape(SECOND, List.of(series), List.of(outputs)));
    }

    @Test
    void eventsInOrderMoveTheWindow() {
        EntityState state = EntityState.of(SPEEDS);

        state.add(event(0, 10.0));
        state.add(event(5 * SECOND, 20.0));
        assertThat(state.vector()).containsExactly(20.0, 2L, 15.0, 2.0);
        Change change = state.add(event(11 * SECOND, 26.0));

        assertThat(change).isEqualTo(new Change(11 * SECOND, false, List.of(0L)));
        assertThat(state.queryMicros()).isEqualTo((11 * SECOND) + 1);
        assertThat(state.vector()).containsExactly(26.0, 2L, 23.0, 1.0);
    }

    @Test
    void aLateEventChangesTheWindowsButNotTheTime() {
        EntityState state = EntityState.of(SPEEDS);
        state.add(event(10 * SECOND, 20.0));

        Change change = state.add(event((2 * SECOND) + 1, 4.0));

        assertThat(change).isEqualTo(new Change(2 * SECOND, false, List.of()));
        assertThat(state.queryMicros()).isEqualTo((10 * SECOND) + 1);
        assertThat(state.vector().subList(0, 3)).containsExactly(20.0, 2L, 12.0);
    }

    @Test
    void anEventThatNoWindowSeesChangesNothing() {
        EntityState state = EntityState.of(SPEEDS);
        state.add(event(20 * SECOND, 20.0));

        Change change = state.add(event((10 * SECOND) - 1, 4.0));

        assertThat(change).isEqualTo(new Change(9 * SECOND, true, List.of()));
        assertThat(state.vector()).containsExactly(20.0, 1L, 20.0, null);
        assertThatThrownBy(() -> state.encoded(9 * SECOND))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void timesBefore1970HaveTheirTilesToo() {
        EntityState state = EntityState.of(SPEEDS);

        Change change = state.add(event(-1, 1.0));

        assertThat(change.tileStart()).isEqualTo(-SECOND);
        assertThat(state.queryMicros()).isZero();
    }

    @Test
    void ofOneTimeThePartitionAndTheOffsetDecideWhichEventIsTheNewest() {
        EntityState state = EntityState.of(LAST_WORD);

        state.add(observation(5, 1, 7, "b"));
        state.add(observation(5, 0, 9, "a"));
        assertThat(state.vector()).containsExactly("b");
        state.add(observation(5, 1, 8, "c"));

        assertThat(state.vector()).containsExactly("c");
    }

    @Test
    void withoutWindowsOneEntryIsKeptAndNothingIsTooLate() {
        EntityState state = EntityState.of(LAST_WORD);

        state.add(observation(50 * SECOND, 0, 1, "new"));
        byte[] entry = state.encoded(0);
        Change late = state.add(observation(-50 * SECOND, 0, 2, "old"));

        assertThat(late).isEqualTo(new Change(0, false, List.of()));
        assertThat(state.encoded(0)).isEqualTo(entry);
        assertThat(restored(LAST_WORD, 0, entry).vector()).containsExactly("new");
    }

    @Test
    void theNewestEventMayHaveNoValue() {
        EntityState state = EntityState.of(LAST_WORD);
        state.add(observation(1, 0, 1, "word"));

        state.add(observation(2, 0, 2, null));

        assertThat(state.vector()).isEqualTo(Collections.singletonList(null));
    }

    @Test
    void manyTilesWeighMore() {
        EntityState state = EntityState.of(SPEEDS);
        state.add(event(0, 0.1));
        long before = state.weightBytes();

        for (int second = 1; second < 10; second++) {
            state.add(event(second * SECOND, 0.1));
        }

        assertThat(state.weightBytes()).isGreaterThan(before + 200);
    }

    @Test
    void thereIsNoVectorBeforeAnEvent() {
        EntityState state = EntityState.restored(SPEEDS, List.of());

        assertThatThrownBy(state::vector).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void everyCutOfAnEntryIsRefused() {
        EntityState state = EntityState.of(SPEEDS);
        state.add(event(1, 0.1));
        state.add(event(2, 0.2));
        byte[] entry = state.encoded(0);

        for (int length = 0; length < entry.length; length++) {
            byte[] cut = Arrays.copyOf(entry, length);
            assertThatThrownBy(() -> restored(SPEEDS, 0, cut))
                    .isInstanceOf(TileUnreadable.class)
                    .hasMessageContaining("The state's entry of the tile at 0 µs");
        }
    }

    @Test
    void anEntryThatIsNotOfTheViewIsRefused() {
        EntityState state = EntityState.of(SPEEDS);
        state.add(event(1, 0.1));
        byte[] entry = state.encoded(0);

        assertRefused(LAST_WORD, 0, entry, "of another view's shape");
        assertRefused(SPEEDS, 1, entry, "an event of another tile, at 2 µs");
        assertRefused(SPEEDS, 0, Arrays.copyOf(entry, entry.length + 1), "1 bytes more");
        entry[0] = 2;
        assertRefused(SPEEDS, 0, entry, "the format 2 instead of 1");
    }

    @Test
    void aTileOfTheMostAndLongestTextsFitsARecord() {
        int limit = 10_000;
        Layout layout =
                layout(
                        new Series(ValueKind.TEXT, Set.of(Aggregate.DISTINCT), limit),
                        new Window(0, Aggregate.DISTINCT, SECOND));
        EntityState state = EntityState.of(layout);
        String ending = "語".repeat(CompiledView.MAX_TEXT - 5);

        for (int i = 0; i < limit; i++) {
            state.add(observation(i, 0, i, "%05d".formatted(i) + ending));
            state.add(observation(i, 1, i, "%05d".formatted(i) + ending));
        }

        byte[] entry = state.encoded(0);
        assertThat(state.vector()).containsExactly((long) limit);
        assertThat(entry.length).isLessThan(1 << 20);
        assertThat(restored(layout, 0, entry).vector()).containsExactly((long) limit);
    }

    private static void assertRefused(Layout layout, long start, byte[] entry, String message) {
        assertThatThrownBy(() -> restored(layout, start, entry))
                .isInstanceOf(TileUnreadable.class)
                .hasMessageContaining(message);
    }

    @Test
    void aShapeThatContradictsItselfIsRefused() {
        Series words = new Series(ValueKind.TEXT, Set.of(Aggregate.SUM), 1000);

        assertThatThrownBy(() -> layout(words, new Window(0, Aggregate.SUM, SECOND)))
                .hasMessageContaining("is made of numbers only");
        assertThatThrownBy(() -> layout(words, new Window(0, Aggregate.COUNT, SECOND)))
                .hasMessageContaining("is not among its series' needs");
        assertThatThrownBy(() -> layout(words, new Window(0, Aggregate.SUM, SECOND + 1)))
                .hasMessageContaining("is not a multiple of the hop");
        assertThatThrownBy(() -> layout(words, new Window(0, Aggregate.SUM, SECOND * 100_001)))
                .hasMessageContaining("has more than 100000 hops");
        assertThatThrownBy(() -> layout(words, new Newest(1)))
                .hasMessageContaining("is of no series of the shape");
    }

    private static EntityState restored(Layout layout, long start, byte[] entry) {
        return EntityState.restored(layout, List.of(Map.entry(start, entry)));
    }

    private static Observation event(long timeMicros, double speed) {
        return observation(timeMicros, 0, timeMicros + 10, speed);
    }

    private static Observation observation(
            long timeMicros, int partition, long offset, @Nullable Object value) {
        return new Observation(
                "car", timeMicros, partition, offset, Collections.singletonList(value));
    }
}
