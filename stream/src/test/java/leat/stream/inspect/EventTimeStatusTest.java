package leat.stream.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import leat.stream.log.EventTimes;
import org.junit.jupiter.api.Test;

final class EventTimeStatusTest {

    @Test
    void theSlowestActivePartitionHoldsTheWatermark() {
        EventTimeStatus status =
                EventTimeStatus.of(
                                List.of(
                                        partition(100, 1_000_000),
                                        partition(90, 1_000_000 - 60_000),
                                        partition(10, 1_000_000 - 60_001)))
                        .orElseThrow();

        assertThat(status.watermark()).isEqualTo(Instant.EPOCH.plusSeconds(90));
        assertThat(status.idlePartitions()).isEqualTo(1);
        assertThat(status.events()).isEqualTo(300);
    }

    @Test
    void theLatenessIsTheBoundThatOneInAHundredExceeds() {
        assertThat(late(2, 1, 0).latenessP99()).contains(Duration.ofSeconds(10));
        assertThat(late(1, 1, 1).latenessP99()).contains(Duration.ofSeconds(1));
        assertThat(late(100, 100, 2).latenessP99()).contains(Duration.ofMinutes(10));
        assertThat(
                        new EventTimeStatus(Instant.EPOCH, 0, 100, Collections.nCopies(6, 2L))
                                .latenessP99())
                .isEmpty();
    }

    @Test
    void nothingIsSaidOfEventsThatNobodyTimed() {
        assertThat(EventTimeStatus.of(List.of())).isEmpty();
    }

    private static EventTimes partition(long watermarkSeconds, long appendedMillis) {
        return new EventTimes(
                watermarkSeconds * 1_000_000,
                appendedMillis,
                100,
                Collections.nCopies(EventTimes.BOUNDS.size(), 0L));
    }

    private static EventTimeStatus late(long second, long tenSeconds, long minute) {
        return new EventTimeStatus(
                Instant.EPOCH, 0, 100, List.of(second, tenSeconds, minute, 0L, 0L, 0L));
    }
}
