package leat.stream.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BacklogTest {

    private static final long MILLI = 1_000_000;
    private static final long MEBI = 1 << 20;

    private long now = -5_000 * MILLI;
    private final Backlog backlog = new Backlog(Duration.ofSeconds(1), () -> now);

    @Test
    void letsAnyAmountInWhileTheLogAnswersSoon() {
        // Given
        backlog.began();
        now += 499 * MILLI;

        // Then
        assertThat(backlog.admits(60 * MEBI)).isTrue();
    }

    @Test
    void forgetsHowSlowTheLogWasOnceNothingWaits() {
        // Given
        backlog.began();
        now += 900 * MILLI;
        backlog.ended(0, 900 * MILLI);
        now += 60_000 * MILLI;

        // When
        backlog.began();

        // Then
        assertThat(backlog.admits(60 * MEBI)).isTrue();
    }

    @Test
    void holdsWhatIsInFlightToWhatASlowLogTookInTheLastSecond() {
        // Given
        backlog.began();
        acknowledge(20, 100_000, 50);

        // Then
        assertThat(backlog.admits(1_600_000)).isTrue();
        assertThat(backlog.admits(2_100_000)).isFalse();

        // When it takes half as much
        acknowledge(20, 50_000, 50);

        // Then
        assertThat(backlog.admits(1_000_000)).isTrue();
        assertThat(backlog.admits(1_100_000)).isFalse();
    }

    @Test
    void letsAMebibyteInWhileTheLogPauses() {
        // Given
        backlog.began();
        now += 999 * MILLI;

        // Then
        assertThat(backlog.admits(MEBI)).isTrue();
        assertThat(backlog.admits(MEBI + 1)).isFalse();
    }

    @Test
    void leavesALogThatTakesNothingALittleToTryWith() {
        // Given
        backlog.began();
        now += 5_000 * MILLI;

        // Then
        assertThat(backlog.admits(Backlog.FLOOR_BYTES)).isTrue();
        assertThat(backlog.admits(Backlog.FLOOR_BYTES + 1)).isFalse();
    }

    private void acknowledge(int batches, long bytes, long everyMillis) {
        for (int batch = 0; batch < batches; batch++) {
            backlog.began();
            now += everyMillis * MILLI;
            backlog.ended(bytes, 600 * MILLI);
        }
    }
}
