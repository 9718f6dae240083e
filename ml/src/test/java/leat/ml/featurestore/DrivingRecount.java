package leat.ml.featurestore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the vectors of [Driving] are by `docs/decisions/feature-views.md`, made of the records in
/// the source's topic alone, each anew from all events of its entity. Nothing of the code that
/// makes them live, or in a replay, has a part in it.
final class DrivingRecount {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long MINUTE = 60_000_000;
    private static final long HOP = 10_000_000;

    /// More digits than a quotient needs to be on its side of the middle between two doubles.
    private static final MathContext DIGITS = new MathContext(200);

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Map<String, Event> events = new TreeMap<>();

    private record Event(long timeMicros, String car, double speed, long gear, String road) {}

    /// @param source the committed records of the source's topic
    DrivingRecount(List<ConsumerRecord<byte[], byte[]>> source) {
        for (ConsumerRecord<byte[], byte[]> record : source) {
            event(record)
                    .filter(event -> event.gear() != -1)
                    .ifPresent(
                            event -> events.put(record.partition() + "@" + record.offset(), event));
        }
    }

    private static Optional<Event> event(ConsumerRecord<byte[], byte[]> record) {
        try {
            JsonNode event = JSON.readTree(record.value());
            String time = EventHeader.text(record.headers(), EventHeaders.EVENT_TIME);
            return Optional.of(
                    new Event(
                            Long.parseLong(Objects.requireNonNull(time)),
                            event.path("car").asString(),
                            event.path("speed").doubleValue(),
                            event.path("gear").longValue(),
                            event.path("road").asString()));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /// The places of the view's events, `partition@offset`.
    Set<String> places() {
        return events.keySet();
    }

    /// Holds each vector of the view of cars against its event and those that came before it.
    void assertOfCars(List<ConsumerRecord<byte[], byte[]>> vectors) {
        assertMade(vectors, EventHeaders.POSITION, Event::car);
    }

    /// The same of the view of roads, whose events came from all partitions of the source.
    void assertOfRoads(List<ConsumerRecord<byte[], byte[]>> vectors) {
        assertMade(vectors, EventHeaders.ORIGIN, Event::road);
    }

    /// @param vectors a partition after the other
    /// @param header that says where the event of a vector stands in the source's topic
    private void assertMade(
            List<ConsumerRecord<byte[], byte[]>> vectors,
            String header,
            Function<Event, String> entity) {
        Map<String, List<Event>> known = new HashMap<>();
        Map<Integer, Long> positions = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> vector : vectors) {
            // An entity has one partition, and its vectors are in the order of its events there.
            long position = position(vector, EventHeaders.POSITION).offset();
            Long last = positions.put(vector.partition(), position);
            assertThat(position).isGreaterThan(last == null ? -1 : last);

            Position origin = position(vector, header);
            String place = origin.partition() + "@" + origin.offset();
            Event event = Objects.requireNonNull(events.get(place), place);
            String whose = entity.apply(event);
            List<Event> own = known.computeIfAbsent(whose, _ -> new ArrayList<>());
            own.add(event);
            assertThat(new String(vector.key(), UTF_8)).as(place).isEqualTo(whose);
            assertThat(new String(vector.value(), UTF_8)).as(place).isEqualTo(vector(whose, own));
        }
    }

    private static Position position(ConsumerRecord<byte[], byte[]> vector, String header) {
        return Position.parse(String.valueOf(EventHeader.text(vector.headers(), header)));
    }

    /// The vector after the last of an entity's events, in the order in which they came.
    private static String vector(String entity, List<Event> events) {
        Event newest = newest(events);
        long query = newest.timeMicros() + 1;
        List<Event> minute = window(events, query, MINUTE);
        List<Event> tenMinutes = window(events, query, 10 * MINUTE);
        return "{\"entity\":\"%s\",\"query_time\":\"%s\",\"road\":\"%s\""
                        .formatted(entity, time(query), newest.road())
                + ",\"events_10m\":"
                + tenMinutes.size()
                + ",\"speed_mean_1m\":"
                + sum(minute, 1).divide(count(minute), DIGITS).doubleValue()
                + ",\"speed_sum_10m\":"
                + sum(tenMinutes, 1).doubleValue()
                + ",\"speed_dev_10m\":"
                + deviation(tenMinutes)
                + ",\"speed_max_1m\":"
                + minute.stream().mapToDouble(Event::speed).max().orElseThrow()
                + ",\"gear_last_1m\":"
                + newest(minute).gear()
                + ",\"roads_10m\":"
                + tenMinutes.stream().map(Event::road).distinct().count()
                + "}";
    }

    private static String time(long micros) {
        return MICROS.format(Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000));
    }

    /// Of events at the same time the one that came last.
    private static Event newest(List<Event> events) {
        Event newest = events.getFirst();
        for (Event event : events) {
            newest = event.timeMicros() >= newest.timeMicros() ? event : newest;
        }
        return newest;
    }

    private static List<Event> window(List<Event> events, long query, long length) {
        long from = Math.floorDiv(query - length, HOP) * HOP;
        return events.stream()
                .filter(event -> event.timeMicros() >= from && event.timeMicros() < query)
                .toList();
    }

    private static BigDecimal count(List<Event> events) {
        return BigDecimal.valueOf(events.size());
    }

    private static BigDecimal sum(List<Event> events, int power) {
        return events.stream()
                .map(event -> new BigDecimal(event.speed()).pow(power))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static double deviation(List<Event> events) {
        BigDecimal numerator =
                count(events).multiply(sum(events, 2)).subtract(sum(events, 1).pow(2));
        return Math.sqrt(numerator.divide(count(events).pow(2), DIGITS).doubleValue());
    }
}
