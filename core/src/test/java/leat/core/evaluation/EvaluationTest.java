package leat.core.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

final class EvaluationTest {

    private static final ScoredRows ROWS =
            ScoredRows.of(
                    new double[] {0.95, 0.75, 0.35, 0.05},
                    new boolean[] {true, false, true, false});

    @Test
    void aThresholdMakesAlarmsOfTheRowsAtAndAboveIt() {
        Confusion confusion = Confusion.at(0.75, ROWS);

        assertThat(confusion).isEqualTo(new Confusion(1, 1, 1, 1));
        assertThat(confusion.precision()).isEqualTo(0.5);
        assertThat(confusion.recall()).isEqualTo(0.5);
        assertThat(confusion.f1()).isEqualTo(0.5);
        assertThat(confusion.accuracy()).isEqualTo(0.5);
        assertThat(confusion.falsePositiveRate()).isEqualTo(0.5);
    }

    @Test
    void ratiosOfNothingAreNotKnown() {
        assertThat(new Confusion(0, 0, 5, 2).precision()).isNaN();
        assertThat(new Confusion(0, 3, 5, 0).recall()).isNaN();
        assertThat(new Confusion(0, 0, 5, 0).f1()).isNaN();
        assertThat(new Confusion(0, 0, 5, 2).f1()).isZero();
        assertThat(Confusion.NONE.accuracy()).isNaN();
    }

    @Test
    void countsOfRowsAddUp() {
        Confusion sum = Confusion.NONE;
        for (int row = 0; row < ROWS.size(); row++) {
            sum = sum.plus(ROWS.score(row) >= 0.3, ROWS.positive(row));
        }

        assertThat(sum).isEqualTo(Confusion.at(0.3, ROWS)).isEqualTo(new Confusion(2, 1, 1, 0));
    }

    @Test
    void probabilitiesAreJudgedAsSuch() {
        Calibration calibration = Calibration.of(ROWS).orElseThrow();

        assertThat(calibration.logLoss())
                .isCloseTo(
                        -(Math.log(0.95) + Math.log(0.25) + Math.log(0.35) + Math.log(0.95)) / 4,
                        within(1e-12));
        assertThat(calibration.brier())
                .isCloseTo((0.0025 + 0.5625 + 0.4225 + 0.0025) / 4, within(1e-12));
        assertThat(calibration.error()).isCloseTo((0.05 + 0.75 + 0.65 + 0.05) / 4, within(1e-12));
        assertThat(calibration.bins()).hasSize(4);
    }

    @Test
    void aBinTellsWhatWasSaidAndWhatHeld() {
        ScoredRows rows =
                ScoredRows.of(
                        new double[] {0.2, 0.25, 0.25, 1, 0},
                        new boolean[] {true, false, false, true, false});

        assertThat(Calibration.of(rows).orElseThrow().bins())
                .extracting(Calibration.Bin::from, Calibration.Bin::rows, Calibration.Bin::held)
                .containsExactly(tuple(0.0, 1L, 0.0), tuple(0.2, 3L, 1.0 / 3), tuple(0.9, 1L, 1.0));
    }

    @Test
    void aSureErrorCostsMuchAndNotInfinitelyMuch() {
        ScoredRows rows = ScoredRows.of(new double[] {0}, new boolean[] {true});

        assertThat(Calibration.of(rows).orElseThrow().logLoss())
                .isCloseTo(-Math.log(1e-15), within(1e-9));
    }

    @Test
    void scoresThatAreNoProbabilitiesHaveNoCalibration() {
        ScoredRows rows = ScoredRows.of(new double[] {0.5, 1.5}, new boolean[] {false, true});

        Evaluation evaluation = Evaluation.of(rows, 1);

        assertThat(evaluation.calibration()).isEqualTo(Optional.empty());
        assertThat(evaluation.metrics())
                .containsEntry("roc_auc", 1.0)
                .containsEntry("f1", 1.0)
                .doesNotContainKey("log_loss");
    }

    @Test
    void whatIsNotKnownIsNoMetric() {
        Evaluation evaluation =
                Evaluation.of(ScoredRows.of(new double[] {0.5}, new boolean[1]), 0.9);

        assertThat(evaluation.metrics())
                .containsEntry("rows", 1.0)
                .containsEntry("positives", 0.0)
                .doesNotContainKeys("precision", "recall", "f1", "roc_auc", "average_precision");
    }

    @Test
    void slicesAreJudgedByThemselvesTheLargestFirst() {
        SequencedMap<String, Evaluation> slices =
                Evaluation.bySlice(ROWS, Arrays.asList("b", "a", "b", null), 0.5);

        assertThat(slices.keySet()).containsExactly("b", Evaluation.NO_TEXT, "a");
        assertThat(confusion(slices, "b")).isEqualTo(new Confusion(1, 0, 0, 1));
        assertThat(confusion(slices, "a")).isEqualTo(new Confusion(0, 1, 0, 0));
        assertThat(confusion(slices, Evaluation.NO_TEXT)).isEqualTo(new Confusion(0, 0, 1, 0));
    }

    @Test
    void theSmallestOfTooManySlicesAreOne() {
        List<String> column = new ArrayList<>();
        for (int row = 0; row < Evaluation.MAX_SLICES + 20; row++) {
            column.add("car-" + row);
        }
        column.add("car-119");
        ScoredRows rows = ScoredRows.of(new double[column.size()], new boolean[column.size()]);

        SequencedMap<String, Evaluation> slices = Evaluation.bySlice(rows, column, 0.5);

        assertThat(slices).hasSize(Evaluation.MAX_SLICES + 1);
        assertThat(slices.firstEntry().getKey()).isEqualTo("car-119");
        assertThat(slices.lastEntry().getKey()).isEqualTo(Evaluation.OTHERS);
        assertThat(slices.values().stream().mapToLong(one -> one.confusion().rows()).sum())
                .isEqualTo(column.size());
        assertThatThrownBy(() -> Evaluation.bySlice(ROWS, List.of("a"), 0.5))
                .hasMessageContaining("4 rows have 1 texts");
    }

    private static Confusion confusion(SequencedMap<String, Evaluation> slices, String slice) {
        return Objects.requireNonNull(slices.get(slice)).confusion();
    }
}
