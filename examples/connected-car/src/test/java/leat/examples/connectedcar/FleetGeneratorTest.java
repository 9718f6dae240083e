package leat.examples.connectedcar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;
import org.junit.jupiter.api.Test;

class FleetGeneratorTest {

    private static final Instant START = Instant.parse("2026-01-15T08:00:00Z");
    private static final Plan PLAN = new Plan(7, 97, 97, START);

    private final EventGenerator generator = EventGenerator.named("connected-car");

    private record Made(long timeMicros, String event) {}

    private List<Made> run(Plan plan, Slice slice, long untilMicros) {
        List<Made> made = new ArrayList<>();
        Feed feed = generator.open(plan, slice);
        for (long time = feed.nextTimeMicros(); time < untilMicros; time = feed.nextTimeMicros()) {
            long at = time;
            feed.next((contract, buffer, length) -> made.add(new Made(at, text(buffer, length))));
        }
        return made;
    }

    private static String text(byte[] buffer, int length) {
        return new String(buffer, 0, length, StandardCharsets.US_ASCII);
    }

    private static long micros(Instant start, long seconds) {
        return (start.getEpochSecond() + seconds) * 1_000_000;
    }

    @Test
    void sameSeedGivesTheSameBytes() {
        // Given
        long until = micros(START, 300);

        // When
        List<Made> first = run(PLAN, Slice.WHOLE, until);

        // Then
        assertThat(first)
                .hasSizeGreaterThanOrEqualTo(97 * 300)
                .isEqualTo(run(PLAN, Slice.WHOLE, until));
    }

    @Test
    void anotherSeedGivesAnotherHistory() {
        // Given
        long until = micros(START, 10);

        // When
        List<Made> other = run(new Plan(8, 97, 97, START), Slice.WHOLE, until);

        // Then
        assertThat(other).isNotEqualTo(run(PLAN, Slice.WHOLE, until));
    }

    @Test
    void slicesOnThreadsTogetherGiveWhatOneThreadGives() throws Exception {
        // Given
        long until = micros(START, 600);
        List<Callable<List<Made>>> slices = new ArrayList<>();
        for (int slice = 0; slice < 5; slice++) {
            Slice mine = new Slice(slice, 5);
            slices.add(() -> run(PLAN, mine, until));
        }

        // When
        List<Made> together = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<List<Made>> slice : threads.invokeAll(slices)) {
                together.addAll(slice.get());
            }
        }

        // Then
        together.sort(Comparator.comparingLong(Made::timeMicros));
        assertThat(together)
                .isEqualTo(run(PLAN, Slice.WHOLE, until))
                .anyMatch(made -> made.event().contains("\"mode\""));
    }

    @Test
    void virtualTimeFollowsTheRate() {
        // Given
        Plan plan = new Plan(1, 10, 5, START);

        // When
        List<Made> made = run(plan, Slice.WHOLE, micros(START, 100));

        // Then
        assertThat(made.stream().filter(m -> m.event().contains("coolant_temp"))).hasSize(500);
        assertThat(made).isSortedAccordingTo((a, b) -> Long.compare(a.timeMicros, b.timeMicros));
        assertThat(made.getFirst().event())
                .startsWith("{\"time\":" + START.getEpochSecond() + ",\"car\":\"car1\",");
    }

    @Test
    void timeOfOneCarNeverRepeatsEvenAtManyEventsPerSecond() {
        // Given
        Plan plan = new Plan(1, 2, 50, START);

        // When
        List<Made> made = run(plan, Slice.WHOLE, micros(START, 10));

        // Then
        assertThat(made.stream().map(m -> m.event().substring(0, m.event().indexOf("coolant"))))
                .hasSizeGreaterThanOrEqualTo(500)
                .doesNotHaveDuplicates();
    }

    @Test
    void unknownGeneratorIsAnErrorThatNamesTheKnownOnes() {
        assertThatThrownBy(() -> EventGenerator.named("connected-bike"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connected-bike")
                .hasMessageContaining("connected-car");
    }

    @Test
    void moreSlicesThanCarsLeavesTheLastSlicesEmpty() {
        // Given
        Plan plan = new Plan(1, 2, 1, START);

        // When
        Feed feed = generator.open(plan, new Slice(2, 3));

        // Then
        assertThat(feed.nextTimeMicros()).isEqualTo(Long.MAX_VALUE);
    }
}
