package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import leat.bench.BackfillBench;
import leat.bench.EqualityBench;
import leat.bench.FreshnessBench;
import leat.bench.Workbench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Slices of `leat bench features` of a few seconds, the parts that compute. Each fails where what
/// it has written is not what it should be; of a slice's times nothing follows.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class FeatureBenchIT {

    @TempDir private Path folder;

    @Test
    void computesAViewBesideACopy() {
        assertThat(slice(bench -> BackfillBench.run(bench, BenchSlice.view("driving"), 0)))
                .containsOnlyKeys("feature-backfill-vs-copy")
                .allSatisfy((_, value) -> assertThat(value).isPositive());
    }

    @Test
    void seesAcceptedEventsInTheFeaturesThatAreServed() {
        assertThat(
                        slice(bench ->
                                FreshnessBench.run(
                                        bench, List.of(BenchSlice.view("driving")), 500)))
                .containsOnlyKeys("feature-freshness-p50-millis", "feature-freshness-p99-millis")
                .allSatisfy((_, value) -> assertThat(value).isPositive());
    }

    @Test
    void findsNoDifferenceAfterInstancesCameAndWent() {
        assertThat(slice(bench -> EqualityBench.run(bench, BenchSlice.VIEWS)))
                .containsEntry("feature-equality-differences", 0.0)
                .hasEntrySatisfying(
                        "feature-equality-compared",
                        vectors ->
                                assertThat(vectors)
                                        .isGreaterThanOrEqualTo(
                                                (double) BenchSlice.VIEWS.size()
                                                        * BenchSlice.EVENTS));
    }

    private Map<String, Double> slice(Consumer<Workbench> part) {
        return BenchSlice.figures(folder, part);
    }
}
