package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OncePerMinuteTest {

    @Test
    void letsOneOfManyThrough() {
        OncePerMinute lines = new OncePerMinute();

        assertThat(IntStream.range(0, 10_000).parallel().filter(_ -> lines.isDue()).count())
                .isEqualTo(1);
    }
}
