package leat.core.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExperimentCommandTest {

    private final TrackedState state =
            new TrackedState().with(new ExperimentCommand.Create("7", "cars", "", Map.of()));

    private TrackingRefused refusal(TrackingCommand command) {
        return catchThrowableOfType(TrackingRefused.class, () -> state.with(command));
    }

    @Test
    void artifactsOfAnExperimentAreBelowItsIdUnlessItSaysOtherwise() {
        state.with(new ExperimentCommand.Create("8", "trucks", "s3://models/trucks", Map.of()));

        assertThat(state.fold().experiment("7").orElseThrow().artifactLocation())
                .isEqualTo("mlflow-artifacts:/7");
        assertThat(state.fold().experiment("8").orElseThrow().artifactLocation())
                .isEqualTo("s3://models/trucks");
    }

    @Test
    void aNameIsGivenOnceAlsoWhileItsExperimentIsDeleted() {
        TrackingRefused active = refusal(new ExperimentCommand.Create("9", "cars", "", Map.of()));
        state.with(new ExperimentCommand.Move("7", LifecycleStage.DELETED));
        TrackingRefused deleted = refusal(new ExperimentCommand.Create("9", "cars", "", Map.of()));

        assertThat(active.error()).isEqualTo(TrackingError.RESOURCE_ALREADY_EXISTS);
        assertThat(active).hasMessage("Experiment(name=cars) already exists.");
        assertThat(deleted.error()).isEqualTo(TrackingError.RESOURCE_ALREADY_EXISTS);
        assertThat(deleted).hasMessageContaining("already exists in deleted state");
    }

    @Test
    void decidedOnASecondTimeItIsMadeOnce() {
        int records = state.log().size();

        state.with(new ExperimentCommand.Create("7", "cars", "", Map.of()));

        assertThat(state.log()).hasSize(records);
    }

    @Test
    void runsAreDeletedAndRestoredWithTheirExperimentButNotThoseDeletedAlone() {
        state.with(new RunCommand.Create("a", "7", "", "anna", 1, Map.of()))
                .with(new RunCommand.Create("b", "7", "", "anna", 1, Map.of()))
                .with(new RunCommand.Move("b", LifecycleStage.DELETED));

        state.with(new ExperimentCommand.Move("7", LifecycleStage.DELETED));
        assertThat(state.run("a").info().stage()).isEqualTo(LifecycleStage.DELETED);
        assertThat(refusal(LogBatch.param("a", "k", "v")))
                .hasMessage("The run a must be in the 'active' state. Current state is deleted.");

        state.with(new ExperimentCommand.Move("7", LifecycleStage.ACTIVE));
        assertThat(state.run("a").info().stage()).isEqualTo(LifecycleStage.ACTIVE);
        assertThat(state.run("b").info().stage()).isEqualTo(LifecycleStage.DELETED);
    }

    @Test
    void aRunIsDeletedForItselfAlsoWhileItsExperimentIs() {
        state.with(new RunCommand.Create("a", "7", "", "anna", 1, Map.of()))
                .with(new ExperimentCommand.Move("7", LifecycleStage.DELETED))
                .with(new RunCommand.Move("a", LifecycleStage.DELETED))
                .with(new ExperimentCommand.Move("7", LifecycleStage.ACTIVE));

        assertThat(state.run("a").info().stage()).isEqualTo(LifecycleStage.DELETED);
    }

    @Test
    void onlyActiveExperimentsAreRenamedAndOnlyToFreeNames() {
        state.with(new ExperimentCommand.Rename("7", "vans"));
        assertThat(state.fold().experimentNamed("cars")).isEmpty();
        assertThat(state.fold().experimentNamed("vans").orElseThrow().updatedMillis())
                .isGreaterThan(1_000);

        assertThat(refusal(new ExperimentCommand.Rename("7", "Default")).error())
                .isEqualTo(TrackingError.RESOURCE_ALREADY_EXISTS);
        state.with(new ExperimentCommand.Move("7", LifecycleStage.DELETED));
        assertThat(refusal(new ExperimentCommand.Rename("7", "x")))
                .hasMessage(
                        "The experiment 7 must be in the 'active' state. Current state is deleted.");
    }

    @Test
    void whatIsNotThereIsSaidSo() {
        assertThat(refusal(new ExperimentCommand.Move("404", LifecycleStage.DELETED)))
                .hasMessage("No Experiment with id=404 exists");
        assertThat(refusal(new ExperimentCommand.DeleteTag("7", "k")))
                .hasMessage("No tag with name: k in experiment with id 7");
    }

    @Test
    void namesAndTagsHaveLimits() {
        assertThat(refusal(new ExperimentCommand.Create("9", "", "", Map.of())))
                .hasMessage("Invalid experiment name: ''");
        assertThat(refusal(new ExperimentCommand.Create("9", "x".repeat(501), "", Map.of())))
                .hasMessage("'name' exceeds the maximum length of 500 characters");
        assertThat(refusal(new ExperimentCommand.SetTag("7", "k", "x".repeat(5_001))))
                .hasMessage("'value' exceeds the maximum length of 5000 characters");
    }
}
