package leat.stream.send;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import leat.core.contract.ContractName;

/// Delivers batches to one contract's address, again and again until the collector has answered for
/// them. A batch that is sent again carries the same key and index, so its events keep their ids.
final class CollectorClient implements AutoCloseable {

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(60);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /// What became of one attempt.
    private sealed interface Attempt {
        record Answered(Answer answer) implements Attempt {}

        record TooLarge() implements Attempt {}

        /// @param after how long the collector asks to wait; empty for our own back-off
        record Later(String why, Optional<Duration> after, Optional<Exception> cause)
                implements Attempt {}
    }

    /// What became of a batch.
    sealed interface Delivered {
        record Done(Answer answer) implements Delivered {}

        /// 413: to be cut in two, or refused where it is one row.
        record TooLarge() implements Delivered {}

        /// The run was ended before the collector answered.
        record Ended() implements Delivered {}
    }

    private final URI address;
    private final SendSettings settings;
    private final Waiting waiting;
    private final AtomicLong lastSuccessNanos;
    private final ClientAccess access;
    private final HttpClient http;

    CollectorClient(
            URI collector,
            ContractName contract,
            SendSettings settings,
            ClientAccess access,
            Waiting waiting) {
        this.access = access;
        this.http =
                access.client()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
        String base = collector.toString().replaceFirst("/+$", "");
        this.address = URI.create(base + "/v1/events/" + contract);
        this.settings = settings;
        this.waiting = waiting;
        this.lastSuccessNanos = new AtomicLong(waiting.nanos());
    }

    /// Delivers a batch under `key`.
    ///
    /// @throws SendException.Refused when the collector refuses the request as a whole
    /// @throws SendException.Unreachable when no request has succeeded for too long
    Delivered deliver(Batch batch, String key) throws InterruptedException {
        HttpRequest request =
                access.authorize(HttpRequest.newBuilder(address))
                        .timeout(settings.requestTimeout())
                        .header("Content-Type", "application/x-ndjson")
                        .header("Content-Encoding", "gzip")
                        .header("Idempotency-Key", key)
                        .header("Idempotency-Index", Long.toString(batch.first()))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(batch.gzippedLines()))
                        .build();
        Duration backOff = FIRST_BACK_OFF;
        while (true) {
            switch (attempt(request, batch.rows().size())) {
                case Attempt.Answered(Answer answer) -> {
                    lastSuccessNanos.set(waiting.nanos());
                    return new Delivered.Done(answer);
                }
                case Attempt.TooLarge() -> {
                    return new Delivered.TooLarge();
                }
                case Attempt.Later later -> {
                    giveUpWhenTooLong(later);
                    if (waiting.await(later.after().orElse(backOff))) {
                        return new Delivered.Ended();
                    }
                    Duration doubled = backOff.multipliedBy(2);
                    backOff = doubled.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : doubled;
                }
            }
        }
    }

    private Attempt attempt(HttpRequest request, int rows) throws InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new Attempt.Later(why, Optional.empty(), Optional.of(e));
        }
        int status = response.statusCode();
        return switch (status) {
            case 200, 202, 207, 422 -> new Attempt.Answered(Answer.parse(response.body(), rows));
            case 413 -> new Attempt.TooLarge();
            case 408, 429, 500, 502, 503, 504 ->
                    new Attempt.Later("HTTP " + status, retryAfter(response), Optional.empty());
            default -> throw Answer.refusal(status, response.body(), "POST " + address);
        };
    }

    /// `Retry-After` in seconds; a date or nonsense counts as absent.
    private static Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .map(asked ->
                        asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked);
    }

    private void giveUpWhenTooLong(Attempt.Later later) {
        Duration since = Duration.ofNanos(waiting.nanos() - lastSuccessNanos.get());
        if (since.compareTo(settings.giveUpAfter()) > 0) {
            SendException.Unreachable unreachable =
                    new SendException.Unreachable(
                            "nothing was accepted by "
                                    + address
                                    + " for "
                                    + since.toSeconds()
                                    + " s; the last try ended with: "
                                    + later.why()
                                    + ". Start the platform (leat up), then run the same command"
                                    + " again: it continues where this one stopped");
            later.cause().ifPresent(unreachable::initCause);
            throw unreachable;
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
