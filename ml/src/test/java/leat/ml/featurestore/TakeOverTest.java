package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TakeOverTest {

    private final List<String> asked = new ArrayList<>();
    private boolean empty;
    private final TakeOver takeOver =
            new TakeOver((partition, from, to) -> {
                asked.add(partition + "@" + from + "-" + to);
                return empty;
            });

    @Test
    void takesOverWhereTheServingVersionWasALookBefore() {
        assertThat(takeOver.look(Map.of(0, 100L, 1, 50L), Map.of(0, 90L, 1, 50L))).isEmpty();

        assertThat(takeOver.look(Map.of(0, 130L, 1, 60L), Map.of(0, 101L, 1, 50L)))
                .contains(Map.of(0, 100L, 1, 50L));
    }

    @Test
    void waitsForEveryPartition() {
        assertThat(takeOver.look(Map.of(0, 100L, 1, 50L), Map.of(0, 100L, 1, 10L))).isEmpty();
        assertThat(takeOver.look(Map.of(0, 100L, 1, 50L), Map.of(0, 100L, 1, 49L))).isEmpty();
        assertThat(takeOver.look(Map.of(0, 100L, 1, 50L), Map.of(0, 100L, 1, 50L)))
                .contains(Map.of(0, 100L, 1, 50L));
        assertThat(asked).isEmpty();
    }

    @Test
    void doesNotTakeOverAtTheFirstLook() {
        assertThat(takeOver.look(Map.of(0, 0L), Map.of(0, 0L))).isEmpty();
        assertThat(takeOver.look(Map.of(0, 0L), Map.of(0, 0L))).contains(Map.of(0, 0L));
    }

    @Test
    void takesMarksOfTransactionsForNothing() {
        // Given a version that stands before what only the other one could commit
        assertThat(takeOver.look(Map.of(0, 101L), Map.of(0, 100L))).isEmpty();
        assertThat(takeOver.look(Map.of(0, 101L), Map.of(0, 100L))).isEmpty();
        assertThat(asked).containsExactly("0@100-101");

        empty = true;
        assertThat(takeOver.look(Map.of(0, 101L), Map.of(0, 100L))).contains(Map.of(0, 101L));
    }

    @Test
    void doesNotLookIntoTheSourceWhileTheVersionMoves() {
        empty = true;
        for (long filled = 0; filled < 1_000; filled += 100) {
            assertThat(takeOver.look(Map.of(0, 1_000L), Map.of(0, filled))).isEmpty();
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void doesNotFollowAVersionThatRunsAway() {
        // Given a live version that is further at each look than the other one at the next
        for (long live = 1_000; live < 5_000; live += 1_000) {
            assertThat(takeOver.look(Map.of(0, live), Map.of(0, live - 1_500))).isEmpty();
        }
    }
}
