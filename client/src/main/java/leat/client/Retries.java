package leat.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Delivers batches: again until the collector has answered for them, always with the same ids, in
/// parts where a batch is too large for one request.
///
/// Between tries it waits what the collector asks for, at most a minute; else a random time up to a
/// bound that doubles from 100 ms to 5 s (full jitter), so that many clients do not come back at
/// once.
public final class Retries {

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(60);

    private final Transport transport;
    private final ClientSettings settings;
    private final Waits waits;
    private final RandomGenerator random;
    private final AtomicLong lastSuccessNanos;

    /// @param random draws the waits; called by several threads
    public Retries(
            Transport transport, ClientSettings settings, Waits waits, RandomGenerator random) {
        this.transport = transport;
        this.settings = settings;
        this.waits = waits;
        this.random = random;
        this.lastSuccessNanos = new AtomicLong(waits.nanos());
    }

    /// Delivers a batch.
    ///
    /// @throws ClientException.Refused when the collector refuses the request as a whole
    /// @throws ClientException.Unreachable when no request has succeeded for too long
    /// @throws ClientException.Closed when the waits were ended first
    public Answer deliver(Batch batch) throws InterruptedException {
        long begunNanos = waits.nanos();
        Duration bound = FIRST_BACK_OFF;
        while (true) {
            switch (transport.send(batch, settings.requestTimeout())) {
                case Attempt.Answered(Answer answer) -> {
                    lastSuccessNanos.set(waits.nanos());
                    return answer;
                }
                case Attempt.TooLarge() -> {
                    return inParts(batch);
                }
                case Attempt.Refused(String code, String message) ->
                        throw new ClientException.Refused(code, message);
                case Attempt.Later later -> {
                    giveUpWhenTooLong(later, begunNanos);
                    if (waits.await(later.after().map(this::asked).orElse(drawn(bound)))) {
                        throw new ClientException.Closed();
                    }
                    bound = shorter(bound.multipliedBy(2), LONGEST_BACK_OFF);
                }
            }
        }
    }

    private Answer inParts(Batch batch) throws InterruptedException {
        int size = batch.events().size();
        if (size == 1) {
            return Answer.tooLarge(batch.events().getFirst());
        }
        Answer first = deliver(batch.part(0, size / 2));
        return first.and(deliver(batch.part(size / 2, size)));
    }

    private Duration asked(Duration after) {
        return shorter(after, LONGEST_RETRY_AFTER);
    }

    private Duration drawn(Duration bound) {
        return Duration.ofNanos(random.nextLong(1, bound.toNanos() + 1));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Time without a request counts for nobody: a client that was idle has not failed yet.
    private void giveUpWhenTooLong(Attempt.Later later, long begunNanos) {
        long now = waits.nanos();
        Duration since = Duration.ofNanos(Math.min(now - lastSuccessNanos.get(), now - begunNanos));
        if (since.compareTo(settings.giveUpAfter()) > 0) {
            throw new ClientException.Unreachable(
                    "nothing was accepted by "
                            + transport.address()
                            + " for "
                            + since.toSeconds()
                            + " s; the last try ended with: "
                            + later.why());
        }
    }
}
