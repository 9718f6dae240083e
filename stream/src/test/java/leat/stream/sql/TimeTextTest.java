package leat.stream.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

final class TimeTextTest {

    @Test
    void aTimeHasItsSecondsWhenTheyAreZero() {
        assertThat(TimeText.of(OffsetDateTime.parse("2024-01-01T10:00Z")))
                .isEqualTo("2024-01-01T10:00:00Z");
        assertThat(TimeText.of(LocalDateTime.parse("2024-01-01T10:00")))
                .isEqualTo("2024-01-01T10:00:00");
        assertThat(TimeText.of(LocalTime.parse("10:00"))).isEqualTo("10:00:00");
    }

    @Test
    void anInstantIsToldInUtcWithTheDigitsThatItHas() {
        assertThat(TimeText.of(OffsetDateTime.parse("2024-01-01T10:00:01.5+02:00")))
                .isEqualTo("2024-01-01T08:00:01.500Z");
        assertThat(TimeText.of(OffsetDateTime.parse("2024-01-01T10:00:01.000001Z")))
                .isEqualTo("2024-01-01T10:00:01.000001Z");
    }
}
