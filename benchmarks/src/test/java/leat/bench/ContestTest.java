package leat.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ContestTest {

    private final List<String> played = new ArrayList<>();

    @Test
    void theFirstRoundsOnlyWarmUpAndTheMedianOfTheOthersCounts() {
        // Given
        Contest contest =
                new Contest("broker", rates("leat", 1, 2, 3, 10, 30, 20), _ -> {})
                        .against(
                                "x",
                                Map.of("peer", rates("peer", 1_000, 1_000, 1_000, 40, 40, 40)));

        // When
        List<Metric> metrics = contest.hold(3);

        // Then
        assertThat(metrics).hasSize(1);
        assertThat(metrics.getFirst().value()).isEqualTo(20);
        assertThat(metrics.getFirst().limit()).isEqualTo(40);
        assertThat(metrics.getFirst().ratio()).isEqualTo(0.5);
        assertThat(metrics.getFirst().rounds()).isEqualTo(3);
    }

    @Test
    void thePeerWithTheBestMedianIsTheLimit() {
        // Given
        Contest contest =
                new Contest("broker", rates("leat", 10, 10), _ -> {})
                        .against(
                                "x",
                                Map.of(
                                        "slow", rates("slow", 20, 20),
                                        "fast", rates("fast", 30, 30)));

        // When
        Metric metric = contest.hold(1).getFirst();

        // Then
        assertThat(metric.limitName()).isEqualTo("fast");
        assertThat(metric.ratio()).isCloseTo(0.333, within(0.001));
    }

    @Test
    void groupsOfPeersShareTheSubjectsRounds() {
        // Given
        Contest contest =
                new Contest("broker", rates("leat", 10, 12), _ -> {})
                        .against("x", Map.of("copy", rates("copy", 24, 24)))
                        .against("y", Map.of("streams", rates("streams", 6, 6)));

        // When
        List<Metric> metrics = contest.hold(1);

        // Then
        assertThat(metrics).extracting(Metric::metric).containsExactly("x", "y");
        assertThat(metrics).extracting(Metric::ratio).containsExactly(0.5, 2.0);
        assertThat(played).containsExactly("leat", "copy", "streams", "leat", "copy", "streams");
    }

    private Run.Round rates(String name, long... eventsPerSecond) {
        Deque<Run> runs = new ArrayDeque<>();
        for (long rate : eventsPerSecond) {
            runs.add(new Run(rate, 1_000_000_000L, 0));
        }
        return () -> {
            played.add(name);
            return runs.remove();
        };
    }
}
