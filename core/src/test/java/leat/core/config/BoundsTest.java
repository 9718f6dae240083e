package leat.core.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BoundsTest {

    @Test
    void takesBothEnds() {
        Bounds.within("port", 0, 0, 65_535);
        Bounds.within("port", 65_535, 0, 65_535);
        Bounds.within("size", new DataSize(1 << 10), 1 << 10, 1 << 20);
        Bounds.within("size", new DataSize(1 << 20), 1 << 10, 1 << 20);
        Bounds.within("wait", Duration.ZERO, Duration.ZERO, Duration.ofMinutes(5));
        Bounds.within("wait", Duration.ofMinutes(5), Duration.ZERO, Duration.ofMinutes(5));
    }

    @Test
    void namesTheKeyTheRangeAndWhatIsOutsideOfIt() {
        assertThatThrownBy(() -> Bounds.within("port", 65_536, 0, 65_535))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be from 0 to 65535, not 65536");
        assertThatThrownBy(() -> Bounds.within("size", new DataSize(1023), 1 << 10, 1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("size must be from 1KiB to 1MiB, not 1023B");
        assertThatThrownBy(() ->
                        Bounds.within(
                                "wait",
                                Duration.ofMinutes(6),
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wait must be from PT1S to PT5M, not PT6M");
    }
}
