package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import leat.core.event.TopicId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PositionsTest {

    private static final TopicId A = new TopicId("aaaaaaaaaaaaaaaaaaaaaa");
    private static final TopicId B = new TopicId("b-b_bbbbbbbbbbbbbbbbbb");

    @Test
    void foldKeepsTheMaximumOfEachPartition() {
        Positions positions =
                Positions.fold(
                        List.of(
                                List.of(new Advance(A, 0, 0, 10), new Advance(A, 1, 0, 5)),
                                List.of(new Advance(A, 0, 10, 25)),
                                List.of(new Advance(B, 0, 0, 1))));

        assertThat(positions.of(A, 0)).hasValue(25);
        assertThat(positions.of(A, 1)).hasValue(5);
        assertThat(positions.of(B, 0)).hasValue(1);
        assertThat(positions.of(B, 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void foldIsTheSameInAnyOrderAndWithRepeats(long seed) {
        // Given a chain of appends by several loaders
        Random random = new Random(seed);
        long[] next = new long[6];
        List<List<Advance>> chain = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int partition = random.nextInt(next.length);
            long to = next[partition] + random.nextInt(100);
            chain.add(List.of(new Advance(A, partition, next[partition], to)));
            next[partition] = to;
        }
        Positions expected = Positions.fold(chain);

        // When they are shuffled and some stand twice
        List<List<Advance>> shuffled = new ArrayList<>(chain);
        shuffled.addAll(chain.subList(0, random.nextInt(chain.size())));
        Collections.shuffle(shuffled, random);

        // Then
        assertThat(Positions.fold(shuffled)).as("seed %d", seed).isEqualTo(expected);
        // And carrying the fold forward replaces what came before
        assertThat(Positions.fold(List.of(expected.carried()))).isEqualTo(expected);
    }

    @Test
    void anAppendMeetsThePositionsItStartsAt() {
        Positions positions = Positions.fold(List.of(List.of(new Advance(A, 0, 0, 10))));

        assertThat(positions.meets(List.of(new Advance(A, 0, 10, 12)))).isTrue();
        assertThat(positions.meets(List.of(new Advance(A, 1, 0, 12)))).isTrue();
        assertThat(positions.meets(List.of(new Advance(A, 0, 9, 12)))).isFalse();
        assertThat(positions.meets(List.of(new Advance(A, 0, 11, 12)))).isFalse();
        assertThat(positions.meets(List.of(new Advance(B, 0, 10, 12)))).isFalse();
    }

    @Test
    void coversWhatIsNowhereAhead() {
        Positions small = Positions.fold(List.of(List.of(new Advance(A, 0, 0, 10))));
        Positions large =
                Positions.fold(List.of(List.of(new Advance(A, 0, 0, 11), new Advance(A, 1, 0, 0))));

        assertThat(large.covers(small)).isTrue();
        assertThat(small.covers(large)).isFalse();
        assertThat(small.covers(Positions.NONE)).isTrue();
    }

    @Test
    void advancesAreWrittenAndReadBack() {
        List<Advance> advances =
                List.of(new Advance(A, 0, 0, 10), new Advance(B, 12, 5, Long.MAX_VALUE));

        String text = Advance.format(advances);

        assertThat(text)
                .isEqualTo(
                        "aaaaaaaaaaaaaaaaaaaaaa/0:0-10,b-b_bbbbbbbbbbbbbbbbbb/12:5-9223372036854775807");
        assertThat(Advance.parse(text)).isEqualTo(advances);
        assertThat(Advance.parse("")).isEmpty();
    }

    @Test
    void aMutilatedTextIsRefused() {
        assertThatThrownBy(() -> Advance.parse("nonsense"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Advance.parse("aaaaaaaaaaaaaaaaaaaaaa/0:10-4"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
