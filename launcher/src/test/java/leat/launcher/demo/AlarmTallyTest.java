package leat.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AlarmTallyTest {

    private static final long MINUTE = 60_000_000;

    private final AlarmTally tally = new AlarmTally(Duration.ofMinutes(10));

    @Test
    void anAlarmCountsWhenItsTimeIsOverAndIsRightWhenTheEventCame() {
        // Given
        tally.predicted("right", MINUTE, true);
        tally.predicted("right", 2 * MINUTE, true);
        tally.predicted("wrong", MINUTE, true);
        tally.happened("right", 6 * MINUTE);

        // When
        AlarmTally.Outcome early = tally.outcome();
        tally.predicted("sound", 12 * MINUTE, false);
        tally.predicted("open", 12 * MINUTE, true);
        AlarmTally.Outcome late = tally.outcome();

        // Then
        assertThat(early.precision()).isEmpty();
        assertThat(late).isEqualTo(new AlarmTally.Outcome(2, 1, 1, 1, OptionalLong.of(5 * MINUTE)));
        assertThat(late.precision()).contains(0.5);
        assertThat(late.recall()).contains(1.0);
    }

    @Test
    void anEventWithoutAnAlarmBeforeItIsNotForetold() {
        // Given
        tally.predicted("late", 5 * MINUTE, true);
        tally.happened("late", 5 * MINUTE);
        tally.predicted("long-ago", MINUTE, true);
        tally.happened("long-ago", 12 * MINUTE);
        tally.happened("silent", 12 * MINUTE);

        // When
        AlarmTally.Outcome outcome = tally.outcome();

        // Then
        assertThat(outcome.events()).isEqualTo(3);
        assertThat(outcome.recall()).contains(0.0);
        assertThat(outcome.leadMicros()).isEmpty();
    }

    @Test
    void noMoreThanTheNewestAlarmsAreKept() {
        for (long at = 0; at < AlarmTally.MOST_MOMENTS + 5; at++) {
            tally.predicted("car" + at, at, true);
        }
        tally.predicted("sound", 60 * MINUTE, false);

        assertThat(tally.outcome().alarms()).isEqualTo(AlarmTally.MOST_MOMENTS);
    }
}
