package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class LogPreparationTest {

    private final AtomicInteger attempts = new AtomicInteger();

    private Supplier<Integer> failingOnce(LogUnavailable failure) {
        return () -> {
            if (attempts.incrementAndGet() == 1) {
                throw failure;
            }
            return attempts.get();
        };
    }

    @Test
    void asksAgainWhatWasNotHeardInTime() {
        LogUnavailable late = new LogUnavailable("cannot read", new TimeoutException("late"));

        assertThat(LogPreparation.patiently(failingOnce(late), Duration.ofMinutes(1))).isEqualTo(2);
    }

    @Test
    void doesNotAskAgainWhatIsRefused() {
        LogUnavailable refused =
                new LogUnavailable("cannot read", new TopicAuthorizationException("not yours"));

        assertThatThrownBy(
                        () -> LogPreparation.patiently(failingOnce(refused), Duration.ofMinutes(1)))
                .isSameAs(refused);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void doesNotAskForEver() {
        LogUnavailable late = new LogUnavailable("it could not be read within 10 s", null);

        assertThatThrownBy(() -> LogPreparation.patiently(failingOnce(late), Duration.ZERO))
                .isSameAs(late);
        assertThat(attempts).hasValue(1);
    }
}
