package leat.core.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import leat.core.tracking.LogBatch.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunCommandTest {

    private final TrackedState state = new TrackedState().withRun("a", 5);

    private TrackingRefused refusal(TrackingCommand command) {
        return catchThrowableOfType(TrackingRefused.class, () -> state.with(command));
    }

    private static List<Metric> metrics(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Metric("m" + i, i, i, 0)).toList();
    }

    private static List<Entry> entries(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Entry("k" + i, "v")).toList();
    }

    @Test
    void aRunBeginsActiveAndRunningBelowItsExperiment() {
        RunInfo info = state.run("a").info();

        assertThat(info.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(info.stage()).isEqualTo(LifecycleStage.ACTIVE);
        assertThat(info.artifactUri()).isEqualTo("mlflow-artifacts:/0/a/artifacts");
        assertThat(info.endMillis()).isEmpty();
    }

    @Test
    void aRunHasItsNameAsTagToo() {
        state.with(new RunCommand.Create("b", "0", "fast", "anna", 1, Map.of()))
                .with(new RunCommand.Create("c", "0", "", "anna", 1, Map.of(Run.NAME_TAG, "slow")));

        assertThat(state.run("b").tags()).containsEntry(Run.NAME_TAG, "fast");
        assertThat(state.run("c").info().name()).isEqualTo("slow");
        assertThat(state.run("a").info().name()).isEqualTo("run-a");
        state.with(LogBatch.tag("b", Run.NAME_TAG, "faster"));
        assertThat(state.run("b").info().name()).isEqualTo("faster");
        state.with(new RunCommand.Update("b", Optional.empty(), OptionalLong.empty(), "fastest"));
        assertThat(state.run("b").tags()).containsEntry(Run.NAME_TAG, "fastest");
    }

    @Test
    void twoDifferentNamesAreRefused() {
        assertThat(
                        refusal(
                                new RunCommand.Create(
                                        "b", "0", "x", "anna", 1, Map.of(Run.NAME_TAG, "y"))))
                .hasMessage(
                        "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with"
                                + " different values (run_name='x', mlflow.runName='y').");
    }

    @Test
    void anUpdateChangesWhatItNames() {
        state.with(
                        new RunCommand.Update(
                                "a", Optional.of(RunStatus.FAILED), OptionalLong.of(9), ""))
                .with(new RunCommand.Update("a", Optional.empty(), OptionalLong.empty(), "n"));

        RunInfo info = state.run("a").info();
        assertThat(info.status()).isEqualTo(RunStatus.FAILED);
        assertThat(info.endMillis()).hasValue(9);
        assertThat(info.name()).isEqualTo("n");
    }

    @Test
    void aParameterNeverChanges() {
        state.with(LogBatch.param("a", "depth", "3")).with(LogBatch.param("a", "depth", "3"));

        TrackingRefused refused = refusal(LogBatch.param("a", "depth", "5"));

        assertThat(refused.error()).isEqualTo(TrackingError.INVALID_PARAMETER_VALUE);
        assertThat(refused)
                .hasMessage(
                        "Changing param values is not allowed. Params were already logged="
                                + "'[{'key': 'depth', 'old_value': '3', 'new_value': '5'}]'"
                                + " for run ID='a'.");
    }

    @Test
    void aBatchThatIsRefusedInPartWritesNothing() {
        state.with(LogBatch.param("a", "depth", "3"));
        int records = state.log().size();

        refusal(new LogBatch("a", metrics(3), List.of(new Entry("depth", "5")), entries(2), false));

        assertThat(state.log()).hasSize(records);
        assertThat(state.points()).isEmpty();
    }

    @Test
    void aBatchHasLimitsByKindAndAltogether() {
        state.with(new LogBatch("a", metrics(800), entries(100), entries(100), false));

        assertThat(state.run("a").metrics()).hasSize(800);
        assertThat(refusal(new LogBatch("a", metrics(1_001), List.of(), List.of(), false)))
                .hasMessage(
                        "A batch logging request can contain at most 1000 metrics. Got 1001"
                                + " metrics. Please split up metrics across multiple requests and"
                                + " try again.");
        assertThat(refusal(new LogBatch("a", List.of(), entries(101), List.of(), false)))
                .hasMessageStartingWith("A batch logging request can contain at most 100 params.");
        assertThat(refusal(new LogBatch("a", List.of(), List.of(), entries(101), false)))
                .hasMessageStartingWith("A batch logging request can contain at most 100 tags.");
        assertThat(refusal(new LogBatch("a", metrics(901), entries(100), List.of(), false)))
                .hasMessageStartingWith(
                        "A batch logging request can contain at most 1000 metrics, params, and"
                                + " tags. Got 1001");
    }

    @Test
    void oneParameterTwiceInABatchIsRefused() {
        assertThat(
                        refusal(
                                new LogBatch(
                                        "a",
                                        List.of(),
                                        List.of(new Entry("x", "1"), new Entry("x", "1")),
                                        List.of(),
                                        false)))
                .hasMessageStartingWith("Duplicate parameter keys have been submitted: ['x'].");
    }

    @ParameterizedTest
    @CsvSource({"a//b,a/b", "./a,a", "a/../b,b", "../a,../a", "/a,/a", "a/,a", ".,."})
    void namesThatWouldBeOtherFilesAreRefused(String name, String resolved) {
        assertThat(refusal(LogBatch.param("a", name, "v")))
                .hasMessageStartingWith("Invalid value \"" + name + "\" for parameter 'key'")
                .hasMessageEndingWith("This name would resolve to '" + resolved + "'");
    }

    @Test
    void theTextSaysWhereInTheBatchSomethingIsWrong() {
        assertThat(
                        refusal(
                                new LogBatch(
                                        "a",
                                        List.of(
                                                new Metric("fine", 1, 1, 1),
                                                new Metric("loss%", 1, 1, 1)),
                                        List.of(),
                                        List.of(),
                                        false)))
                .hasMessage(
                        "Invalid value \"loss%\" for parameter 'metrics[1].name' supplied: Names may"
                                + " only contain alphanumerics, underscores (_), dashes (-), periods"
                                + " (.), spaces ( ), colon(:) and slashes (/).");
        assertThat(refusal(LogBatch.metric("a", new Metric("loss", 1, -1, 1))))
                .hasMessageContaining("Timestamp must be a nonnegative long");
        assertThat(refusal(LogBatch.param("a", "k", "x".repeat(6_001))))
                .hasMessage("'value' exceeds the maximum length of 6000 characters");
    }

    @Test
    void aMetricHasItsLimitOfPoints() {
        state.fold()
                .apply(
                        new TrackingRecord.OfMetric(
                                "a",
                                new NewestMetric(
                                        new Metric("loss", 1, 1, 1),
                                        0,
                                        5,
                                        TrackingLimits.POINTS - 1)));

        state.with(LogBatch.metric("a", new Metric("loss", 1, 2, 2)));

        assertThat(refusal(LogBatch.metric("a", new Metric("loss", 1, 3, 3))))
                .hasMessage(
                        "The points of the metric 'loss' of the run would be 1000001, and may be"
                                + " 1000000 at most");
    }

    @Test
    void deletedRunsTakeNothingUntilTheyAreRestored() {
        state.with(new RunCommand.Move("a", LifecycleStage.DELETED));
        assertThat(refusal(LogBatch.tag("a", "k", "v")).error())
                .isEqualTo(TrackingError.INVALID_PARAMETER_VALUE);

        state.with(new RunCommand.Move("a", LifecycleStage.ACTIVE))
                .with(LogBatch.tag("a", "k", "v"));

        assertThat(state.run("a").tags()).containsEntry("k", "v");
    }

    @Test
    void whatIsNotThereIsSaidSo() {
        assertThat(refusal(LogBatch.tag("nope", "k", "v")))
                .hasMessage("Run with id=nope not found");
        assertThat(refusal(new RunCommand.DeleteTag("a", "k")))
                .hasMessage("No tag with name: k in run with id a");
        assertThat(refusal(new RunCommand.Create("b", "404", "", "anna", 1, Map.of())).error())
                .isEqualTo(TrackingError.RESOURCE_DOES_NOT_EXIST);
    }
}
