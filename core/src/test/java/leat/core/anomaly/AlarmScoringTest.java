package leat.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The scale by itself: silence is 0, an alarm at once and nothing else 100.
final class AlarmScoringTest {

    private static final LabelledStream STREAM =
            new LabelledStream(
                    "one window",
                    new long[1_000],
                    new double[1_000],
                    List.of(new LabelledStream.Window(500, 599, "spike")));

    @Test
    void silenceIsNothingAndAnAlarmAtOnceIsAll() {
        assertThat(points()).isZero();
        assertThat(points(500)).isCloseTo(100, within(1e-9));
    }

    @Test
    void earlyIsWorthMoreThanLateAndAlarmsOutsideCost() {
        assertThat(points(550)).isBetween(90.0, 95.0);
        assertThat(points(590)).isLessThan(points(550));
        assertThat(points(550, 200)).isCloseTo(points(550) - 5.5, within(1e-9));
        assertThat(points(550, 605)).isBetween(points(550) - 2, points(550));
        assertThat(points(550, 560, 570)).isEqualTo(points(550));
        assertThat(points(550, 100)).as("while it learns").isEqualTo(points(550));
    }

    private static double points(int... alarms) {
        double[] scores = new double[1_000];
        for (int row : alarms) {
            scores[row] = 1;
        }
        AlarmScoring scoring = new AlarmScoring();
        scoring.add(STREAM, scores);
        return scoring.best().points();
    }
}
