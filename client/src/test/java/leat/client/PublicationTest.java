package leat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PublicationTest {

    private static final Flow.Subscription NOTHING =
            new Flow.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            };

    private final FakeTransport transport = new FakeTransport();

    private LeatClient client(int batchEvents, Duration linger, int inFlight) {
        return new LeatClient(
                transport,
                ClientSettings.DEFAULTS
                        .withBatches(batchEvents, 1 << 20, linger)
                        .withRequests(inFlight, Duration.ofSeconds(5), Duration.ofMinutes(1)));
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    @Test
    void sendsFullBatchesAndTellsTheResultsInOrder() throws Exception {
        try (LeatClient client = client(10, Duration.ofMinutes(1), 3)) {
            transport.then(new Attempt.Later("HTTP 503", Optional.of(Duration.ofMillis(20))));
            List<EventResult> results = new ArrayList<>();
            EventSink sink = client.sink("clicks", "run", results::add);

            new Numbers(95).subscribe(sink);

            EventSink.Totals totals = sink.done().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(totals).isEqualTo(new EventSink.Totals(95, 0, 0));
            for (int i = 0; i < 95; i++) {
                assertThat(results.get(i)).isEqualTo(new EventResult.Accepted(i, "run/" + i));
            }
            assertThat(transport.sent()).hasSize(11);
            assertThat(transport.sent().stream().mapToInt(batch -> batch.events().size()).sum())
                    .isEqualTo(105);
        }
    }

    @Test
    void takesNoMoreFromItsSourceThanItMayHold() throws Exception {
        transport.hold();
        try (LeatClient client = client(10, Duration.ofMillis(1), 2)) {
            Numbers numbers = new Numbers(10_000);
            EventSink sink = client.sink("clicks", "run", _ -> {});
            numbers.subscribe(sink);
            await("two requests are under way", () -> transport.sent().size() == 2);

            assertThat(numbers.published()).isLessThanOrEqualTo(30);

            transport.release();
            sink.done().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(numbers.published()).isEqualTo(10_000);
        }
    }

    @Test
    void takesNoMoreThanResultsAreAskedFor() {
        try (LeatClient client = client(10, Duration.ofMillis(1), 2)) {
            Numbers numbers = new Numbers(10_000);
            CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
            List<EventResult> results = new ArrayList<>();
            client.publish("clicks", "run", numbers)
                    .subscribe(
                            new Flow.Subscriber<>() {
                                @Override
                                public void onSubscribe(Flow.Subscription subscription) {
                                    subscribed.complete(subscription);
                                }

                                @Override
                                public void onNext(EventResult result) {
                                    synchronized (results) {
                                        results.add(result);
                                    }
                                }

                                @Override
                                public void onError(Throwable failure) {}

                                @Override
                                public void onComplete() {}
                            });
            subscribed.join().request(5);
            await(
                    "five results",
                    () -> {
                        synchronized (results) {
                            return results.size() == 5;
                        }
                    });

            assertThat(numbers.published()).isLessThanOrEqualTo(35);
            subscribed.join().cancel();
        }
    }

    @Test
    void sendsWhatHasWaitedLongEnough() throws Exception {
        try (LeatClient client = client(1000, Duration.ofMillis(5), 2)) {
            EventSink sink = client.sink("clicks", "run", _ -> {});
            try (SubmissionPublisher<Event> events = new SubmissionPublisher<>()) {
                events.subscribe(sink);
                events.submit(Event.json("{}"));
                await("the event is sent", () -> transport.sent().size() == 1);
            }
            assertThat(sink.done().toCompletableFuture().get(20, TimeUnit.SECONDS).accepted())
                    .isEqualTo(1);
        }
    }

    @Test
    void failsWhatStillWaitsForOthersWhenTheClientIsClosed() {
        transport.hold().then(new Attempt.Later("closed", Optional.empty()));
        EventSink sink;
        try (LeatClient client = client(1000, Duration.ofMillis(200), 2)) {
            sink = client.sink("clicks", "run", _ -> {});
            sink.onSubscribe(NOTHING);
            sink.onNext(Event.json("{}"));
        }

        assertThatThrownBy(() -> sink.done().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ClientException.Closed.class);
    }

    @Test
    void failsWhatComesAfterTheClientIsClosed() {
        EventSink sink;
        try (LeatClient client = client(1000, Duration.ofMillis(200), 2)) {
            sink = client.sink("clicks", "run", _ -> {});
            sink.onSubscribe(NOTHING);
        }

        sink.onNext(Event.json("{}"));

        assertThatThrownBy(() -> sink.done().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ClientException.Closed.class);
    }

    @Test
    void keepsEventsOfOneFormTogether() throws Exception {
        try (LeatClient client = client(1000, Duration.ofMinutes(1), 1)) {
            EventSink sink = client.sink("clicks", "run", _ -> {});
            try (SubmissionPublisher<Event> events = new SubmissionPublisher<>()) {
                events.subscribe(sink);
                events.submit(Event.json("{}"));
                events.submit(Event.json("{}"));
                events.submit(Event.json("{}").withIdentity("shop", "1"));
                events.submit(Event.of(new byte[] {1}, "application/avro"));
                events.submit(Event.of(new byte[] {2}, "application/avro"));
            }
            sink.done().toCompletableFuture().get(20, TimeUnit.SECONDS);

            assertThat(transport.sent())
                    .extracting(batch -> Map.entry(batch.firstIndex(), batch.events().size()))
                    .containsExactly(
                            Map.entry(0L, 2), Map.entry(2L, 1), Map.entry(3L, 1), Map.entry(4L, 1));
        }
    }

    @Test
    void failsWithWhatTheCollectorSays() {
        transport.then(new Attempt.Refused("forbidden", "the key is not for it"));
        try (LeatClient client = client(10, Duration.ofMillis(1), 2)) {
            EventSink sink = client.sink("clicks", "run", _ -> {});
            new Numbers(1_000_000).subscribe(sink);

            assertThatThrownBy(() -> sink.done().toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ClientException.Refused.class);
        }
    }
}
