package leat.core.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TrackingFoldTest {

    @Test
    void knowsTheDefaultExperimentBeforeAnythingIsWritten() {
        TrackingFold fold = new TrackingFold();

        assertThat(fold.experiment("0")).contains(Experiment.DEFAULT);
        assertThat(fold.experimentNamed("Default")).contains(Experiment.DEFAULT);
    }

    @Test
    void whatCompactionLeavesFoldsToTheSameState() {
        TrackedState state =
                new TrackedState()
                        .with(
                                new ExperimentCommand.Create(
                                        "7", "cars", "", Map.of("team", "fleet", "old", "x")))
                        .with(new ExperimentCommand.DeleteTag("7", "old"))
                        .with(new RunCommand.Create("a", "7", "first", "anna", 5, Map.of()))
                        .with(LogBatch.param("a", "depth", "3"))
                        .with(LogBatch.metric("a", new Metric("loss", 0.5, 10, 1)))
                        .with(LogBatch.metric("a", new Metric("loss", 0.4, 11, 2)))
                        .with(LogBatch.tag("a", "stage", "one"))
                        .with(new LogDatasets("a", List.of(cars())))
                        .with(ofModel(0.5, 1))
                        .with(ofModel(0.6, 2))
                        .with(LogBatch.tag("a", "gone", "x"))
                        .with(new RunCommand.DeleteTag("a", "gone"))
                        .with(
                                new RunCommand.Update(
                                        "a",
                                        Optional.of(RunStatus.FINISHED),
                                        OptionalLong.of(99),
                                        ""));
        List<TrackingRecord> compacted = state.compacted();
        assertThat(compacted).hasSizeLessThan(state.log().size());

        TrackingFold again = new TrackingFold();
        compacted.forEach(again::apply);

        assertThat(again.runs(List.of("7"))).isEqualTo(state.fold().runs(List.of("7")));
        assertThat(again.experiments()).isEqualTo(state.fold().experiments());
        assertThat(again.runCount()).isEqualTo(1);
        assertThat(again.ofModel("m-1")).hasSize(1).isEqualTo(state.fold().ofModel("m-1"));
    }

    private static LogForModels ofModel(double value, long step) {
        Metric metric = new Metric("acc", value, 10, step);
        return new LogForModels(
                LogBatch.metric("a", metric),
                List.of(new ModelMetric("m-1", "a", Optional.empty(), metric)));
    }

    private static DatasetInput cars() {
        return new DatasetInput(
                new Dataset(new DatasetId("cars", "1"), "http", "{}", "", ""),
                new TreeMap<>(Map.of("mlflow.data.context", "training")));
    }

    @Test
    void aRunThatIsKnownByItsParamsOnlyIsNotShown() {
        TrackingFold fold = new TrackingFold();

        fold.apply(new TrackingRecord.Param("a", "depth", "3"));

        assertThat(fold.run("a")).isEmpty();
        assertThat(fold.runCount()).isZero();
    }

    @Test
    void whatWasGivenOutDoesNotChange() {
        TrackedState state = new TrackedState().withRun("a", 5);
        Run before = state.run("a");

        state.with(LogBatch.param("a", "depth", "3"));

        assertThat(before.params()).isEmpty();
        assertThat(state.run("a").params()).containsEntry("depth", "3");
    }

    @Test
    void theNewestValueIsThatOfTheHighestStepThenTimeThenValue() {
        TrackedState state =
                new TrackedState()
                        .withRun("a", 5)
                        .with(LogBatch.metric("a", new Metric("loss", 0.1, 10, 7)))
                        .with(LogBatch.metric("a", new Metric("loss", 0.2, 99, 6)))
                        .with(LogBatch.metric("a", new Metric("loss", 0.3, 10, 7)));

        NewestMetric newest = state.run("a").metrics().get("loss");

        assertThat(newest).isEqualTo(new NewestMetric(new Metric("loss", 0.3, 10, 7), 0, 2, 3));
        assertThat(state.points()).hasSize(3);
    }

    @Test
    void oneBatchMayHaveManyPointsOfOneMetric() {
        TrackedState state =
                new TrackedState()
                        .withRun("a", 5)
                        .with(
                                new LogBatch(
                                        "a",
                                        List.of(
                                                new Metric("loss", 0.3, 1, 1),
                                                new Metric("acc", 0.9, 1, 1),
                                                new Metric("loss", 0.2, 1, 2),
                                                new Metric("loss", 0.2, 1, 2)),
                                        List.of(),
                                        List.of(),
                                        false));

        assertThat(state.run("a").metrics().get("loss"))
                .isEqualTo(new NewestMetric(new Metric("loss", 0.2, 1, 2), 0, 2, 2));
        assertThat(state.run("a").metrics().get("acc"))
                .isEqualTo(new NewestMetric(new Metric("acc", 0.9, 1, 1), 1, 1, 1));
    }
}
