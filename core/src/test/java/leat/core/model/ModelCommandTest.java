package leat.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelCommandTest {

    private final ModelState state = new ModelState().withModel("cars");

    private TrackingRefused refusal(ModelCommand command) {
        return catchThrowableOfType(TrackingRefused.class, () -> state.with(command));
    }

    private List<Integer> numbers(String name) {
        return state.fold().versions(name).stream().map(v -> v.info().number()).toList();
    }

    private ResolvedModel resolved(String reference) {
        return state.fold().resolve(ModelReference.parse(reference));
    }

    @Test
    void versionsAreNumberedAndTheLatestIsShownWithItsModel() {
        state.withVersion("a", "cars").withVersion("b", "cars");

        RegisteredModel cars = state.fold().model("cars").orElseThrow();
        assertThat(numbers("cars")).containsExactly(1, 2);
        assertThat(cars.latest()).extracting(v -> v.info().runId()).containsExactly("run-b");
    }

    @Test
    void decidedOnASecondTimeNothingIsMadeTwice() {
        state.withVersion("a", "cars");
        int records = state.log().size();

        state.withModel("cars").withVersion("a", "cars");

        assertThat(state.log()).hasSize(records);
    }

    @Test
    void aNumberNeverMeansAnotherVersionAlsoAfterItsModelWasDeletedOrRenamed() {
        state.withVersion("a", "cars").withVersion("b", "cars");
        state.with(new VersionCommand.Delete("cars", 2)).withVersion("c", "cars");
        assertThat(numbers("cars")).containsExactly(1, 3);

        state.with(new RegisteredModelCommand.Delete("cars"));
        assertThat(state.fold().model("cars")).isEmpty();
        assertThat(numbers("cars")).isEmpty();

        state.with(new RegisteredModelCommand.Create("new", "cars", "", Map.of()))
                .withVersion("d", "cars");
        assertThat(numbers("cars")).containsExactly(4);

        state.with(new RegisteredModelCommand.Delete("cars"))
                .withModel("trucks")
                .with(new RegisteredModelCommand.Rename("trucks", "cars"))
                .withVersion("e", "cars");
        assertThat(numbers("cars")).containsExactly(5);
        assertThat(state.fold().model("trucks")).isEmpty();
    }

    @Test
    void anAliasIsResolvedWithThePositionThatDecidedIt() {
        state.withVersion("a", "cars").withVersion("b", "cars");
        state.with(new RegisteredModelCommand.SetAlias("cars", "champion", 1));
        int first = state.log().size() - 1;
        state.with(new RegisteredModelCommand.SetAlias("cars", "champion", 1));
        assertThat(resolved("cars@champion").position()).isEqualTo(OptionalLong.of(first));

        state.with(new VersionCommand.SetTag("cars", 2, "k", "v"))
                .with(new RegisteredModelCommand.SetAlias("cars", "champion", 2));

        ResolvedModel moved = resolved("models:/cars@champion");
        assertThat(moved.version().reference()).isEqualTo("cars/2");
        assertThat(moved.version().aliases()).containsExactly("champion");
        assertThat(moved.position()).isEqualTo(OptionalLong.of(state.log().size() - 1));
        assertThat(resolved("cars/1").position()).isEmpty();
        assertThat(resolved("cars/1").version().aliases()).isEmpty();
    }

    @Test
    void aDeletedVersionTakesItsAliasesAlong() {
        state.withVersion("a", "cars")
                .with(new RegisteredModelCommand.SetAlias("cars", "champion", 1))
                .with(new VersionCommand.Delete("cars", 1));

        assertThat(state.fold().model("cars").orElseThrow().aliases()).isEmpty();
        assertThatThrownBy(() -> resolved("cars@champion"))
                .hasMessage("Registered model alias champion not found.");
        assertThatThrownBy(() -> resolved("cars/1"))
                .hasMessage("Model Version (name=cars, version=1) not found");
        assertThatThrownBy(() -> resolved("vans/1"))
                .hasMessage("Registered Model with name=vans not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cars", "cars/0", "cars/x", "cars@", "a/b/3", "@champion", "cars@a b"})
    void whatNamesNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> ModelReference.parse(text))
                .hasMessageContaining("names no version of a registered model")
                .hasMessageContaining("NAME/3 or NAME@ALIAS");
    }

    @Test
    void namesFollowMlflowsRules() {
        assertThat(refusal(new RegisteredModelCommand.Create("x", "cars", "", Map.of())).error())
                .isEqualTo(TrackingError.RESOURCE_ALREADY_EXISTS);
        for (String name : List.of("", " ", "a/b", "a:b", "..", "x".repeat(257))) {
            assertThat(refusal(new RegisteredModelCommand.Create("x", name, "", Map.of())).error())
                    .as(name)
                    .isEqualTo(TrackingError.INVALID_PARAMETER_VALUE);
        }
        state.withVersion("a", "cars");
        for (String alias : List.of("", "latest", "Latest", "v1", "a b", "a/b")) {
            assertThat(refusal(new RegisteredModelCommand.SetAlias("cars", alias, 1)).error())
                    .as(alias)
                    .isEqualTo(TrackingError.INVALID_PARAMETER_VALUE);
        }
        assertThat(refusal(new RegisteredModelCommand.SetAlias("cars", "champion", 7)).error())
                .isEqualTo(TrackingError.RESOURCE_DOES_NOT_EXIST);
    }

    private static LoggedModelInfo logged(String id) {
        return new LoggedModelInfo(
                id,
                "0",
                "model",
                "",
                "run",
                "mlflow-artifacts:/0/models/" + id + "/artifacts",
                LoggedModelStatus.LOGGED_MODEL_PENDING,
                LifecycleStage.ACTIVE,
                5,
                5);
    }

    @Test
    void aLoggedModelIsFinishedTaggedAndDeletedAndItsParametersStay() {
        state.with(
                        new LoggedModelCommand.Create(
                                logged("m-1"), Map.of("depth", "3"), Map.of("a", "b")))
                .with(new LoggedModelCommand.LogParams("m-1", Map.of("depth", "3", "rate", "1")))
                .with(new LoggedModelCommand.SetTags("m-1", Map.of("c", "d")))
                .with(new LoggedModelCommand.DeleteTag("m-1", "a"))
                .with(new LoggedModelCommand.Finish("m-1", LoggedModelStatus.LOGGED_MODEL_READY))
                .with(new LoggedModelCommand.Link("run", Set.of(), Map.of("m-1", 7L)));

        LoggedModel model = state.fold().logged("m-1", false).orElseThrow();
        assertThat(model.params()).isEqualTo(Map.of("depth", "3", "rate", "1"));
        assertThat(model.tags()).isEqualTo(Map.of("c", "d"));
        assertThat(model.info().status()).isEqualTo(LoggedModelStatus.LOGGED_MODEL_READY);
        assertThat(state.fold().ofRun("run").made()).isEqualTo(Map.of("m-1", 7L));
        assertThat(refusal(new LoggedModelCommand.LogParams("m-1", Map.of("depth", "4"))))
                .hasMessageContaining("Changing param values is not allowed");

        state.with(new LoggedModelCommand.Delete("m-1"));
        assertThat(state.fold().logged("m-1", false)).isEmpty();
        assertThat(state.fold().logged(List.of("0"))).isEmpty();
        assertThat(state.fold().logged("m-1", true)).isPresent();
        assertThat(refusal(new LoggedModelCommand.Delete("m-1")).error())
                .isEqualTo(TrackingError.RESOURCE_DOES_NOT_EXIST);
    }

    @Test
    void aVersionOfALoggedModelHasItsRun() {
        state.with(new LoggedModelCommand.Create(logged("m-1"), Map.of(), Map.of()))
                .with(
                        new VersionCommand.Create(
                                "a", "cars", "models:/m-1", "", "", "", "", Map.of()));

        VersionInfo version = state.fold().version("cars", 1).orElseThrow().info();
        assertThat(version.loggedModelId()).isEqualTo("m-1");
        assertThat(version.runId()).isEqualTo("run");
    }

    private static VersionCommand.Create stored(int files, int pathCharacters) {
        return new VersionCommand.Create(
                "a",
                "cars",
                "s3://b/m",
                "",
                "",
                "",
                "",
                Map.of(),
                Optional.of(
                        new StoredFiles(
                                "s3://b/m",
                                IntStream.range(0, files)
                                        .mapToObj(i ->
                                                new StoredFile(
                                                        "x".repeat(pathCharacters - 4)
                                                                + (1_000 + i),
                                                        1,
                                                        "e"))
                                        .toList())));
    }

    @Test
    void aVersionKeepsWhichObjectsItIsAndTheyFitARecord() {
        state.with(stored(1_000, 199)).with(new VersionCommand.Describe("cars", 1, "large"));

        assertThat(state.fold().version("cars", 1).orElseThrow().info().stored())
                .isEqualTo(stored(1_000, 199).stored());
        assertThatThrownBy(() -> state.with(stored(1_000, 200)))
                .hasMessage(
                        "The characters of the paths and ETags of its files would be 201000, and"
                                + " may be 200000 at most");
        assertThatThrownBy(() -> state.with(stored(1_001, 10)))
                .hasMessage("The files of the version would be 1001, and may be 1000 at most");
    }

    @Test
    void whatCompactionLeavesFoldsToTheSame() {
        state.withModel("vans")
                .with(new RegisteredModelCommand.Rename("vans", "trucks"))
                .withModel("vans2")
                .with(new RegisteredModelCommand.Rename("vans2", "vans"));
        for (String id : List.of("a", "b", "c")) {
            state.withVersion(id, "cars").withVersion(id + "2", "trucks");
        }
        state.with(new VersionCommand.SetTag("cars", 2, "x/y", "v"))
                .with(new VersionCommand.SetTag("cars", 3, "gone", "v"))
                .with(new RegisteredModelCommand.SetTag("cars", "t", "u"))
                .with(new RegisteredModelCommand.SetAlias("cars", "champion", 2))
                .with(new RegisteredModelCommand.SetAlias("cars", "other", 3))
                .with(new VersionCommand.Describe("cars", 2, "better"))
                .with(new RegisteredModelCommand.Describe("cars", "all cars"))
                .with(new VersionCommand.Delete("cars", 3))
                .with(new RegisteredModelCommand.Delete("trucks"))
                .with(
                        new LoggedModelCommand.Create(
                                logged("m-1"), Map.of("p", "q"), Map.of("r", "s")))
                .with(new LoggedModelCommand.Finish("m-1", LoggedModelStatus.LOGGED_MODEL_READY));

        ModelFold compacted = state.compacted();
        assertThat(compacted.models()).isEqualTo(state.fold().models()).hasSize(2);
        assertThat(compacted.versions()).isEqualTo(state.fold().versions()).hasSize(2);
        assertThat(compacted.logged(List.of("0")))
                .isEqualTo(state.fold().logged(List.of("0")))
                .hasSize(1);
        assertThat(compacted.nameCount()).isEqualTo(state.fold().nameCount()).isEqualTo(3);
    }

    private static VersionCommand.Publish published(String id, String training, String... alias) {
        return new VersionCommand.Publish(
                new VersionCommand.Create(id, "cars", "x:/y", training, "", "", "", Map.of()),
                List.of(alias).stream().findFirst(),
                training);
    }

    @Test
    void whatIsTrainedIsPublishedWithItsAliasAtOnce() {
        state.with(
                new RegisteredModelCommand.SetTag("cars", VersionCommand.TRAINING_RUN_TAG, "r1"));

        state.with(published("a", "r1", "next")).with(published("a", "r1", "next"));

        assertThat(numbers("cars")).containsExactly(1);
        assertThat(resolved("cars@next").version().reference()).isEqualTo("cars/1");
    }

    @Test
    void aTrainingThatAnotherOneHasOvertakenPublishesNothing() {
        state.with(new RegisteredModelCommand.SetTag("cars", VersionCommand.TRAINING_RUN_TAG, "r1"))
                .with(published("a", "r1", "next"))
                .with(
                        new RegisteredModelCommand.SetTag(
                                "cars", VersionCommand.TRAINING_RUN_TAG, "r2"));

        assertThat(refusal(published("b", "r1", "next")))
                .hasMessage("another training of the model cars has begun since");
        state.with(published("c", "r2"));

        assertThat(numbers("cars")).containsExactly(1, 2);
        assertThat(resolved("cars@next").version().reference()).isEqualTo("cars/1");
    }
}
