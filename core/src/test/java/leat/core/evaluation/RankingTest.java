package leat.core.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RankingTest {

    private static final ScoredRows TIED =
            ScoredRows.of(
                    new double[] {0.9, 0.8, 0.8, 0.4, 0.4, 0.1},
                    new boolean[] {true, true, false, true, false, false});

    @Test
    void tiesCountHalfInTheAreaUnderTheCurve() {
        // Of 9 pairs 7 are in order (0.9 beats 3, 0.8 beats 2, 0.4 beats 1 and loses to 0.8) less
        // one, and 2 are tied: (3 + 2 + 1 + 2 / 2) / 9.
        assertThat(Ranking.rocAuc(TIED)).isCloseTo(7.0 / 9, within(1e-12));
    }

    @Test
    void tiesAreOneStepOfTheAveragePrecision() {
        // Recall grows by 1/3 at precisions of 1/1, 2/3 and 3/5.
        assertThat(Ranking.averagePrecision(TIED))
                .isCloseTo((1 + 2.0 / 3 + 3.0 / 5) / 3, within(1e-12));
    }

    @Test
    void aPerfectRankingHasAnAreaOfOneAndAReversedOneOfNone() {
        boolean[] labels = {true, true, false, false};

        assertThat(Ranking.rocAuc(ScoredRows.of(new double[] {4, 3, 2, 1}, labels))).isEqualTo(1);
        assertThat(Ranking.rocAuc(ScoredRows.of(new double[] {1, 2, 3, 4}, labels))).isEqualTo(0);
        assertThat(Ranking.rocAuc(ScoredRows.of(new double[] {5, 5, 5, 5}, labels))).isEqualTo(0.5);
    }

    @Test
    void rowsOfOneKindHaveNoArea() {
        ScoredRows negatives = ScoredRows.of(new double[] {1, 2}, new boolean[2]);

        assertThat(Ranking.rocAuc(negatives)).isNaN();
        assertThat(Ranking.averagePrecision(negatives)).isNaN();
        assertThat(Ranking.bestForF1(negatives).value()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Ranking.rocAuc(ScoredRows.of(new double[0], new boolean[0]))).isNaN();
    }

    @Test
    void theBestThresholdForF1IsAScoreAndTakesTiesWhole() {
        // F1 is 1/2 at 0.9, 2/3 at 0.8, 3/4 at 0.4, 2/3 at 0.1.
        Ranking.Threshold best = Ranking.bestForF1(TIED);

        assertThat(best.value()).isEqualTo(0.4);
        assertThat(best.confusion()).isEqualTo(new Confusion(3, 2, 1, 0));
        assertThat(best.confusion()).isEqualTo(Confusion.at(0.4, TIED));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theAreaAndTheThresholdAreThoseOfANaiveSearch(long seed) {
        ScoredRows rows = random(seed, 300);

        double wins = 0;
        for (int one = 0; one < rows.size(); one++) {
            for (int other = 0; other < rows.size(); other++) {
                if (rows.positive(one) && !rows.positive(other)) {
                    wins += 0.5 + 0.5 * Math.signum(rows.score(one) - rows.score(other));
                }
            }
        }
        double best = 0;
        for (int row = 0; row < rows.size(); row++) {
            best = Math.max(best, Confusion.at(rows.score(row), rows).f1());
        }

        assertThat(Ranking.rocAuc(rows))
                .isCloseTo(wins / rows.positives() / rows.negatives(), within(1e-12));
        assertThat(Ranking.bestForF1(rows).confusion().f1()).isEqualTo(best);
    }

    @Test
    void aScoreThatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> ScoredRows.of(new double[] {1, Double.NaN}, new boolean[2]))
                .hasMessageContaining("the score of row 1 is NaN");
        assertThatThrownBy(() -> ScoredRows.of(new double[3], new boolean[2]))
                .hasMessageContaining("3 scores have 2 labels");
    }

    /// Scores of which many are equal.
    private static ScoredRows random(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] scores = new double[size];
        boolean[] labels = new boolean[size];
        for (int row = 0; row < size; row++) {
            labels[row] = random.nextInt(4) == 0;
            scores[row] = Math.round(10 * (random.nextDouble() + (labels[row] ? 0.3 : 0))) / 10.0;
        }
        return ScoredRows.of(scores, labels);
    }
}
