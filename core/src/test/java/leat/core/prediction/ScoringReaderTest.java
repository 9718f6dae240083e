package leat.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.feature.ModelFeature;
import leat.core.scoring.OutputValue;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScoringReaderTest {

    @TempDir Path folder;

    private static List<String> problems(String text) {
        return ScoringReader.read(Scorings.FILE, text, Scorings.views()).faults().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void aScoringIsReadWithItsChallengers() {
        Scoring scoring =
                Scorings.scoring(
                        """
                        version: 3
                        missing: nan
                        outputs:
                          score: probabilities[1]
                          label: {output: label, type: text}
                        champion: live
                        challengers:
                          - {alias: next, share: 12.5%}
                          - {alias: odd, shadow: true}
                        """);

        assertThat(scoring.nameAndVersion()).isEqualTo("risk.v3");
        assertThat(scoring.description()).isEqualTo("How soon a car breaks down");
        assertThat(scoring.owner()).contains("fleet");
        assertThat(scoring.tags()).containsExactly("cars");
        assertThat(scoring.model()).isEqualTo("failure-risk");
        assertThat(scoring.view().view().nameAndVersion()).isEqualTo("driving.v2");
        assertThat(scoring.features()).containsExactly("gear", "speed");
        assertThat(scoring.nanForMissing()).isTrue();
        assertThat(scoring.outputs())
                .containsExactly(
                        new Scoring.Output(
                                "score", new OutputValue("probabilities", 1), FieldType.Real.any()),
                        new Scoring.Output(
                                "label", new OutputValue("label", 0), FieldType.Text.any()));
        assertThat(scoring.aliases()).containsExactly("live", "next", "odd");
        assertThat(scoring.challengers())
                .containsExactly(new Challenger.Canary("next", 1250), new Challenger.Shadow("odd"));
    }

    @Test
    void predictionsHaveAContractWithTheKeyAndThePartitionsOfTheVectors() {
        Scoring scoring = Scorings.scoring("outputs: {score: out}");

        Contract contract = scoring.contract();

        assertThat(contract.nameAndMajor()).isEqualTo("risk.v1");
        assertThat(contract.fields())
                .extracting(Field::name)
                .containsExactly(
                        "entity",
                        "query_time",
                        "score",
                        "failure",
                        "role",
                        "model_version",
                        "alias",
                        "alias_position",
                        "view",
                        "vector");
        assertThat(contract.fields().getFirst().classification()).contains("confidential");
        assertThat(contract.key().orElseThrow()).hasToString("entity");
        assertThat(contract.log()).isEqualTo(scoring.view().contract().log());
        assertThat(scoring.shadowContract()).isEmpty();
    }

    @Test
    void shadowsPredictUnderAContractOfTheirOwn() {
        Scoring scoring =
                Scorings.scoring("outputs: {score: out}\nchallengers: [{alias: a, shadow: true}]");

        Optional<Contract> shadow = scoring.shadowContract();

        assertThat(shadow.orElseThrow().nameAndMajor()).isEqualTo("risk-shadow.v1");
        assertThat(shadow.orElseThrow().fields()).isEqualTo(scoring.contract().fields());
    }

    @Test
    void everyProblemIsToldWithItsPlaceAndRemedy() {
        assertThat(
                        problems(
                                """
                                scoring:
                                  model: risk@champion
                                  view: drivin
                                  mising: nan
                                  outputs:
                                    entity: out
                                    score: {output: out, type: numbr}
                                  challengers:
                                    - {alias: champion, share: 60%}
                                    - {alias: b, share: 50%}
                                    - {alias: c}
                                    - {alias: d, share: 0%}
                                    - {alias: e, share: 1%, shadow: true}
                                """))
                .containsExactly(
                        "risk.yaml:2: scoring.model: 'risk@champion' is no model's"
                                + " name. Write the name alone; which version answers, its"
                                + " aliases say.",
                        "risk.yaml:3: scoring.view: there is no view 'drivin'. Write"
                                + " 'driving' if that was meant.",
                        "risk.yaml:4: scoring.mising: unknown key. Write 'missing' if"
                                + " that was meant.",
                        "risk.yaml:6: scoring.outputs.entity: 'entity' has its own"
                                + " meaning in a prediction. Use another name.",
                        "risk.yaml:7: scoring.outputs.score.type: there is no type"
                                + " 'numbr' of predictions. Write 'number' if that was meant.",
                        "risk.yaml:8: scoring.challengers: answer for more than 100% of"
                                + " the keys. Lower a share.",
                        "risk.yaml:9: scoring.challengers[0].alias: 'champion' has a"
                                + " place already. Use each alias once.",
                        "risk.yaml:11: scoring.challengers[2].alias: has neither share"
                                + " nor shadow. Write share: 10% for a canary, or shadow: true.",
                        "risk.yaml:12: scoring.challengers[3].share: '0%' is no share"
                                + " from 0.01% to 100%.",
                        "risk.yaml:13: scoring.challengers[4].shadow: a shadow answers"
                                + " for nobody. Write share: 10% for a canary, or shadow: true.");
    }

    @Test
    void featuresHaveToBeOfTheViewAndOfATypeThatModelsTake() {
        assertThat(
                        problems(
                                """
                                scoring:
                                  model: risk
                                  view: driving
                                  features: [sped, gear, gear, served]
                                  outputs: {score: out}
                                """))
                .containsExactly(
                        "risk.yaml:4: scoring.features: the view has no feature 'sped'."
                                + " Write 'speed' if that was meant.",
                        "risk.yaml:4: scoring.features: 'gear' stands twice. Remove one"
                                + " of the two.",
                        "risk.yaml:4: scoring.features: the feature 'served' is a time,"
                                + " which no model takes. Leave it out of features.");
        assertThat(problems("scoring:\n  model: risk\n  view: driving\n  outputs: {score: out}\n"))
                .containsExactly(
                        "risk.yaml:3: scoring.view: the feature 'served' is a time,"
                                + " which no model takes. Leave it out of features.");
    }

    @Test
    void aFileWithoutScoringIsRefused() {
        assertThat(problems("owner: fleet\n"))
                .containsExactly(
                        "risk.yaml:1: scoring: is missing. Say what is scored: model,"
                                + " view and outputs.");
        assertThat(problems("training: {}\nmonitoring: {}\n"))
                .containsExactly(
                        "risk.yaml:2: monitoring: has no predictions to watch. Say beside it what"
                                + " is scored, or remove it.");
    }

    @Test
    void aSetGivesItsFeaturesByItsNamesAtTheVectorsOfOneOfItsViews() {
        Scoring scoring = Scorings.ofSet("view: driving", "", "").orThrow();

        assertThat(scoring.view().view().nameAndVersion()).isEqualTo("driving.v2");
        assertThat(scoring.set()).map(Object::toString).contains("both");
        assertThat(scoring.features()).containsExactly("wear", "gear", "speed");
        assertThat(scoring.taken())
                .extracting(ModelFeature::from)
                .containsExactly("wear.v1:speed", "driving.v2:gear", "driving.v2:speed");
        assertThat(scoring.beside())
                .extracting(view -> view.view().nameAndVersion())
                .containsExactly("wear.v1");
    }

    @Test
    void theFirstViewOfASetLeadsAndOthersMayBeLeftOut() {
        Scoring scoring = Scorings.ofSet("features: [wear]", "", "").orThrow();

        assertThat(scoring.view().view().nameAndVersion()).isEqualTo("wear.v1");
        assertThat(scoring.beside()).isEmpty();
    }

    private static List<String> ofSet(String keys, String wear, String set) {
        return Scorings.ofSet(keys, wear, set).faults().stream().map(Object::toString).toList();
    }

    @Test
    void theViewsOfASetHaveToSeeTheSameEvents() {
        String fast = "where: event.speed > 1.0\n";

        assertThat(ofSet("view: driving", fast, ""))
                .containsExactly(
                        "risk.yaml:3: scoring.set: not every event that writes a vector of driving"
                                + " writes one of wear. Write view: wear, with each of whose"
                                + " vectors the others write one.");
        assertThat(ofSet("", "key: driver\n", ""))
                .containsExactly(
                        "risk.yaml:3: scoring.set: not every event that writes a vector of wear"
                                + " writes one of driving. Name in features those of views that"
                                + " see the same events by the key of their contract, or ask the"
                                + " model by entity.");
        // With every event that it sees, the other one writes a vector too.
        assertThat(ofSet("view: wear", fast, "")).isEmpty();
        assertThat(ofSet("view: driving\nfeatures: [gear]", fast, "")).isEmpty();
    }

    @Test
    void whatDoesNotFitASetIsTold() {
        assertThat(ofSet("view: drivin", "", ""))
                .containsExactly(
                        "risk.yaml:5: scoring.view: there is no view 'drivin'. Write 'driving' if"
                                + " that was meant.");
        assertThat(ofSet("features: [waer]", "", ""))
                .containsExactly(
                        "risk.yaml:5: scoring.features: the set has no feature 'waer'. Write"
                                + " 'wear' if that was meant.");
        assertThat(ofSet("", "", "  - {view: wear, names: served}\n"))
                .containsExactly(
                        "risk.yaml:3: scoring.set: the feature 'served' is a time, which no model"
                                + " takes. Leave it out of features.");
        assertThat(problems("scoring: {model: m, set: both, outputs: {score: out}}\n"))
                .singleElement()
                .asString()
                .startsWith("risk.yaml:1: scoring.set: there is no feature set 'both'.");
    }

    @Test
    void noTableBelongsToTwo() throws IOException {
        Files.writeString(folder.resolve("readings.yaml"), Scorings.text("outputs: {score: out}"));

        Checked<List<Scoring>> read =
                ScoringReader.readFolder(
                        folder,
                        ScoringReader.Known.sound(
                                Scorings.contracts(), Scorings.views(), List.of()));

        assertThat(read.faults())
                .extracting(Problem::message)
                .containsExactly("the table readings_v1 belongs to readings.odcs.yaml already");
    }
}
