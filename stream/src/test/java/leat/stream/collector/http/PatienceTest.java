package leat.stream.collector.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import leat.stream.collector.HttpSettings;
import org.junit.jupiter.api.Test;

final class PatienceTest {

    private static final HttpSettings SETTINGS =
            new HttpSettings(
                    "127.0.0.1",
                    0,
                    1,
                    1,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(10),
                    List.of());

    /// Times may be below zero, as those of the JVM may.
    private static final long BEGIN = -seconds(15);

    private final Patience patience = new Patience(SETTINGS, BEGIN);

    private static long seconds(long count) {
        return Duration.ofSeconds(count).toNanos();
    }

    private static Exchange begunAt(long nanos) {
        Exchange exchange = new Exchange();
        exchange.startNanos = nanos;
        return exchange;
    }

    @Test
    void looksFourTimesWithinTheShortestTime() {
        assertThat(patience.lookMillis()).isEqualTo(2_000);
    }

    @Test
    void endsAConnectionOnWhichNothingIsAsked() {
        long limit = BEGIN + seconds(20);

        assertThat(patience.verdict(0, null, true, limit))
                .isInstanceOf(Patience.Verdict.Wait.class);
        assertThat(patience.verdict(0, null, true, limit + 1))
                .isInstanceOf(Patience.Verdict.End.class);
        assertThat(patience.verdict(0, null, false, limit + 1))
                .as("an answer is waited for")
                .isInstanceOf(Patience.Verdict.Wait.class);

        patience.active(limit);

        assertThat(patience.verdict(0, null, true, limit + seconds(20)))
                .isInstanceOf(Patience.Verdict.Wait.class);
    }

    @Test
    void refusesARequestThatDoesNotGoOn() {
        Exchange half = begunAt(BEGIN);

        assertThat(patience.verdict(0, half, false, BEGIN + seconds(8)))
                .isInstanceOf(Patience.Verdict.Wait.class);
        assertThat(patience.verdict(0, half, false, BEGIN + seconds(8) + 1))
                .isEqualTo(new Patience.Verdict.Refuse(half));
    }

    @Test
    void doesNotCountTheTimeInWhichNothingIsRead() {
        Exchange half = begunAt(BEGIN);

        assertThat(patience.read(false, half, BEGIN + seconds(2))).isTrue();
        assertThat(patience.read(false, half, BEGIN + seconds(5))).as("again").isFalse();
        assertThat(patience.verdict(0, half, false, BEGIN + seconds(100)))
                .isInstanceOf(Patience.Verdict.Wait.class);
        assertThat(patience.read(true, half, BEGIN + seconds(102))).isTrue();

        assertThat(patience.verdict(0, half, false, BEGIN + seconds(108)))
                .isInstanceOf(Patience.Verdict.Wait.class);
        assertThat(patience.verdict(0, half, false, BEGIN + seconds(108) + 1))
                .isInstanceOf(Patience.Verdict.Refuse.class);
    }

    @Test
    void doesNotCountThePauseBeforeARequestHasBegun() {
        patience.read(false, null, BEGIN);
        Exchange half = begunAt(BEGIN + seconds(30));

        patience.read(true, half, BEGIN + seconds(40));

        assertThat(half.startNanos).isEqualTo(BEGIN + seconds(40));
    }

    @Test
    void cutsWhoLeavesItsAnswersUnread() {
        patience.read(false, null, BEGIN);

        assertThat(patience.verdict(seconds(10), null, true, BEGIN))
                .isInstanceOf(Patience.Verdict.Wait.class);
        assertThat(patience.verdict(seconds(10) + 1, null, true, BEGIN))
                .isInstanceOf(Patience.Verdict.Cut.class);
    }

    @Test
    void cutsWhoDoesNotEndItsSide() {
        patience.ending(BEGIN + seconds(30));

        assertThat(patience.verdict(seconds(20), begunAt(BEGIN), true, BEGIN + seconds(40)))
                .as("how long answers were unread before counts no more")
                .isInstanceOf(Patience.Verdict.Wait.class);
        assertThat(patience.verdict(0, null, true, BEGIN + seconds(40) + 1))
                .isInstanceOf(Patience.Verdict.Cut.class);
    }
}
