package leat.core.extraction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Random;
import leat.core.extraction.Advance.Decision;
import org.junit.jupiter.api.Test;

final class ExtractionsTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

    private static Advance advance(Map<String, String> from, Map<String, String> to, long rows) {
        return new Advance("pull/orders", from, to, rows);
    }

    @Test
    void aSourceAdvancesFromWhereItIsAndCountsItsRows() {
        Decision first = advance(Map.of(), Map.of("id", "7"), 7).decide(Extractions.EMPTY, NOW);
        Taken begun = ((Decision.Take) first).event();
        Extractions state = Extractions.EMPTY.apply(begun);

        Decision second =
                advance(Map.of("id", "7"), Map.of("id", "9"), 2).decide(state, NOW.plusSeconds(1));

        assertThat(second)
                .isEqualTo(
                        new Decision.Take(
                                new Taken(
                                        "pull/orders", Map.of("id", "9"), 9, NOW.plusSeconds(1))));
    }

    @Test
    void anAttemptWhoseEndNobodySawIsNotRepeated() {
        Extractions state =
                Extractions.EMPTY.apply(new Taken("pull/orders", Map.of("id", "9"), 9, NOW));

        assertThat(advance(Map.of("id", "7"), Map.of("id", "9"), 2).decide(state, NOW))
                .isEqualTo(new Decision.Nothing());
    }

    @Test
    void aReaderThatWasOvertakenIsRefused() {
        Extractions state =
                Extractions.EMPTY.apply(new Taken("pull/orders", Map.of("id", "8"), 8, NOW));

        assertThat(advance(Map.of("id", "7"), Map.of("id", "9"), 2).decide(state, NOW))
                .isInstanceOf(Decision.Refuse.class);
        assertThat(advance(Map.of(), Map.of("id", "9"), 2).decide(state, NOW))
                .isInstanceOf(Decision.Refuse.class);
    }

    @Test
    void twoReadersOfOneSourceNeverGoBackwards() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Extractions state = Extractions.EMPTY;
        long[] reached = {0, 0};
        long highest = 0;
        for (int step = 0; step < 1_000; step++) {
            int reader = random.nextInt(2);
            long from = reached[reader];
            long to = from + 1 + random.nextInt(5);
            switch (advance(at(from), at(to), to - from).decide(state, NOW)) {
                case Decision.Take(Taken event) -> {
                    state = state.apply(event);
                    reached[reader] = to;
                    assertThat(to).as("seed " + seed).isGreaterThan(highest);
                    assertThat(event.rows()).as("seed " + seed).isEqualTo(to);
                    highest = to;
                }
                case Decision.Nothing() -> reached[reader] = to;
                // It opens again and reads where the source is.
                case Decision.Refuse _ -> reached[reader] = highest;
            }
        }
        assertThat(state.of("pull/orders").orElseThrow().rows()).isEqualTo(highest);
    }

    private static Map<String, String> at(long id) {
        return id == 0 ? Map.of() : Map.of("id", Long.toString(id));
    }
}
