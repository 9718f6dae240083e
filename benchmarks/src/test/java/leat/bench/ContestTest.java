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
    void roundsWarmUpUntilTheCompilerIsQuietAndTheMedianOfTheOthersCounts() {
        // Given
        Contest contest =
                new Contest(
                                "broker",
                                runs(
                                        "leat", busy(1), quiet(2), busy(2), quiet(3), quiet(3),
                                        quiet(10), quiet(30), quiet(20)),
                                _ -> {})
                        .against(
                                "x",
                                Map.of(
                                        "peer",
                                        runs(
                                                "peer",
                                                busy(1_000),
                                                busy(1_000),
                                                busy(1_000),
                                                busy(1_000),
                                                busy(1_000),
                                                quiet(40),
                                                quiet(40),
                                                quiet(40))));

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
    void warmingUpEndsWhereTheCompilerNeverRests() {
        // Given
        Contest contest =
                new Contest(
                                "broker",
                                runs("leat", busy(1), busy(1), busy(1), busy(1), busy(5)),
                                _ -> {})
                        .against(
                                "x",
                                Map.of(
                                        "peer",
                                        runs(
                                                "peer", busy(1), busy(1), busy(1), busy(1),
                                                busy(10))));

        // When
        Metric metric = contest.hold(1).getFirst();

        // Then
        assertThat(metric.ratio()).isEqualTo(0.5);
        assertThat(played).hasSize(10);
    }

    @Test
    void thePeerWithTheBestMedianIsTheLimit() {
        // Given
        Contest contest =
                new Contest("broker", runs("leat", quiet(10), quiet(10), quiet(10)), _ -> {})
                        .against(
                                "x",
                                Map.of(
                                        "slow", runs("slow", quiet(20), quiet(20), quiet(20)),
                                        "fast", runs("fast", quiet(30), quiet(30), quiet(30))));

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
                new Contest("broker", runs("leat", quiet(10), quiet(10), quiet(12)), _ -> {})
                        .against("x", Map.of("copy", runs("copy", quiet(24), quiet(24), quiet(24))))
                        .against(
                                "y",
                                Map.of("streams", runs("streams", quiet(6), quiet(6), quiet(6))));

        // When
        List<Metric> metrics = contest.hold(1);

        // Then
        assertThat(metrics).extracting(Metric::metric).containsExactly("x", "y");
        assertThat(metrics).extracting(Metric::ratio).containsExactly(0.5, 2.0);
        assertThat(played).hasSize(9).startsWith("leat", "copy", "streams", "leat");
    }

    private static Run quiet(long eventsPerSecond) {
        return new Run(eventsPerSecond, 1_000_000_000L, 2_000_000_000L, 10_000_000L);
    }

    private static Run busy(long eventsPerSecond) {
        return new Run(eventsPerSecond, 1_000_000_000L, 2_000_000_000L, 500_000_000L);
    }

    private Run.Round runs(String name, Run... all) {
        Deque<Run> runs = new ArrayDeque<>(List.of(all));
        return () -> {
            played.add(name);
            return runs.remove();
        };
    }
}
