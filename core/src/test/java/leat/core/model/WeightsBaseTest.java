package leat.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import leat.core.tracking.TrackingRefused;
import org.junit.jupiter.api.Test;

/// Versions of weights alone, beside the version `cars/1` whose graph they are for.
final class WeightsBaseTest {

    private final ModelState state = new ModelState().withModel("cars");
    private int wishes;

    WeightsBaseTest() {
        state.with(
                create(
                        "whole",
                        Map.of(
                                "leat.view",
                                "driving.v1",
                                "leat.features",
                                "a,b",
                                ModelVersion.PROFILE_TAG,
                                "mlflow-artifacts:/p",
                                "leat.dataset",
                                "abc",
                                ModelVersion.GATES_TAG,
                                ModelVersion.PASSED)));
    }

    private static VersionCommand.Create create(String id, Map<String, String> tags) {
        return new VersionCommand.Create(
                id, "cars", "mlflow-artifacts:/weights/" + id, "", "", "", "", tags);
    }

    private static VersionCommand.Create weights(String id, int base) {
        return create(id, Map.of(ModelVersion.BASE_TAG, Integer.toString(base)));
    }

    private VersionCommand.PublishWeights published(String id, boolean force, String... alias) {
        return new VersionCommand.PublishWeights(
                weights(id, 1),
                List.of(alias).stream().findFirst(),
                new AliasCommand.Wish("w" + wishes++, force, "it drifts", Optional.empty()));
    }

    private ModelVersion version(int number) {
        return state.fold().version("cars", number).orElseThrow();
    }

    private List<Integer> numbers() {
        return state.fold().versions("cars").stream().map(one -> one.info().number()).toList();
    }

    private Alias champion() {
        return Optional.ofNullable(
                        state.fold().model("cars").orElseThrow().aliases().get("champion"))
                .orElseThrow();
    }

    private String refusal(ModelCommand command) {
        return String.valueOf(
                catchThrowableOfType(TrackingRefused.class, () -> state.with(command))
                        .getMessage());
    }

    @Test
    void weightsHaveTheInputsAndProfilesOfTheirBaseButNotWhatBecameOfItsGates() {
        state.with(create("w", Map.of(ModelVersion.BASE_TAG, "1", "leat.view", "driving.v2")));

        assertThat(version(2).base()).isEqualTo(OptionalInt.of(1));
        assertThat(version(2).tags())
                .isEqualTo(
                        Map.of(
                                ModelVersion.BASE_TAG,
                                "1",
                                "leat.view",
                                "driving.v2",
                                "leat.features",
                                "a,b",
                                ModelVersion.PROFILE_TAG,
                                "mlflow-artifacts:/p"));
        assertThat(state.compacted().versions()).isEqualTo(state.fold().versions());
    }

    @Test
    void aBaseThatIsNotThereIsRefused() {
        assertThat(refusal(weights("w", 7)))
                .isEqualTo("The tag leat.base names version 7, and cars has no such version");
        assertThat(refusal(create("w", Map.of(ModelVersion.BASE_TAG, "cars/1"))))
                .isEqualTo(
                        "The tag leat.base is 'cars/1', and has to be the number of a version of"
                                + " cars, such as 3");
        assertThat(numbers()).containsExactly(1);
    }

    @Test
    void aBaseStaysAsLongAsAnyWeightsNeedItThroughAllLevels() {
        state.with(weights("w", 1)).with(weights("x", 2));

        assertThat(refusal(new VersionCommand.Delete("cars", 1)))
                .isEqualTo("cars/1 is the base of weights alone, of cars/2: delete those first");
        assertThat(refusal(new VersionCommand.Delete("cars", 2)))
                .isEqualTo("cars/2 is the base of weights alone, of cars/3: delete those first");
        for (int version = 3; version >= 1; version--) {
            state.with(new VersionCommand.Delete("cars", version));
        }
        assertThat(numbers()).isEmpty();
    }

    @Test
    void whatAVersionIsMadeOfNeverChanges() {
        state.with(weights("w", 1));

        assertThat(refusal(new VersionCommand.SetTag("cars", 2, ModelVersion.BASE_TAG, "2")))
                .startsWith("The tag leat.base says what a version is");
        assertThat(refusal(new VersionCommand.SetTag("cars", 1, ModelVersion.BASE_TAG, "1")))
                .startsWith("The tag leat.base says what a version is");
        assertThat(refusal(new VersionCommand.DeleteTag("cars", 2, ModelVersion.BASE_TAG)))
                .startsWith("The tag leat.base says what a version is");
    }

    @Test
    void theSameWeightsAreOneVersionAndTheirAliasIsMovedOnce() {
        state.with(published("w", false)).with(published("w", true, "champion"));
        int written = state.log().size();

        state.with(published("w", true, "champion"));

        assertThat(state.log()).hasSize(written);
        assertThat(numbers()).containsExactly(1, 2);
        assertThat(champion().moves()).hasSize(1);
        assertThat(champion().version()).isEqualTo(2);
    }

    @Test
    void weightsThatWentThroughNoGatesAreServedByForceAloneWhereTheirBaseDid() {
        MoveRefused refused =
                catchThrowableOfType(
                        MoveRefused.class, () -> state.with(published("w", false, "champion")));

        assertThat(refused)
                .hasMessage(
                        "cars/2 is weights alone that went through no gates, other than its base"
                                + " cars/1");
        assertThat(numbers()).containsExactly(1);

        state.with(published("w", true, "champion"));
        assertThat(champion().newest().against()).contains("cars/2 is weights alone");
        assertThat(champion().newest().because()).isEqualTo("it drifts");
    }

    @Test
    void weightsForWeightsAreAskedForTheGatesOfTheWholeModel() {
        state.with(weights("w", 1)).with(weights("x", 2));

        MoveRefused refused =
                catchThrowableOfType(
                        MoveRefused.class,
                        () ->
                                state.with(
                                        new AliasCommand.Promote(
                                                "cars",
                                                "champion",
                                                3,
                                                new AliasCommand.Wish(
                                                        "p", false, "", Optional.empty()))));

        assertThat(refused).hasMessageContaining("other than its base cars/1");
    }

    @Test
    void weightsOfAModelWithoutGatesAndThoseWithGatesOfTheirOwnArePromotedAsAnyVersion() {
        state.with(create("plain", Map.of()))
                .with(weights("w", 2))
                .with(weights("x", 1))
                .with(
                        new VersionCommand.SetTag(
                                "cars", 4, ModelVersion.GATES_TAG, ModelVersion.PASSED));

        for (int version = 3; version <= 4; version++) {
            state.with(
                    new AliasCommand.Promote(
                            "cars",
                            "champion",
                            version,
                            new AliasCommand.Wish("p" + version, false, "", Optional.empty())));
            assertThat(champion().version()).isEqualTo(version);
            assertThat(champion().newest().against()).isEmpty();
        }
    }

    @Test
    void goingBackToWeightsThatWereServedNeedsNoForce() {
        state.with(published("w", true, "champion"));
        state.with(
                new AliasCommand.Promote(
                        "cars",
                        "champion",
                        1,
                        new AliasCommand.Wish("p", false, "", Optional.empty())));

        state.with(
                new AliasCommand.Rollback(
                        "cars",
                        "champion",
                        OptionalInt.empty(),
                        2,
                        new AliasCommand.Wish("b", false, "", Optional.empty())));

        assertThat(champion().version()).isEqualTo(2);
    }
}
