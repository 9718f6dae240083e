package leat.core.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import leat.core.training.Triggers.Past;
import leat.core.training.Triggers.PastRun;
import org.junit.jupiter.api.Test;

final class TriggersTest {

    private static final Instant NOW = Instant.parse("2026-03-05T14:20:00Z");
    private static final Past NOTHING = new Past(Optional.empty(), List.of());
    private static final Triggers DAILY =
            new Triggers(
                    Optional.of(Duration.ofDays(1)), OptionalLong.empty(), Optional.empty(), false);
    private static final Triggers WEEK_OLD =
            new Triggers(
                    Optional.empty(), OptionalLong.empty(), Optional.of(Duration.ofDays(7)), false);
    private static final Triggers DRIFT =
            new Triggers(Optional.empty(), OptionalLong.empty(), Optional.empty(), true);

    /// What can be seen.
    private record Seen(List<String> openAlerts, long labels) implements Triggers.Sight {
        @Override
        public Optional<String> labels(long atLeast) {
            return labels < atLeast ? Optional.empty() : Optional.of("labels@" + labels);
        }
    }

    private static final Seen QUIET = new Seen(List.of(), 0);

    private static Past past(PastRun... runs) {
        return new Past(Optional.empty(), List.of(runs));
    }

    private static PastRun answer(String begun) {
        return new PastRun(Instant.parse(begun), true, "command", "");
    }

    private static PastRun killed(String begun) {
        return new PastRun(Instant.parse(begun), false, "schedule", "");
    }

    private static Optional<Cause> at(Cause.Kind kind, String at) {
        return Optional.of(Cause.trigger(kind, at));
    }

    @Test
    void aPeriodHasOneRun() {
        Optional<Cause> midnight = at(Cause.Kind.SCHEDULE, "2026-03-05T00:00:00Z");

        assertThat(DAILY.due(NOTHING, NOW, QUIET)).isEqualTo(midnight);
        assertThat(DAILY.due(past(answer("2026-03-04T23:59:59Z")), NOW, QUIET)).isEqualTo(midnight);
        assertThat(DAILY.due(past(answer("2026-03-05T00:00:00Z")), NOW, QUIET)).isEmpty();
        assertThat(DAILY.due(past(killed("2026-03-05T00:00:10Z")), NOW, QUIET)).isEqualTo(midnight);
    }

    @Test
    void whatAnswersIsReplacedWhenItIsOldAndWhatGaveNothingBetterIsNotRepeated() {
        Past old = new Past(Optional.of(Instant.parse("2026-02-26T14:20:00Z")), List.of());
        Past young = new Past(Optional.of(Instant.parse("2026-02-26T14:20:01Z")), List.of());
        Past tried =
                new Past(
                        Optional.of(Instant.parse("2026-02-01T00:00:00Z")),
                        List.of(answer("2026-02-27T00:00:00Z")));

        assertThat(WEEK_OLD.due(old, NOW, QUIET))
                .isEqualTo(at(Cause.Kind.AGE, "2026-03-05T14:20:00Z"));
        assertThat(WEEK_OLD.due(young, NOW, QUIET)).isEmpty();
        assertThat(WEEK_OLD.due(tried, NOW, QUIET)).isEmpty();
        assertThat(WEEK_OLD.due(tried, Instant.parse("2026-03-06T00:00:00Z"), QUIET))
                .isEqualTo(at(Cause.Kind.AGE, "2026-03-06T00:00:00Z"));
        assertThat(WEEK_OLD.due(NOTHING, NOW, QUIET)).isEqualTo(at(Cause.Kind.AGE, ""));
    }

    @Test
    void anAlertIsAnsweredOnceWithAllThatAreOpen() {
        Seen two = new Seen(List.of("state.v1:heat@2", "state.v1:air@1"), 0);
        String both = "state.v1:air@1 state.v1:heat@2";
        PastRun run = PastRun.of(NOW, true, Map.of(Cause.KIND_TAG, "drift", Cause.AT_TAG, both));
        PastRun broken = new PastRun(NOW, false, "drift", both);
        Seen again = new Seen(List.of("state.v1:heat@3", "state.v1:air@1"), 0);

        assertThat(DRIFT.due(NOTHING, NOW, QUIET)).isEmpty();
        assertThat(DRIFT.due(past(answer("2026-03-05T14:00:00Z")), NOW, two))
                .isEqualTo(at(Cause.Kind.DRIFT, both));
        assertThat(DRIFT.due(past(broken), NOW, two)).isEqualTo(at(Cause.Kind.DRIFT, both));
        assertThat(DRIFT.due(past(run), NOW, two)).isEmpty();
        assertThat(DRIFT.due(past(run), NOW, again))
                .isEqualTo(at(Cause.Kind.DRIFT, "state.v1:heat@3"));
    }

    @Test
    void alertsBeyondWhatATagHoldsHaveARunOfTheirOwn() {
        List<String> many =
                IntStream.range(0, 60).mapToObj("state.v1:rule-%02d@1"::formatted).toList();

        Cause first = DRIFT.due(NOTHING, NOW, new Seen(many, 0)).orElseThrow();
        Past after = past(new PastRun(NOW, true, "drift", first.at()));
        Cause second = DRIFT.due(after, NOW, new Seen(many, 0)).orElseThrow();

        Collection<String> all = new ArrayList<>(List.of(first.at().split(" ", -1)));
        all.addAll(List.of(second.at().split(" ", -1)));
        assertThat(all).hasSize(60).containsExactlyInAnyOrderElementsOf(many);
    }

    @Test
    void labelsAreCountedLast() {
        Triggers both =
                new Triggers(
                        Optional.of(Duration.ofDays(1)),
                        OptionalLong.of(100),
                        Optional.empty(),
                        false);
        Past today = past(answer("2026-03-05T01:00:00Z"));

        assertThat(both.due(today, NOW, new Seen(List.of(), 99))).isEmpty();
        assertThat(both.due(today, NOW, new Seen(List.of(), 100)))
                .isEqualTo(at(Cause.Kind.LABELS, "labels@100"));
        assertThat(both.due(NOTHING, NOW, new Seen(List.of(), 100)))
                .isEqualTo(at(Cause.Kind.SCHEDULE, "2026-03-05T00:00:00Z"));
    }

    @Test
    void runsThatAreKilledAgainAndAgainAreNotRepeatedWithoutEnd() {
        List<PastRun> runs = new ArrayList<>();
        runs.add(answer("2026-03-04T10:00:00Z"));
        for (int second = 1; second <= 4; second++) {
            runs.add(killed("2026-03-05T14:00:0" + second + "Z"));
        }
        assertThat(DAILY.due(new Past(Optional.empty(), runs), NOW, QUIET)).isPresent();

        runs.add(killed("2026-03-05T14:00:05Z"));

        Past five = new Past(Optional.empty(), runs);
        assertThat(DAILY.due(five, NOW, QUIET)).isEmpty();
        assertThat(DAILY.due(five, Instant.parse("2026-03-05T15:00:05Z"), QUIET)).isPresent();
    }
}
