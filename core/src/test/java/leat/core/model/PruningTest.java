package leat.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.tracking.TrackingRefused;
import org.junit.jupiter.api.Test;

/// Which of the versions of `cars` go; each was made a millisecond after the one before.
final class PruningTest {

    private static final Retention ONE = new Retention(1, Duration.ZERO);
    private static final long LATER = 1_000_000;

    private final ModelState state = new ModelState().withModel("cars");
    private int made;

    private void versions(int count) {
        for (int i = 0; i < count; i++) {
            version(Map.of());
        }
    }

    private void version(Map<String, String> tags) {
        version("mlflow-artifacts:/0/f" + made, tags);
    }

    private void version(String source, Map<String, String> tags) {
        state.with(new VersionCommand.Create("v" + made++, "cars", source, "", "", "", "", tags));
    }

    private void alias(String alias, int version) {
        state.with(new RegisteredModelCommand.SetAlias("cars", alias, version));
    }

    private Pruning pruning(Retention retention, Map<Integer, String> needed) {
        return Pruning.of(state.fold(), "cars", new Pruning.Rule(retention, needed), LATER);
    }

    private List<Integer> going(Retention retention) {
        return pruning(retention, Map.of()).going().stream()
                .map(version -> version.info().number())
                .toList();
    }

    private static VersionCommand.Prune prune(int... numbers) {
        SortedMap<Integer, Optional<String>> folders = new TreeMap<>();
        for (int number : numbers) {
            folders.put(number, Optional.of("0/f" + number));
        }
        return new VersionCommand.Prune("cars", new Pruning.Rule(ONE, Map.of()), folders);
    }

    private List<Integer> numbers() {
        return state.fold().versions("cars").stream().map(one -> one.info().number()).toList();
    }

    @Test
    void whatIsNeitherAmongTheNewestNorYoungGoesTheNewestFirst() {
        versions(5);

        Retention young =
                new Retention(
                        1,
                        Duration.ofMillis(
                                LATER
                                        - state.fold()
                                                .version("cars", 2)
                                                .orElseThrow()
                                                .info()
                                                .createdMillis()));

        assertThat(going(new Retention(2, Duration.ZERO))).containsExactly(3, 2, 1);
        assertThat(going(young)).containsExactly(2, 1);
        assertThat(pruning(young, Map.of()).staying())
                .containsEntry(5, "it is among the newest 1")
                .containsKeys(3, 4);
        assertThat(going(new Retention(5, Duration.ZERO))).isEmpty();
    }

    @Test
    void whereAnAliasIsAndWhereItsNextRollbackLeadsStays() {
        versions(6);
        for (int version = 1; version <= 4; version++) {
            alias("champion", version);
        }
        alias("next", 2);

        assertThat(going(ONE)).containsExactly(5, 1);
        assertThat(pruning(ONE, Map.of()).staying())
                .isEqualTo(
                        Map.of(
                                2, "it is @next",
                                3, "a rollback of @champion leads to it",
                                4, "it is @champion",
                                6, "it is among the newest 1"));

        // When it has gone back, another rollback leads one further
        state.with(
                new AliasCommand.Rollback(
                        "cars",
                        "champion",
                        OptionalInt.of(4),
                        3,
                        new AliasCommand.Wish("w", false, "", Optional.empty())));
        state.with(new RegisteredModelCommand.DeleteAlias("cars", "next"));

        assertThat(going(ONE)).containsExactly(5, 4, 1);
    }

    @Test
    void whatOthersAreMadeOfStaysLevelByLevel() {
        versions(3);
        version(Map.of(ModelVersion.BASE_TAG, "1"));
        version(Map.of(ModelVersion.BASE_TAG, "4"));
        version("models:/cars/2", Map.of());
        version(Map.of(ModelVersion.BASE_TAG, "3"));
        versions(1);
        alias("champion", 5);
        alias("other", 6);

        assertThat(going(ONE)).containsExactly(7, 3);
        assertThat(pruning(ONE, Map.of()).staying())
                .containsEntry(1, "cars/4 is made of it")
                .containsEntry(2, "cars/6 is made of it")
                .containsEntry(4, "cars/5 is made of it");
        assertThat(state.with(prune(3, 7)).fold().versions("cars")).hasSize(6);
    }

    @Test
    void whatAnotherModelIsMadeOfStays() {
        versions(3);
        state.withModel("vans");
        state.with(
                new VersionCommand.Create(
                        "other", "vans", "models:/cars/1", "", "", "", "", Map.of()));

        assertThat(going(ONE)).containsExactly(2);
        assertThat(pruning(ONE, Map.of()).staying()).containsEntry(1, "it is the source of vans/1");
    }

    @Test
    void whatTheNextTrainingIsComparedWithStays() {
        Map<String, String> passed =
                Map.of(ModelVersion.GATES_TAG, "passed", ModelVersion.TRAINING_TAG, "a");
        Map<String, String> ofACommit = new TreeMap<>(passed);
        ofACommit.put(ModelVersion.COMMIT_TAG, "c0ffee");
        version(ofACommit);
        version(ofACommit);
        version(passed);
        version(passed);
        version(Map.of(ModelVersion.GATES_TAG, "passed", ModelVersion.TRAINING_TAG, "b"));
        version(Map.of(ModelVersion.GATES_TAG, "failed", ModelVersion.TRAINING_TAG, "a"));
        versions(1);

        assertThat(going(ONE)).containsExactly(6, 3, 1);
        assertThat(pruning(ONE, Map.of()).staying())
                .containsEntry(4, "it is the newest that has passed its gates")
                .containsEntry(2, "it is the newest of a commit that has passed its gates");
    }

    @Test
    void whatIsNeededElsewhereStaysIfItIsThere() {
        versions(3);

        Pruning pruning = pruning(ONE, Map.of(1, "it predicts in risk.v1", 9, "it is gone"));

        assertThat(pruning.staying())
                .isEqualTo(Map.of(1, "it predicts in risk.v1", 3, "it is among the newest 1"));
        assertThat(pruning.going()).extracting(ModelVersion::reference).containsExactly("cars/2");
    }

    @Test
    void versionsGoWithTheirTagsAndTheModelNotesWhereTheirFilesAre() {
        version(Map.of("k", "v"));
        versions(2);

        state.with(prune(1, 2));

        assertThat(numbers()).containsExactly(3);
        assertThat(state.fold().model("cars").orElseThrow().tags())
                .isEqualTo(Map.of("leat.left-files/1", "0/f1", "leat.left-files/2", "0/f2"));
        assertThat(state.compacted().versions()).isEqualTo(state.fold().versions());

        // When it is done again, nothing is written
        int records = state.log().size();
        assertThat(state.with(prune(1, 2)).log()).hasSize(records);

        state.with(new VersionCommand.ForgetFiles("cars", 1));
        state.with(new VersionCommand.ForgetFiles("cars", 1));
        assertThat(state.fold().model("cars").orElseThrow().tags())
                .isEqualTo(Map.of("leat.left-files/2", "0/f2"));
    }

    @Test
    void aVersionThatAnAliasWasMovedToMeanwhileIsRefusedWithAllOthers() {
        versions(4);
        VersionCommand.Prune decided = prune(1, 2);
        alias("champion", 2);

        assertThatThrownBy(() -> state.with(decided))
                .isInstanceOfSatisfying(
                        PruneRefused.class,
                        refused ->
                                assertThat(refused.remedy())
                                        .isEqualTo(
                                                "look again at what would go: leat models prune"
                                                        + " cars"))
                .hasMessage("cars/2 is not deleted any more: it is @champion");
        assertThat(numbers()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void nobodyElseSaysWhichFilesAreToBeDeleted() {
        String key = VersionCommand.LEFT_FILES_TAG + "1";

        for (ModelCommand command :
                List.of(
                        new RegisteredModelCommand.SetTag("cars", key, "0"),
                        new RegisteredModelCommand.DeleteTag("cars", key),
                        new RegisteredModelCommand.Create("x", "vans", "", Map.of(key, "0")))) {
            assertThatThrownBy(() -> state.with(command))
                    .isInstanceOf(TrackingRefused.class)
                    .hasMessageContaining("Tags that begin with leat.left-files/ say which files");
        }
    }

    @Test
    void aModelThatIsNotThereAndARetentionOutOfItsRangeAreRefused() {
        assertThatThrownBy(() ->
                        Pruning.of(state.fold(), "vans", new Pruning.Rule(ONE, Map.of()), LATER))
                .isInstanceOf(TrackingRefused.class)
                .hasMessageContaining("vans");
        assertThatThrownBy(() -> new Retention(0, Duration.ZERO))
                .hasMessage("0 versions cannot be kept: write from 1 to 10000");
        assertThatThrownBy(() -> new Retention(1, Duration.ofDays(4_000)))
                .hasMessage("an age of 4000d is out of range: write from 0s to 3650d");
    }
}
