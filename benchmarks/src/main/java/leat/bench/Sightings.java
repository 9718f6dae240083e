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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import leat.ml.featurestore.online.OnlineStore;
import leat.ml.featurestore.online.OnlineView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks for events in the features that are served, and takes the time. The store is asked within
/// the process, which takes microseconds; once it has the vector it is asked for over HTTP, and the
/// time ends with an answer that shows it. So a question a sample goes over the wire, and what is
/// measured is not disturbed.
///
/// It is asked each millisecond, and seldomer the longer an event takes: where hundreds are waited
/// for, asking would else take from what is measured.
final class Sightings {

    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

    /// Of the time that an event has taken so far, between two looks.
    private static final int LOOK_PART = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OnlineStore store;
    private final OnlineView view;
    private final InetSocketAddress console;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<Double>> sightings = new ArrayList<>();

    /// An event that is looked for.
    ///
    /// @param queryMicros of the vector that was written with it; a later one has it too
    record Wanted(String entity, long queryMicros) {}

    Sightings(OnlineStore store, OnlineView view, InetSocketAddress console) {
        this.store = store;
        this.view = view;
        this.console = console;
    }

    /// The client has been told that the event is accepted.
    void accepted(Wanted event) {
        long acceptedNanos = System.nanoTime();
        Future<Double> sighting = threads.submit(() -> millis(event, acceptedNanos));
        synchronized (sightings) {
            sightings.add(sighting);
        }
    }

    /// Waits until all events were seen, and gives their times in milliseconds.
    ///
    /// @throws IllegalStateException when one was not
    double[] await() {
        List<Future<Double>> all;
        synchronized (sightings) {
            all = List.copyOf(sightings);
            sightings.clear();
        }
        double[] millis = new double[all.size()];
        try {
            for (int i = 0; i < millis.length; i++) {
                millis[i] = all.get(i).get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event does not show", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return millis;
    }

    private double millis(Wanted event, long acceptedNanos)
            throws IOException, InterruptedException {
        long deadline = acceptedNanos + PATIENCE.toNanos();
        List<String> entity = List.of(event.entity());
        while (store.vectors(view, entity).getFirst().stream()
                .noneMatch(vector -> vector.queryMicros() >= event.queryMicros())) {
            long now = System.nanoTime();
            if (now - deadline > 0) {
                throw new IllegalStateException(event + " is not in the online store");
            }
            LockSupport.parkNanos(Math.max(LOOK_NANOS, (now - acceptedNanos) / LOOK_PART));
        }
        String answer = ask(event.entity());
        double millis = (System.nanoTime() - acceptedNanos) / 1e6;
        require(event, answer);
        return millis;
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
