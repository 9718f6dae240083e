package leat.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/// A client of a collector. Thread-safe.
///
/// ```java
/// try (LeatClient client = LeatClient.open(URI.create("grpc://127.0.0.1:8081"),
///         Optional.empty(), ClientSettings.DEFAULTS)) {
///     client.send(new Batch("car-telemetry", key, 0, List.of(Event.json("{…}"))));
/// }
/// ```
public final class LeatClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final Transport transport;
    private final Waits waits;
    private final ScheduledExecutorService timer;
    private final Publication.Parts parts;

    /// @param transport is closed with the client
    public LeatClient(Transport transport, ClientSettings settings) {
        this.transport = transport;
        this.waits = Waits.real();
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("leat-client-timer").daemon().factory());
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        this.parts =
                new Publication.Parts(
                        new Retries(transport, settings, waits, random), settings, timer);
    }

    /// Opens a client that believes the authorities of the JDK where the address is encrypted, and
    /// shows no certificate.
    ///
    /// @param collector `http://127.0.0.1:8080`, `https://…`, `grpc://127.0.0.1:8081` or
    ///   `grpcs://…`
    /// @param key the API key that it shows
    /// @throws IllegalArgumentException when the address is of another kind
    public static LeatClient open(URI collector, Optional<String> key, ClientSettings settings) {
        return new LeatClient(transport(collector, key, Optional.empty()), settings);
    }

    /// Opens a client that believes whom `tls` believes, and shows the certificate that it has:
    /// over HTTP and gRPC alike.
    ///
    /// @param collector `https://…` or `grpcs://…`
    /// @param key the API key that it shows
    /// @throws IllegalArgumentException when the address is of another kind
    public static LeatClient open(
            URI collector, Optional<String> key, SSLContext tls, ClientSettings settings) {
        String scheme = String.valueOf(collector.getScheme());
        if (!scheme.equals("https") && !scheme.equals("grpcs")) {
            throw new IllegalArgumentException(
                    "'" + collector + "' begins with neither https:// nor grpcs://");
        }
        return new LeatClient(transport(collector, key, Optional.of(tls)), settings);
    }

    private static Transport transport(
            URI collector, Optional<String> key, Optional<SSLContext> tls) {
        return switch (String.valueOf(collector.getScheme())) {
            case "http", "https" ->
                    new HttpTransport(collector, key, http(tls), HttpTransport.Format.DEFAULTS);
            case "grpc", "grpcs" -> new GrpcTransport(collector, key, tls);
            default ->
                    throw new IllegalArgumentException(
                            "'"
                                    + collector
                                    + "' begins with none of http://, https://, grpc://, grpcs://");
        };
    }

    private static HttpClient http(Optional<SSLContext> tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT);
        tls.ifPresent(builder::sslContext);
        return builder.build();
    }

    /// A key for one run of a program, of which no other run has the same.
    public static String freshKey() {
        return UUID.randomUUID().toString();
    }

    /// Sends a batch, again until it is answered for, and returns then.
    ///
    /// @throws ClientException when that does not come about
    public Answer send(Batch batch) throws InterruptedException {
        return parts.retries().deliver(batch);
    }

    /// Sends what `events` publishes when somebody subscribes, and publishes what became of it, in
    /// its order. Takes no more events than it has been asked for results, but for the few batches
    /// that it holds.
    ///
    /// @param key with an event's index it makes the ids of events that have none: what is sent
    ///   again under the same key is found to be a duplicate
    public Flow.Publisher<EventResult> publish(
            String contract, String key, Flow.Publisher<Event> events) {
        return subscriber -> {
            Objects.requireNonNull(subscriber, "subscriber");
            events.subscribe(new Publication(parts, contract, key, subscriber));
        };
    }

    /// Takes events for a contract.
    ///
    /// @param key as for [#publish]
    /// @param each is told what became of each event, in turn, and must be quick
    public EventSink sink(String contract, String key, Consumer<EventResult> each) {
        return new EventSink(parts, contract, key, each);
    }

    /// Ends all waits between tries, now and later: requests under way are finished, and what would
    /// have to be sent again fails with [ClientException.Closed].
    public void endWaits() {
        waits.end();
    }

    /// As [#endWaits], and lets go of the collector. Events that wait for others to share their
    /// request fail with [ClientException.Closed] too, when they have waited.
    @Override
    public void close() {
        endWaits();
        timer.shutdown(); // what waits is still sealed, to be told that it is not sent
        transport.close();
    }
}
