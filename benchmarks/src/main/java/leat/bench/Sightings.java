package leat.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import leat.ml.featurestore.online.OnlineStore;
import leat.ml.featurestore.online.OnlineView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks for events in the features that are served, and takes the time. The store is asked within
/// the process, which takes microseconds; once it has the vector it is asked for over HTTP, and the
/// time ends with an answer that shows it. So a question a sample goes over the wire, and what is
/// measured is not disturbed.
///
/// One thread looks for all events each millisecond, and for an event seldomer the longer it takes:
/// where hundreds are waited for, a thread for each would take from what is measured.
final class Sightings implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(1);

    /// Of the time that an event has taken so far, between two looks.
    private static final int LOOK_PART = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OnlineStore store;
    private final OnlineView view;
    private final InetSocketAddress console;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<Awaited> awaited = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Double>> sightings = new ArrayList<>();

    /// An event that is looked for.
    ///
    /// @param queryMicros of the vector that was written with it; a later one has it too
    record Wanted(String entity, long queryMicros) {}

    Sightings(OnlineStore store, OnlineView view, InetSocketAddress console) {
        this.store = store;
        this.view = view;
        this.console = console;
        Future<?> _ =
                looker.scheduleWithFixedDelay(
                        () -> awaited.removeIf(Awaited::isOver),
                        0,
                        LOOK.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /// The client has been told that the event is accepted.
    void accepted(Wanted event) {
        Awaited sighting = new Awaited(event);
        synchronized (sightings) {
            sightings.add(sighting.millis);
        }
        awaited.add(sighting);
    }

    /// Waits until all events were seen, and gives their times in milliseconds.
    ///
    /// @throws IllegalStateException when one was not
    double[] await() {
        List<CompletableFuture<Double>> all;
        synchronized (sightings) {
            all = List.copyOf(sightings);
            sightings.clear();
        }
        try {
            return all.stream().mapToDouble(CompletableFuture::join).toArray();
        } catch (CompletionException e) {
            throw new IllegalStateException("an event does not show", e.getCause());
        }
    }

    @Override
    public void close() {
        looker.shutdownNow();
        askers.close();
        http.close();
    }

    /// An event from its acceptance to an answer that has it; looked for by one thread.
    private final class Awaited {

        private final Wanted event;
        private final CompletableFuture<Double> millis = new CompletableFuture<>();
        private final long acceptedNanos = System.nanoTime();
        private long nextNanos = acceptedNanos;

        Awaited(Wanted event) {
            this.event = event;
        }

        /// Looks if it is time to, and gives whether no more looking is needed.
        boolean isOver() {
            long now = System.nanoTime();
            if (now - nextNanos < 0) {
                return false;
            }
            try {
                if (isServed()) {
                    askers.execute(this::ask);
                    return true;
                }
            } catch (RuntimeException e) {
                millis.completeExceptionally(e);
                return true;
            }
            nextNanos = now + (now - acceptedNanos) / LOOK_PART;
            return now - acceptedNanos > PATIENCE.toNanos()
                    && millis.completeExceptionally(
                            new IllegalStateException(event + " is not in the online store"));
        }

        private boolean isServed() {
            return store.vectors(view, List.of(event.entity())).getFirst().stream()
                    .anyMatch(vector -> vector.queryMicros() >= event.queryMicros());
        }

        private void ask() {
            try {
                String answer = Sightings.this.ask(event.entity());
                double took = (System.nanoTime() - acceptedNanos) / 1e6;
                require(event, answer);
                millis.complete(took);
            } catch (IOException | RuntimeException e) {
                millis.completeExceptionally(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                millis.completeExceptionally(e);
            }
        }
    }

    private String ask(String entity) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + console.getPort()
                                                        + "/api/v1/features/"
                                                        + view.name()
                                                        + "/"
                                                        + entity))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the console answered " + answer.statusCode());
        }
        return answer.body();
    }

    private static void require(Wanted event, String answer) {
        JsonNode vector = JSON.readTree(answer).required("entities").get(0);
        long queryMicros =
                ChronoUnit.MICROS.between(
                        Instant.EPOCH, Instant.parse(vector.required("query_time").asString()));
        if (!vector.required("status").asString().equals("present")
                || queryMicros < event.queryMicros()) {
            throw new IllegalStateException(event + " is not in " + answer);
        }
    }
}
