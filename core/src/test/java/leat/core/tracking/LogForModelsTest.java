package leat.core.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogForModelsTest {

    private static final Optional<DatasetId> CARS = Optional.of(new DatasetId("cars", "1"));

    private final TrackedState state = new TrackedState().withRun("a", 5).withRun("b", 6);

    private static LogForModels logged(String run, String model, Metric metric) {
        return logged(run, model, Optional.empty(), metric);
    }

    private static LogForModels logged(
            String run, String model, Optional<DatasetId> dataset, Metric metric) {
        return new LogForModels(
                LogBatch.metric(run, metric),
                List.of(new ModelMetric(model, run, dataset, metric)));
    }

    private static Metric acc(double value, long step) {
        return new Metric("acc", value, 1, step);
    }

    private List<ModelMetric> of(String model) {
        return List.copyOf(state.fold().ofModel(model).values());
    }

    @Test
    void aMetricIsOfItsRunAndOfItsModel() {
        state.with(logged("a", "m-1", acc(0.5, 1)));

        assertThat(state.run("a").metrics()).containsOnlyKeys("acc");
        assertThat(of("m-1"))
                .containsExactly(new ModelMetric("m-1", "a", Optional.empty(), acc(0.5, 1)));
        assertThat(of("m-2")).isEmpty();
    }

    @Test
    void aModelHasTheNewestValueWhicheverRunHasLoggedIt() {
        state.with(logged("a", "m-1", acc(0.5, 2)))
                .with(logged("b", "m-1", acc(0.7, 1)))
                .with(logged("b", "m-1", acc(0.6, 3)));

        assertThat(of("m-1"))
                .containsExactly(new ModelMetric("m-1", "b", Optional.empty(), acc(0.6, 3)));
        assertThat(state.run("b").metrics().values())
                .extracting(NewestMetric::points)
                .containsExactly(2L);
    }

    @Test
    void whatIsNotNewerWritesNothingOfTheModel() {
        state.with(logged("a", "m-1", acc(0.5, 2)));
        int records = state.log().size();

        state.with(logged("a", "m-1", acc(0.5, 1)));

        assertThat(state.log()).hasSize(records + 1);
    }

    @Test
    void eachDatasetHasAValueOfItsOwn() {
        state.with(logged("a", "m-1", acc(0.5, 1)))
                .with(logged("a", "m-1", CARS, acc(0.6, 1)))
                .with(logged("a", "m-1", CARS, acc(0.7, 2)));

        assertThat(of("m-1"))
                .containsExactly(
                        new ModelMetric("m-1", "a", Optional.empty(), acc(0.5, 1)),
                        new ModelMetric("m-1", "a", CARS, acc(0.7, 2)));
    }

    @Test
    void ofOneBatchTheNewestOfEachModelIsKept() {
        List<Metric> metrics = List.of(acc(0.3, 3), acc(0.2, 2), acc(0.4, 4));
        LogBatch batch = new LogBatch("a", metrics, List.of(), List.of(), false);

        state.with(
                new LogForModels(
                        batch,
                        List.of(
                                new ModelMetric("m-1", "a", Optional.empty(), metrics.get(0)),
                                new ModelMetric("m-1", "a", Optional.empty(), metrics.get(1)),
                                new ModelMetric("m-2", "a", CARS, metrics.get(2)))));

        assertThat(of("m-1"))
                .containsExactly(new ModelMetric("m-1", "a", Optional.empty(), acc(0.3, 3)));
        assertThat(of("m-2")).containsExactly(new ModelMetric("m-2", "a", CARS, acc(0.4, 4)));
        assertThat(state.run("a").metrics().values())
                .extracting(NewestMetric::metric)
                .containsExactly(acc(0.4, 4));
    }

    @Test
    void whatItsRunRefusesTheModelDoesNotGet() {
        int records = state.log().size();

        TrackingRefused refused =
                catchThrowableOfType(
                        TrackingRefused.class,
                        () -> state.with(logged("a", "m-1", new Metric("acc%", 1, 1, 1))));

        assertThat(refused).hasMessageContaining("Names may only contain");
        assertThat(state.log()).hasSize(records);
    }

    @Test
    void aDatasetsNameHasItsLimit() {
        DatasetId id = new DatasetId("x".repeat(501), "1");

        TrackingRefused refused =
                catchThrowableOfType(
                        TrackingRefused.class,
                        () -> state.with(logged("a", "m-1", Optional.of(id), acc(1, 1))));

        assertThat(refused)
                .hasMessage("'dataset_name' exceeds the maximum length of 500 characters");
    }

    @Test
    void aModelHasALimitOfMetrics() {
        IntStream.range(0, TrackingLimits.MODEL_METRICS)
                .mapToObj(i -> new Metric("m" + i, i, 1, 1))
                .forEach(metric ->
                        state.fold()
                                .apply(
                                        new TrackingRecord.OfModel(
                                                new ModelMetric(
                                                        "m-1", "a", Optional.empty(), metric))));

        state.with(logged("b", "m-1", new Metric("m0", 1, 1, 1)));
        TrackingRefused refused =
                catchThrowableOfType(
                        TrackingRefused.class, () -> state.with(logged("b", "m-1", acc(1, 1))));

        assertThat(refused)
                .hasMessage(
                        "The metrics of the logged model would be 10001, and may be 10000 at most");
    }
}
