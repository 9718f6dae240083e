package leat.core.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import leat.core.evaluation.EventEvaluation.Moment;
import org.junit.jupiter.api.Test;

final class EventEvaluationTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void theFirstAlarmWithinTheTimeBeforeAnEventGivesTheLead() {
        EventEvaluation judged =
                EventEvaluation.of(
                        List.of(at("a", 9), at("a", 40), at("a", 60), at("b", 65)),
                        List.of(at("a", 70)),
                        HOUR);

        // The alarm of minute 9 is too early, and that of b is of another car.
        assertThat(judged.leadMicros()).containsExactly(minutes(30));
        assertThat(judged.found()).isEqualTo(1);
        assertThat(judged.recall()).isEqualTo(1);
    }

    @Test
    void alarmsAtOrAfterAnEventDoNotForetellIt() {
        EventEvaluation judged =
                EventEvaluation.of(List.of(at("a", 70), at("a", 71)), List.of(at("a", 70)), HOUR);

        assertThat(judged).isEqualTo(new EventEvaluation(1, 0, 1, 0, List.of()));
        assertThat(judged.medianLeadMicros()).isEmpty();
        assertThat(judged.precision()).isZero();
        assertThat(judged.recall()).isZero();
    }

    @Test
    void theWholeTimeBelongsToTheEvent() {
        EventEvaluation judged =
                EventEvaluation.of(List.of(at("a", 10)), List.of(at("a", 70)), HOUR);

        assertThat(judged.leadMicros()).containsExactly(minutes(60));
        assertThat(judged.precision()).isEqualTo(1);
    }

    @Test
    void alarmsInARowAreOneEpisode() {
        EventEvaluation judged =
                EventEvaluation.of(
                        List.of(
                                at("a", 0),
                                at("a", 60),
                                at("a", 120), // finds the event at 130
                                at("a", 200),
                                at("a", 210), // finds nothing
                                at("b", 0)), // nor does this
                        List.of(at("a", 130), at("c", 10)),
                        HOUR);

        assertThat(judged.episodes()).isEqualTo(3);
        assertThat(judged.right()).isEqualTo(1);
        assertThat(judged.precision()).isEqualTo(1.0 / 3);
        assertThat(judged.events()).isEqualTo(2);
        assertThat(judged.recall()).isEqualTo(0.5);
        assertThat(judged.leadMicros()).containsExactly(minutes(10));
    }

    @Test
    void theMedianIsReachedByHalfOfTheLeads() {
        EventEvaluation judged =
                EventEvaluation.of(
                        List.of(at("a", 0), at("b", 0), at("c", 0)),
                        List.of(at("a", 5), at("b", 20), at("c", 50)),
                        HOUR);

        assertThat(judged.medianLeadMicros()).hasValue(minutes(20));
    }

    @Test
    void withoutAlarmsOrEventsThereIsNoRatio() {
        EventEvaluation judged = EventEvaluation.of(List.of(), List.of(), HOUR);

        assertThat(judged.precision()).isNaN();
        assertThat(judged.recall()).isNaN();
        assertThatThrownBy(() -> EventEvaluation.of(List.of(), List.of(), Duration.ZERO))
                .hasMessageContaining("within PT0S");
    }

    private static Moment at(String entity, long minute) {
        return new Moment(entity, minutes(minute));
    }

    private static long minutes(long count) {
        return count * 60_000_000L;
    }
}
