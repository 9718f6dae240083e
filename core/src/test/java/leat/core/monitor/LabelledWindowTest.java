package leat.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import leat.core.evaluation.Confusion;
import leat.core.evaluation.EventEvaluation;
import leat.core.evaluation.EventEvaluation.Moment;
import leat.core.monitor.LabelledWindow.Prediction;
import leat.core.monitor.LabelledWindow.Stretch;
import org.junit.jupiter.api.Test;

final class LabelledWindowTest {

    private static final Labels LABELS = MonitoringReaderTest.labels(Duration.ofHours(1));

    @Test
    void aPredictionIsRightWhenAnEventComesBehindItSoonEnough() {
        LabelledWindow joined =
                join(
                        List.of(
                                alarm("a", 10, true), // the event comes in 50 minutes
                                alarm("b", 10, true), // too late
                                alarm("c", 10, true), // at once is not behind
                                alarm("a", 20, false),
                                alarm("d", 20, false)),
                        List.of(at("a", 60), at("b", 71), at("c", 10)),
                        List.of());

        assertThat(Objects.requireNonNull(joined.versions().get("risk/1")).confusion())
                .isEqualTo(new Confusion(1, 2, 1, 1));
        assertThat(joined.alarms()).hasSize(3);
    }

    @Test
    void eventsOfTheWindowAreFoundByItsAlarmsAndByThoseRemembered() {
        LabelledWindow joined =
                join(
                        List.of(alarm("a", 10, true), alarm("b", 15, true)),
                        List.of(at("a", 40), at("c", 30), at("d", 30), at("b", 200)),
                        List.of(at("a", -15), at("a", -30), at("c", -20), at("d", -40)));

        assertThat(joined.events()).as("that of minute 200 is another window's").isEqualTo(3);
        assertThat(joined.leadMicros()).containsExactly(minutes(50), minutes(55));
        assertThat(joined.recall()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(joined.medianLeadMicros()).hasValue(minutes(55));
    }

    /// With a `within` shorter than the window, the first alarm of the window is too old for it.
    @Test
    void anEventBehindTheWindowIsFoundByTheLastAlarmBeforeIt() {
        LabelledWindow joined =
                join(
                        List.of(
                                alarm("a", 2, true),
                                alarm("a", 20, true),
                                alarm("a", 58, true),
                                alarm("b", 3, true)),
                        List.of(),
                        List.of());

        LabelledWindow next =
                LabelledWindow.join(
                        LABELS,
                        new Stretch(minutes(60), minutes(120)),
                        List.of(),
                        List.of(at("a", 110), at("b", 110)),
                        joined.alarms());

        assertThat(joined.alarms()).containsExactlyInAnyOrder(at("a", 2), at("a", 58), at("b", 3));
        assertThat(next.leadMicros()).containsExactly(minutes(52));
    }

    @Test
    void aShadowsAlarmsAreNotHeard() {
        Prediction shadow = new Prediction("a", minutes(10), "risk/2", false, true);

        LabelledWindow joined = join(List.of(shadow), List.of(at("a", 20)), List.of());

        assertThat(joined.leadMicros()).isEmpty();
        assertThat(joined.alarms()).isEmpty();
        assertThat(Objects.requireNonNull(joined.versions().get("risk/2")).confusion().precision())
                .isEqualTo(1);
    }

    @Test
    void windowsOneByOneFindEveryEventThatAllAtOnceFind() {
        SplittableRandom random = new SplittableRandom(11);
        List<Prediction> predictions = new ArrayList<>();
        List<Moment> alarms = new ArrayList<>();
        List<Moment> events = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String car = "car-" + random.nextInt(20);
            long minute = random.nextInt(1_000);
            predictions.add(alarm(car, minute, true));
            alarms.add(at(car, minute));
            if (i % 3 == 0) {
                events.add(at("car-" + random.nextInt(25), random.nextInt(1_000)));
            }
        }
        EventEvaluation all = EventEvaluation.of(alarms, events, Duration.ofHours(1));

        long counted = 0;
        long found = 0;
        List<Moment> remembered = List.of();
        for (int window = 0; window < 1_000; window += 20) {
            long from = window;
            LabelledWindow joined =
                    LabelledWindow.join(
                            LABELS,
                            new Stretch(minutes(from), minutes(from + 20)),
                            predictions.stream()
                                    .filter(one ->
                                            one.atMicros() >= minutes(from)
                                                    && one.atMicros() < minutes(from + 20))
                                    .toList(),
                            events,
                            remembered);
            remembered = joined.alarms();
            counted += joined.events();
            found += joined.leadMicros().size();
        }

        assertThat(counted).isEqualTo(all.events());
        assertThat(found).isEqualTo(all.found());
        assertThat(all.found()).isGreaterThan(50);
    }

    private static LabelledWindow join(
            List<Prediction> predictions, List<Moment> events, List<Moment> before) {
        return LabelledWindow.join(
                LABELS, new Stretch(0, minutes(60)), predictions, events, before);
    }

    private static Prediction alarm(String car, long minute, boolean alarm) {
        return new Prediction(car, minutes(minute), "risk/1", true, alarm);
    }

    private static Moment at(String entity, long minute) {
        return new Moment(entity, minutes(minute));
    }

    private static long minutes(long count) {
        return count * 60_000_000L;
    }
}
