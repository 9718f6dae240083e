package leat.core.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.feature.ModelFeature;
import leat.core.feature.ReadViews;
import leat.core.prediction.ScoringReader;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingDataReaderTest {

    private static String ofSet(String data) {
        return "training:\n  model: m\n  algorithm: k-means\n  data: {set: health" + data + "}\n";
    }

    @Test
    void aSetGivesItsFeaturesByItsNames() {
        TrainingData data = Trainings.training(ofSet(", features: [heat, strain]")).data();

        assertThat(data.set()).map(Object::toString).contains("health");
        assertThat(data.features()).containsExactly("heat", "strain");
        assertThat(data.taken())
                .extracting(ModelFeature::from)
                .containsExactly("state.v2:heat", "wear.v1:load");
        assertThat(data.view().view().nameAndVersion()).isEqualTo("wear.v1");
        assertThat(data.views())
                .extracting(view -> view.view().nameAndVersion())
                .containsExactly("wear.v1", "state.v2");
        TrainingData other =
                Trainings.training(ofSet(", view: state, features: [heat, strain]")).data();
        assertThat(other.view().view().nameAndVersion()).isEqualTo("state.v2");
        assertThat(other.fingerprint()).isNotEqualTo(data.fingerprint());
    }

    @Test
    void whatDoesNotFitASetIsTold() {
        assertThat(Trainings.problems(ofSet("").replace("health", "helath")))
                .containsExactly(
                        "failure.yaml:4: training.data.set: there is no feature set 'helath'."
                                + " Write 'health' if that was meant.");
        assertThat(Trainings.problems(ofSet(", view: other, features: heat")))
                .containsExactly(
                        "failure.yaml:4: training.data.view: the set health has no feature of"
                                + " other. Name one of its views, at whose vectors' times it is"
                                + " taken: wear, state.");
        assertThat(Trainings.problems(ofSet(", features: [laod, name]")))
                .containsExactly(
                        "failure.yaml:4: training.data.features: the set has no feature 'laod'."
                                + " Write 'load' if that was meant.",
                        "failure.yaml:4: training.data.features: the feature 'name' is neither a"
                                + " number nor a boolean. Leave it out, or let the view make"
                                + " numbers of it, e.g. event.type == 'L'.");
    }

    @Test
    void theScoringOfAFileAndASetAreNotOfOneModel() {
        String scoring =
                """
                scoring:
                  model: m
                  view: state
                  outputs: {score: out}
                """;

        String training = ofSet(", features: heat");

        assertThat(Trainings.problems(training + scoring))
                .containsExactly(
                        "failure.yaml:4: training.data.set: the scoring of the same file gives its"
                                + " model the vectors of one view. Name the same in both, or leave"
                                + " the scoring out.");
        assertThat(Trainings.problems(training + scoring.replace("model: m", "model: other")))
                .isEmpty();
    }

    @Test
    void aTrainingWithoutASetTakesThatOfTheScoring() {
        String scoring =
                """
                scoring:
                  model: m
                  set: health
                  view: state
                  features: [heat, strain]
                  outputs: {score: out}
                """;
        String training = "training: {algorithm: k-means, data: {last: 1h}}\n";

        TrainingData data = Trainings.training(training + scoring).data();

        assertThat(data.set()).map(Object::toString).contains("health");
        assertThat(data.view().view().nameAndVersion()).isEqualTo("state.v2");
        assertThat(data.features()).containsExactly("heat", "strain");
        // Other rows, so that no run takes the one's data for the other's.
        assertThat(data.definition()).contains("heat=state.v2:heat,strain=wear.v1:load@event");
        assertThat(data.isByEvent(data.views().getLast())).isTrue();
        assertThat(Trainings.problems(training.replace("last: 1h", "set: other") + scoring))
                .contains(
                        "failure.yaml:1: training.data.set: the scoring of the same file gives its"
                                + " model the set health. Name the same in both, or leave the"
                                + " scoring out.");
    }

    @Test
    void ofFaultyViewsASetSaysNothing(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("failure.yaml"), ofSet(""));
        Path sets = Files.createDirectory(folder.resolve("sets"));
        Files.writeString(sets.resolve("health.yaml"), Trainings.SET);
        Checked<List<CompiledView>> views =
                new Checked.Faulty<>(
                        FeatureViewReader.read(
                                        Path.of("state.yaml"), "entity: x\n", Trainings.contracts())
                                .faults());

        assertThat(
                        TrainingReader.readFolder(
                                        folder,
                                        new ScoringReader.Known(
                                                new Checked.Sound<>(Trainings.contracts()),
                                                views,
                                                FeatureSetReader.readFolder(
                                                        sets,
                                                        new ReadViews(
                                                                views,
                                                                List.of(),
                                                                Set.of("state", "wear")))))
                                .faults())
                .isEmpty();
    }

    @Test
    void aVectorOfAnotherContractHasNoLabelOfItsOwnEvent() {
        List<String> problems =
                Trainings.problems(
                        """
                        training:
                          model: m
                          algorithm: logistic
                          data:
                            view: state
                            features: [load]
                            label: {contract: machin, when: event.failed == 1}
                        """);

        assertThat(problems)
                .containsExactly(
                        "failure.yaml:7: training.data.label.contract: there is no contract"
                                + " 'machin'. Write 'machine' if that was meant.");
    }
}
