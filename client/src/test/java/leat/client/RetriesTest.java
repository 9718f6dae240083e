package leat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RetriesTest {

    private static final Attempt.Later AWAY = new Attempt.Later("HTTP 503", Optional.empty());

    /// A clock that moves by the waits alone.
    private static final class FakeWaits implements Waits {
        private long nanos;
        private boolean ended;
        private final List<Duration> waits = new ArrayList<>();

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public boolean await(Duration duration) {
            waits.add(duration);
            nanos += duration.toNanos();
            return ended;
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    private final FakeTransport transport = new FakeTransport();
    private final FakeWaits waits = new FakeWaits();
    private final Retries retries =
            new Retries(transport, ClientSettings.DEFAULTS, waits, new Random(7));

    private static ClientSettings patient() {
        return ClientSettings.DEFAULTS.withRequests(1, Duration.ofSeconds(30), Duration.ofHours(1));
    }

    private static Batch batch(int size) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            events.add(Event.json("{\"n\":" + i + "}"));
        }
        return new Batch("clicks", "run", 100, events);
    }

    @Test
    void sendsTheSameAgainUntilItIsAnswered() throws InterruptedException {
        transport.then(AWAY, AWAY, AWAY);

        Answer answer = retries.deliver(batch(3));

        assertThat(answer.ids()).containsExactly("run/100", "run/101", "run/102");
        assertThat(transport.sent()).hasSize(4).containsOnly(transport.sent().getFirst());
    }

    @Test
    void waitsWhatIsAskedForAndElseARandomTimeBelowABoundThatDoubles() throws InterruptedException {
        transport.then(new Attempt.Later("429", Optional.of(Duration.ofSeconds(7))));
        transport.then(new Attempt.Later("429", Optional.of(Duration.ofHours(7))));
        for (int i = 0; i < 40; i++) {
            transport.then(AWAY);
        }

        new Retries(transport, patient(), waits, new Random(7)).deliver(batch(1));

        assertThat(waits.waits.get(0)).isEqualTo(Duration.ofSeconds(7));
        assertThat(waits.waits.get(1)).isEqualTo(Duration.ofMinutes(1));
        List<Duration> drawn = waits.waits.subList(2, waits.waits.size());
        assertThat(drawn.get(0)).isLessThanOrEqualTo(Duration.ofMillis(400));
        assertThat(drawn.get(1)).isLessThanOrEqualTo(Duration.ofMillis(800));
        assertThat(drawn).allMatch(wait -> wait.compareTo(Duration.ofSeconds(5)) <= 0);
        assertThat(drawn.stream().skip(5)).anyMatch(wait -> wait.toMillis() < 2_000);
        assertThat(drawn.stream().skip(5)).anyMatch(wait -> wait.toMillis() > 3_000);
    }

    @Test
    void cutsWhatIsTooLargeAndKeepsIndicesAndIds() throws InterruptedException {
        transport.atMost(2);

        Answer answer = retries.deliver(batch(5));

        assertThat(answer.ids())
                .containsExactly("run/100", "run/101", "run/102", "run/103", "run/104");
        assertThat(answer.events()).isEqualTo(5);
    }

    @Test
    void refusesAnEventThatNoRequestHasRoomFor() throws InterruptedException {
        transport.atMost(0);

        Answer answer = retries.deliver(batch(2));

        assertThat(answer.refused()).isEqualTo(2);
        assertThat(answer.problems()).extracting(Answer.Problem::index).containsExactly(0, 1);
        assertThat(answer.problems().getFirst().reasons().getFirst().code()).isEqualTo("too-large");
    }

    @Test
    void givesUpAfterTwoMinutesWithoutSuccess() {
        for (int i = 0; i < 1000; i++) {
            transport.then(AWAY);
        }

        assertThatThrownBy(() -> retries.deliver(batch(1)))
                .isInstanceOf(ClientException.Unreachable.class)
                .hasMessageContaining("fake")
                .hasMessageContaining("HTTP 503");
        assertThat(Duration.ofNanos(waits.nanos)).isGreaterThan(Duration.ofMinutes(2));
    }

    @Test
    void doesNotGiveUpAtTheFirstFailureBecauseItWasIdle() throws InterruptedException {
        retries.deliver(batch(1));
        waits.nanos += Duration.ofHours(1).toNanos();
        transport.then(AWAY, AWAY);

        Answer answer = retries.deliver(batch(1));

        assertThat(answer.accepted()).isEqualTo(1);
        assertThat(waits.waits).hasSize(2);
    }

    @Test
    void saysWhyItIsRefusedAndEndsWhenItIsClosed() {
        transport.then(new Attempt.Refused("no-such-contract", "no"), AWAY);

        assertThatThrownBy(() -> retries.deliver(batch(1)))
                .isInstanceOfSatisfying(
                        ClientException.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("no-such-contract"));
        waits.end();
        assertThatThrownBy(() -> retries.deliver(batch(1)))
                .isInstanceOf(ClientException.Closed.class);
    }
}
