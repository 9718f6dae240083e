package leat.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.monitor.Recomputed;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.ScoringReader;
import leat.core.score.SoundModel.Place;
import leat.core.training.Training;
import leat.core.training.TrainingReader;
import org.junit.jupiter.api.Test;

/// What evidence and answers by hand come to.
final class ScoreOfEvidenceTest {

    @Test
    void aSoundModelPassesAllTests() {
        Score score = Score.of(new SoundModel().evidence());

        assertThat(score.lines())
                .allSatisfy(line ->
                        assertThat(line.finding())
                                .as(line.test().word() + ": " + line.finding())
                                .isInstanceOf(Finding.Passed.class));
        assertThat(score.total()).isEqualTo(7);
    }

    @Test
    void whatThePlatformContradictsNoAnswerHelps() {
        SoundModel model = new SoundModel();
        model.tags.put("leat.gates", "failed");
        answer(model, "gates", SoundModel.NOW.toString().substring(0, 10));

        assertThat(Score.of(model.evidence()).finding(ScoreTest.GATES))
                .isInstanceOf(Finding.Failed.class);
    }

    @Test
    void anAnswerByHandIsHalfAPointWhereNothingIsKnownForAYear() {
        SoundModel model = new SoundModel();
        model.tags.remove("mlflow.source.git.commit");
        answer(model, "review", "2026-01-10");
        SoundModel old = new SoundModel();
        old.tags.remove("mlflow.source.git.commit");
        answer(old, "review", "2025-11-01");

        Score score = Score.of(model.evidence());

        assertThat(score.finding(ScoreTest.REVIEW).word()).isEqualTo("by hand");
        assertThat(score.finding(ScoreTest.REVIEW).evidence())
                .isEqualTo("read by two (Ann, 2026-01-10, https://wiki.example.org/review)");
        assertThat(score.sum(Section.MODEL)).isEqualTo(6.5);
        assertThat(score.total()).isEqualTo(6.5);
        assertThat(Score.of(old.evidence()).finding(ScoreTest.REVIEW).evidence())
                .endsWith(
                        "the answer of 2025-11-01 does not count: it holds for 365 days from its"
                                + " date");
        assertThat(Score.of(old.evidence()).total()).isEqualTo(6);
        assertThat(LocalDate.parse("2025-11-01").plusDays(Answer.DAYS)).isBefore("2026-11-28");
    }

    private static void answer(SoundModel model, String test, String date) {
        model.plant(
                "  groups: [load]\n",
                """
                  groups: [load]
                  answers:
                    - test: %s
                      done: read by two
                      link: https://wiki.example.org/review
                      by: Ann
                      date: %s
                """
                        .formatted(test, date),
                Place.MODEL);
    }

    /// Learned from a set of the view's features, and not scored.
    private static Evidence ofSet(SoundModel model) {
        Contracts contracts =
                new Contracts(
                        List.of(
                                OdcsReader.read(Path.of("machine.odcs.yaml"), model.contract)
                                        .orThrow()));
        List<CompiledView> views =
                List.of(
                        FeatureViewReader.read(Path.of("state.yaml"), model.view, contracts)
                                .orThrow());
        FeatureSet set =
                FeatureSetReader.read(
                                Path.of("health.yaml"),
                                "entity: machine\nfeatures: [{view: state, names: load}]\n",
                                views)
                        .orThrow();
        Training training =
                TrainingReader.read(
                                Path.of("failure.yaml"),
                                """
                                training:
                                  model: failure
                                  data: {set: health}
                                  algorithm: k-means
                                """,
                                ScoringReader.Known.sound(contracts, views, List.of(set)))
                        .orThrow();
        Evidence sound = model.evidence();
        return new Evidence(
                sound.now(),
                sound.rules(),
                new Evidence.Defined(
                        Optional.of(training),
                        Optional.empty(),
                        sound.defined().contracts(),
                        Optional.empty()),
                sound.registered(),
                sound.served(),
                Evidence.Tried.NOTHING,
                sound.watched());
    }

    @Test
    void aModelOfAFeatureSetIsNotJudgedAsOneOfAView() {
        Score score = Score.of(ofSet(new SoundModel()));

        assertThat(
                        List.of(
                                ScoreTest.FEATURE_COST,
                                ScoreTest.FEATURE_RULES,
                                ScoreTest.PRIVACY,
                                ScoreTest.NEW_FEATURES,
                                ScoreTest.FEATURE_CODE))
                .allSatisfy(test ->
                        assertThat(score.finding(test).evidence())
                                .startsWith("the model takes the feature set health,"));
        assertThat(score.finding(ScoreTest.DEPENDENCIES)).isInstanceOf(Finding.Passed.class);

        SoundModel changed = new SoundModel();
        changed.registered = "1.3.0";
        assertThat(Score.of(ofSet(changed)).finding(ScoreTest.DEPENDENCIES))
                .isInstanceOf(Finding.Failed.class);
    }

    @Test
    void predictionsThatCannotBeMadeAgainDoNotCountAgainstTheModel() {
        SoundModel model = new SoundModel();
        model.recomputed = new Recomputed(300, 0, "", 200);

        Finding found = Score.of(model.evidence()).finding(ScoreTest.AGREEMENT);

        assertThat(found).isInstanceOf(Finding.Passed.class);
        assertThat(found.evidence())
                .startsWith("300 predictions made again are the same (200 cannot be compared)");
    }

    @Test
    void withoutAnythingNothingIsClaimed() {
        Evidence nothing =
                new Evidence(
                        SoundModel.NOW,
                        ScoreRules.DEFAULT,
                        new Evidence.Defined(
                                Optional.empty(), Optional.empty(), Map.of(), Optional.empty()),
                        new Evidence.Registered(
                                Optional.empty(), List.of(), Optional.empty(), Optional.empty()),
                        new Evidence.Served(List.of(), Optional.empty(), Optional.empty()),
                        Evidence.Tried.NOTHING,
                        Evidence.Watched.NOTHING);

        Score score = Score.of(nothing);

        assertThat(score.lines())
                .allSatisfy(line -> assertThat(line.finding()).isInstanceOf(Finding.Unknown.class));
        assertThat(score.total()).isZero();
    }
}
