package leat.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.score.SoundModel.Place;
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

    @Test
    void predictionsThatCannotBeMadeAgainDoNotCountAgainstTheModel() {
        SoundModel model = new SoundModel();
        model.recomputed = new Evidence.Recomputed(300, 0, "", 200);

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
