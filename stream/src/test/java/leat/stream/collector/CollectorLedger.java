package leat.stream.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leat.core.event.EventHeaders;
import leat.stream.collector.http.RawClient;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The clients' side of a test: they send events of all fates, repeat what has no answer, and keep
/// account of what they were told, to be compared with what the log has.
final class CollectorLedger {

    private static final String PATH = "/v1/events/car-telemetry";
    private static final String LINES = "Content-Type: application/x-ndjson";

    private final Map<String, Event> sent = new ConcurrentHashMap<>();
    private final Set<Event> accepted = ConcurrentHashMap.newKeySet();
    private final Set<Event> dead = ConcurrentHashMap.newKeySet();
    private final Set<Event> sentAgain = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();
    private final Object moved = new Object();
    private Address address = new Address(0, 0);
    private boolean stopped;

    /// Where the collector is in its `generation`-th life.
    private record Address(int generation, int port) {}

    private enum Fate {
        ACCEPTED,
        DEAD,
        REFUSED
    }

    private record Event(String id, String json, Fate fate) {
        /// What tells it apart in the log: a broken event has no id there but the server's.
        String mark() {
            return fate == Fate.DEAD ? json : id;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Request(byte[] bytes, int status, List<Event> events) {
        Request(byte[] bytes, int status, Event... events) {
            this(bytes, status, List.of(events));
        }
    }

    /// Sends the clients to another collector.
    void moveTo(int port) {
        synchronized (moved) {
            address = new Address(address.generation() + 1, port);
            moved.notifyAll();
        }
    }

    /// Lets clients end after their next answer.
    void stop() {
        synchronized (moved) {
            stopped = true;
        }
    }

    int answers() {
        return answers.get();
    }

    private Address awaitCollectorAfter(int generation) throws InterruptedException {
        synchronized (moved) {
            while (address.generation() == generation) {
                moved.wait();
            }
            return address;
        }
    }

    private boolean stopped() {
        synchronized (moved) {
            return stopped;
        }
    }

    /// Sends as `client`, one request after the other, until [#stop].
    Void send(String client) throws InterruptedException {
        int next = 0;
        Optional<Request> unanswered = Optional.empty();
        int generation = 0;
        while (true) {
            Address collector = awaitCollectorAfter(generation);
            generation = collector.generation();
            try (RawClient connection = new RawClient(collector.port())) {
                while (unanswered.isPresent() || !stopped()) {
                    Request request;
                    if (unanswered.isPresent()) {
                        request = unanswered.get();
                        sentAgain.addAll(request.events());
                    } else {
                        request = request(client + "-" + next, next);
                        next++;
                        request.events().forEach(event -> sent.put(event.mark(), event));
                        unanswered = Optional.of(request);
                    }
                    RawClient.Response answer = connection.send(request.bytes()).read();
                    if (answer.status() == 503) {
                        continue;
                    }
                    note(request, answer);
                    unanswered = Optional.empty();
                }
                return null;
            } catch (IOException _) {
                // It was killed: on with its next life.
            }
        }
    }

    /// A request of the `number`-th kind.
    private static Request request(String name, int number) {
        Event good = good(name + "-a");
        Event other = good(name + "-b");
        Event broken = new Event(name + "-c", "{\"id\" \"" + name + "-c\"}", Fate.DEAD);
        Event large =
                new Event(
                        name + "-d",
                        "{\"id\":\"%s-d\",\"p\":\"%s\"}"
                                .formatted(name, "x".repeat(CollectorChild.MAX_EVENT_BYTES)),
                        Fate.REFUSED);
        Event refused = new Event(good.id(), good.json(), Fate.REFUSED);
        return switch (number % 8) {
            case 0, 1 -> new Request(RawClient.post(PATH, good.json()), 202, good);
            case 2 -> {
                List<Event> many =
                        IntStream.range(0, 20).mapToObj(n -> good(name + "-" + n)).toList();
                String lines = many.stream().map(Event::json).collect(Collectors.joining("\n"));
                yield new Request(RawClient.post(PATH, lines, LINES), 202, many);
            }
            case 3 ->
                    new Request(
                            RawClient.post(PATH, array(good, broken, large, other)),
                            207,
                            good,
                            broken,
                            large,
                            other);
            case 4 -> new Request(RawClient.post(PATH, broken.json()), 422, broken);
            case 5 -> new Request(RawClient.post(PATH, large.json()), 413, large);
            case 6 -> new Request(RawClient.post(PATH, "[" + refused.json()), 400, refused);
            default ->
                    new Request(RawClient.post("/v1/events/nothing", refused.json()), 404, refused);
        };
    }

    private static Event good(String id) {
        return new Event(id, "{\"id\":\"" + id + "\"}", Fate.ACCEPTED);
    }

    private static String array(Event... events) {
        return List.of(events).stream()
                .map(Event::json)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /// Checks the answer against what was sent, and takes it for a promise.
    private void note(Request request, RawClient.Response answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(request.status());
        JsonNode told = JsonMapper.shared().readTree(answer.body());
        List<String> ids = new ArrayList<>();
        told.path("ids").forEach(id -> ids.add(id.asString()));
        assertThat(ids)
                .containsExactlyElementsOf(
                        request.events().stream()
                                .filter(event -> event.fate() == Fate.ACCEPTED)
                                .map(Event::id)
                                .toList());
        told.path("problems")
                .forEach(problem -> {
                    Event event = request.events().get(problem.path("index").asInt());
                    assertThat(problem.path("status").asString())
                            .isEqualToIgnoringCase(event.fate().name());
                });
        for (Event event : request.events()) {
            switch (event.fate()) {
                case ACCEPTED -> accepted.add(event);
                case DEAD -> dead.add(event);
                case REFUSED -> {
                    // That it is nowhere is checked without a promise.
                }
            }
        }
        answers.incrementAndGet();
    }

    /// Compares the log with what the clients were told.
    void check(
            List<ConsumerRecord<byte[], byte[]>> raw,
            List<ConsumerRecord<byte[], byte[]>> letters) {
        for (ConsumerRecord<byte[], byte[]> record : raw) {
            String id = header(record, EventHeaders.ID);
            assertThat(new String(record.value(), UTF_8)).isEqualTo("{\"id\":\"" + id + "\"}");
            assertThat(new String(record.key(), UTF_8)).isEqualTo(id);
            assertThat(header(record, EventHeaders.SOURCE)).isEqualTo("car-telemetry");
            assertThat(header(record, EventHeaders.TYPE)).isEqualTo("car-telemetry");
            assertThat(header(record, EventHeaders.SPEC_VERSION)).isEqualTo("1.0");
            assertThat(header(record, EventHeaders.CONTENT_TYPE)).isEqualTo("application/json");
            assertThat(header(record, EventHeaders.ID_ORIGIN)).isEqualTo("contract");
        }
        for (ConsumerRecord<byte[], byte[]> record : letters) {
            assertThat(header(record, EventHeaders.STAGE)).isEqualTo("collector");
            assertThat(header(record, EventHeaders.CONTRACT_VERSION)).isEqualTo("2.0.0");
            assertThat(header(record, EventHeaders.DEAD_ID)).hasSize(32);
            assertThat(header(record, EventHeaders.ID)).isNotEmpty();
            assertThat(header(record, EventHeaders.ID_ORIGIN)).isEqualTo("server");
            assertThat(header(record, EventHeaders.REASONS)).contains("\"malformed\"");
        }
        compare(raw.stream().map(record -> header(record, EventHeaders.ID)), accepted);
        compare(letters.stream().map(record -> new String(record.value(), UTF_8)), dead);
    }

    /// Whether `found` has all of `promised`, nothing of another fate, and twice only what was sent
    /// twice.
    private void compare(Stream<String> found, Set<Event> promised) {
        Fate fate = promised.iterator().next().fate();
        Map<String, Integer> times = new HashMap<>();
        found.forEach(mark -> times.merge(mark, 1, Integer::sum));
        Set<String> lost = marks(promised.stream());
        lost.removeAll(times.keySet());
        assertThat(lost).isEmpty();
        Set<String> misplaced = new HashSet<>(times.keySet());
        misplaced.removeAll(marks(sent.values().stream().filter(event -> event.fate() == fate)));
        assertThat(misplaced).isEmpty();
        assertThat(times.entrySet())
                .filteredOn(entry -> entry.getValue() > 1)
                .allSatisfy(entry -> assertThat(sentAgain).contains(sent.get(entry.getKey())));
    }

    private static Set<String> marks(Stream<Event> events) {
        return events.map(Event::mark).collect(Collectors.toCollection(HashSet::new));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
