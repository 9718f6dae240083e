package leat.ml.featurestore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import leat.core.event.EventHeaders;
import leat.core.event.EventIdentity;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.FeatureView;
import leat.core.validate.MicrosText;
import leat.ml.featurestore.SourceSearch.Event;
import leat.ml.featurestore.SourceSearch.Found;
import leat.ml.featurestore.SourceSearch.Lacking;
import leat.ml.featurestore.SourceSearch.Limits;
import leat.ml.featurestore.SourceSearch.OfFeature;
import leat.ml.featurestore.SourceSearch.Vector;
import leat.ml.testing.MemoryLog;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceSearchTest {

    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAQ");
    private static final TopicId SOURCE = new TopicId("AAAAAAAAAAAAAAAAAAAAAg");
    private static final TopicPartition PARTITION = new TopicPartition("t.enriched.drives.v1", 0);
    private static final TopicPartition VECTORS = new TopicPartition("t.vectors.driving.v1", 0);
    private static final Limits ALL = new Limits(1_000, Duration.ofMinutes(1));
    private static final long SECOND = 1_000_000;
    private static final long HOUR = 3_600 * SECOND;
    private static final long NOON = 1_800_000_000 * SECOND;
    private static final List<String> FEATURES = List.of("road", "speed_max_1m", "events_10m");

    private final MemoryLog log = new MemoryLog(TOPIC);
    private long offset;

    /// Of the vector whose events are looked for.
    private long vectorOffset;

    /// The vectors are deleted but for the one whose events are looked for.
    private void deleteVectors() {
        vectorOffset = 1;
        log.delete(VECTORS.topic(), vectorOffset);
    }

    /// The vector of an entity that is written with an event.
    private void vector(String car, long queryMicros, long event) {
        String time = new MicrosText().text(queryMicros);
        byte[] value =
                "{\"entity\":\"%s\",\"query_time\":\"%s\"}".formatted(car, time).getBytes(UTF_8);
        vectorOffset = log.end(VECTORS);
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(headers, EventHeaders.VIEW, "driving.v1");
        EventHeader.add(headers, EventHeaders.POSITION, new Position(TOPIC, 0, event).toString());
        log.append(
                new ConsumerRecord<>(
                        VECTORS.topic(),
                        VECTORS.partition(),
                        vectorOffset,
                        0,
                        TimestampType.LOG_APPEND_TIME,
                        0,
                        value.length,
                        car.getBytes(UTF_8),
                        value,
                        headers,
                        Optional.empty()));
    }

    private long append(String key, long appendMicros, byte[] value, Headers headers) {
        log.append(
                new ConsumerRecord<>(
                        PARTITION.topic(),
                        PARTITION.partition(),
                        offset,
                        appendMicros / 1_000,
                        TimestampType.CREATE_TIME,
                        0,
                        value.length,
                        key.getBytes(UTF_8),
                        value,
                        headers,
                        Optional.empty()));
        return offset++;
    }

    /// An event that is appended when it happens.
    private long event(String car, long timeMicros) {
        return append(
                car, timeMicros, Driving.event(car, 10, 1, "A1"), Driving.headers(timeMicros));
    }

    private Found found(FeatureFlow flow, String entity, long queryMicros, long at, Limits limits) {
        return new SourceSearch(log, limits)
                .of(PARTITION, List.of(of(flow, entity, queryMicros, at, vectorOffset)));
    }

    private static Vector of(
            FeatureFlow flow, String entity, long queryMicros, long at, long vector) {
        return new Vector(
                flow.compiled(),
                entity,
                queryMicros,
                features(flow),
                VECTORS,
                vector,
                new Position(TOPIC, 0, at));
    }

    /// All of the view's, but of `driving` those of three different windows.
    private static List<String> features(FeatureFlow flow) {
        return flow.name().startsWith("driving.")
                ? FEATURES
                : flow.compiled().view().features().stream()
                        .map(FeatureView.Feature::name)
                        .toList();
    }

    private static List<OfFeature> features(Found found) {
        assertThat(found.features()).hasSize(1);
        return found.features().values().iterator().next();
    }

    private static List<Long> offsets(OfFeature found) {
        return offsets(found.newest());
    }

    private static List<Long> offsets(List<Event> events) {
        return events.stream().map(event -> event.position().offset()).toList();
    }

    private record Seen(long offset, long timeMicros, int speed) {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eventsAreThoseOfTheEntityUpToTheVectorHoweverLateAndWhoeverWroteThem(boolean hasVectors) {
        if (!hasVectors) {
            deleteVectors();
        }
        long seed = Long.getLong("leat.feature.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Seen> ofCar = new ArrayList<>();
        long newest = Long.MIN_VALUE;
        for (int i = 0; i < 3_000; i++) {
            String car = "car" + random.nextInt(4);
            long now = NOON + (i * SECOND);
            long time = now - random.nextLong(random.nextInt(5) == 0 ? HOUR : SECOND);
            int gear = random.nextInt(6) == 0 ? -1 : 1;
            String key = random.nextInt(10) == 0 ? "by-road" : car;
            int speed = random.nextInt(30);
            boolean isBroken = random.nextInt(20) == 0;
            byte[] value =
                    isBroken ? "no event".getBytes(UTF_8) : Driving.event(car, speed, gear, "A1");
            long at = append(key, now, value, Driving.headers(time));
            if (car.equals("car2") && gear != -1 && !isBroken) {
                ofCar.add(new Seen(at, time, speed));
                newest = Math.max(newest, time);
                if (hasVectors) {
                    vector(car, newest + 1, at);
                }
                if (random.nextInt(20) == 0) {
                    assertThatAllAreFound(ofCar, newest + 1, seed);
                }
            }
        }
        assertThat(ofCar).hasSizeGreaterThan(500);
    }

    private void assertThatAllAreFound(List<Seen> seen, long query, long seed) {
        Found found = found(Driving.FLOW, "car2", query, seen.getLast().offset(), ALL);

        List<Long> froms = LongStream.of(60, 600).mapToObj(width -> from(query, width)).toList();
        List<List<Long>> expected =
                List.of(
                        recounted(seen, query - 1).subList(0, 1),
                        recounted(seen, froms.getFirst()),
                        recounted(seen, froms.getLast()));
        assertThat(features(found).stream().map(SourceSearchTest::offsets))
                .as("seed %d, at %d", seed, seen.getLast().offset())
                .containsExactlyElementsOf(expected);
        assertThat(features(found)).allMatch(OfFeature::complete);
        assertThat(found.lacking()).isEmpty();
        assertThat(deciding(Driving.FLOW, query, seen, ALL))
                .as("seed %d, at %d", seed, seen.getLast().offset())
                .isEqualTo(
                        List.of(
                                expected.getFirst(),
                                List.of(fastest(seen, froms.getFirst())),
                                List.of()));
        assertThat(deciding(Driving.FLOW, query, seen, new Limits(1, ALL.within())))
                .isEqualTo(deciding(Driving.FLOW, query, seen, ALL));
    }

    @Test
    void oneReadingFindsTheEventsOfEachOfManyVectorsAsItWasWrittenThen() {
        long seed = Long.getLong("leat.feature.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Seen> seen = new ArrayList<>();
        List<Vector> vectors = new ArrayList<>();
        List<List<List<Long>>> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long now = NOON + (i * SECOND);
            long time = now - random.nextLong(random.nextInt(5) == 0 ? 300 * SECOND : SECOND);
            String car = "car" + random.nextInt(2);
            int speed = random.nextInt(30);
            long at = append(car, now, Driving.event(car, speed, 1, "A1"), Driving.headers(time));
            if (car.equals("car1")) {
                seen.add(new Seen(at, time, speed));
                long query = seen.stream().mapToLong(Seen::timeMicros).max().orElseThrow() + 1;
                vector(car, query, at);
                if (random.nextInt(20) == 0) {
                    vectors.add(of(Driving.FLOW, car, query, at, vectorOffset));
                    expected.add(
                            List.of(
                                    recounted(seen, query - 1).subList(0, 1),
                                    recounted(seen, from(query, 60)),
                                    recounted(seen, from(query, 600))));
                }
            }
        }
        assertThat(vectors).hasSizeGreaterThan(5);

        Found found = new SourceSearch(log, ALL).of(PARTITION, vectors);

        for (int i = 0; i < vectors.size(); i++) {
            List<OfFeature> features = Objects.requireNonNull(found.features().get(vectors.get(i)));
            assertThat(features).as("seed %d", seed).allMatch(OfFeature::complete);
            assertThat(features.stream().map(SourceSearchTest::offsets))
                    .as("seed %d, vector %d", seed, i)
                    .containsExactlyElementsOf(expected.get(i));
        }
        assertThat(found.lacking()).isEmpty();
    }

    private List<List<Long>> deciding(
            FeatureFlow flow, long query, List<Seen> seen, Limits limits) {
        return features(found(flow, "car2", query, seen.getLast().offset(), limits)).stream()
                .map(OfFeature::deciding)
                .map(SourceSearchTest::offsets)
                .toList();
    }

    /// Of those that are as fast the newest.
    private static long fastest(List<Seen> seen, long from) {
        return seen.stream()
                .filter(event -> event.timeMicros() >= from)
                .max(
                        Comparator.comparingInt(Seen::speed)
                                .thenComparingLong(Seen::timeMicros)
                                .thenComparingLong(Seen::offset))
                .orElseThrow()
                .offset();
    }

    private static long from(long query, long seconds) {
        long hop = 10 * SECOND;
        return Math.floorDiv(query - (seconds * SECOND), hop) * hop;
    }

    private static List<Long> recounted(List<Seen> seen, long from) {
        return seen.stream()
                .filter(event -> event.timeMicros() >= from)
                .sorted(
                        Comparator.comparingLong(Seen::timeMicros)
                                .thenComparingLong(Seen::offset)
                                .reversed())
                .map(Seen::offset)
                .toList();
    }

    @Test
    void noMoreIsReadThanTheWindowNeeds() {
        deleteVectors();
        for (int i = 0; i < 20_000; i++) {
            event("car1", NOON + (i * 60L * SECOND));
        }
        long last = NOON + (19_999 * 60 * SECOND);

        Found found = found(Driving.FLOW, "car1", last + 1, 19_999, ALL);

        // An event may say that it is a day ahead
        assertThat(log.read()).isLessThan(24 * 60 + 20);
        assertThat(features(found)).extracting(OfFeature::count).containsExactly(1L, 2L, 11L);
        assertThat(features(found)).allMatch(OfFeature::complete);
    }

    @Test
    void vectorsSayWhereTheWindowBeginsWhenTheTimesOfTheLogDoNot() {
        // All is appended at once, long after it happened
        for (int i = 0; i < 20_000; i++) {
            long time = NOON + (i * 60L * SECOND);
            String car = "car" + (i % 2);
            long at =
                    append(
                            car,
                            NOON + (20_000 * 60 * SECOND),
                            Driving.event(car, 10, 1, "A1"),
                            Driving.headers(time));
            vector(car, time + 1, at);
        }
        long last = NOON + (19_999 * 60 * SECOND);
        log.delete(PARTITION.topic(), 19_989);

        Found found = found(Driving.FLOW, "car1", last + 1, 19_999, ALL);

        assertThat(log.read()).isLessThan(600);
        assertThat(features(found)).extracting(OfFeature::count).containsExactly(1L, 1L, 6L);
        assertThat(features(found)).allMatch(OfFeature::complete);
        assertThat(found.from()).isEqualTo(19_989);
    }

    @Test
    void aVectorWithNoneBeforeItHasNoEarlierEvents() {
        for (int i = 0; i < 2_000; i++) {
            event("car2", NOON + i);
        }
        long at = event("car1", NOON + SECOND);
        vector("car1", NOON + SECOND + 1, at);

        Found found = found(Driving.FLOW, "car1", NOON + SECOND + 1, at, ALL);

        assertThat(log.read()).isEqualTo(500);
        assertThat(features(found)).extracting(OfFeature::count).containsOnly(1L);
        assertThat(features(found)).allMatch(OfFeature::complete);
    }

    @Test
    void whatRetentionHasDeletedIsSaidOfTheWindowsThatItWasIn() {
        deleteVectors();
        event("car1", NOON);
        event("car1", NOON + (25 * HOUR));
        long at = event("car1", NOON + (25 * HOUR) + (300 * SECOND));
        log.delete(PARTITION.topic(), 1);

        Found found = found(Driving.FLOW, "car1", NOON + (25 * HOUR) + (300 * SECOND) + 1, at, ALL);

        // The first record that is left is as old as what the windows see may be
        assertThat(features(found)).extracting(OfFeature::count).containsExactly(1L, 1L, 2L);
        assertThat(features(found))
                .extracting(OfFeature::complete)
                .containsExactly(true, false, false);
        assertThat(found.lacking()).contains(Lacking.DELETED);
        assertThat(found.from()).isEqualTo(1);
    }

    @Test
    void whatIsDeletedBeforeTheWindowsIsNotMissed() {
        deleteVectors();
        event("car1", NOON - (30 * HOUR));
        event("car1", NOON - (29 * HOUR));
        long at = event("car1", NOON);
        log.delete(PARTITION.topic(), 1);

        Found found = found(Driving.FLOW, "car1", NOON + 1, at, ALL);

        assertThat(features(found)).allMatch(OfFeature::complete);
        assertThat(found.lacking()).isEmpty();
    }

    @Test
    void nothingIsKnownWhereTheEventOfTheVectorIsDeleted() {
        deleteVectors();
        long at = event("car1", NOON);
        event("car1", NOON + SECOND);
        log.delete(PARTITION.topic(), 1);

        Found found = found(Driving.FLOW, "car1", NOON + 1, at, ALL);

        assertThat(features(found)).containsOnly(OfFeature.UNKNOWN);
        assertThat(found.lacking()).contains(Lacking.DELETED);
        assertThat(found).isEqualTo(Found.gone(List.copyOf(found.features().keySet())));
    }

    @Test
    void whatThereIsNoTimeForIsSaidAndTheNewestIsThere() {
        deleteVectors();
        for (int i = 0; i < 2_000; i++) {
            event("car1", NOON + (i * 100_000L));
        }
        long last = NOON + (1_999 * 100_000);
        Limits none = new Limits(2, Duration.ZERO);

        Found found = found(Driving.FLOW, "car1", last + 1, 1_999, none);

        assertThat(features(found)).extracting(OfFeature::count).containsExactly(1L, 500L, 500L);
        assertThat(features(found))
                .extracting(OfFeature::complete)
                .containsExactly(true, false, false);
        assertThat(offsets(features(found).getLast())).containsExactly(1_999L, 1_998L);
        assertThat(features(found))
                .extracting(feature -> feature.deciding().size())
                .containsExactly(1, 0, 0);
        assertThat(found.lacking()).contains(Lacking.UNREAD);
        assertThat(found.from()).isEqualTo(1_500);
    }

    @Test
    void aRowFeatureIsOfTheNewestEventAndNotOfTheLateOneThatTheVectorWasWrittenWith() {
        deleteVectors();
        long newest = event("car1", NOON);
        for (int i = 0; i < 1_000; i++) {
            event("car2", NOON + (i * SECOND));
        }
        long late =
                append(
                        "car1",
                        NOON + (1_000 * SECOND),
                        Driving.event("car1", 10, 1, "B2"),
                        Driving.headers(NOON - SECOND));

        Found found = found(Driving.FLOW, "car1", NOON + 1, late, ALL);

        assertThat(features(found).stream().map(SourceSearchTest::offsets))
                .containsExactly(List.of(newest), List.of(newest, late), List.of(newest, late));
    }

    @Test
    void eventsOfAViewOfAnotherKeyStandWhereTheyCameFrom() {
        Headers headers = Driving.headers(NOON);
        EventHeader.add(headers, EventHeaders.ORIGIN, SOURCE + "/2@77");
        EventHeader.add(headers, EventHeaders.SOURCE, "/gateway");
        EventHeader.add(headers, EventHeaders.ID, "e77");
        long at = append("A1", NOON, Driving.event("car1", 10, 1, "A1"), headers);

        Found found = found(Driving.ROADS, "A1", NOON + 1, at, ALL);

        assertThat(features(found).getFirst().newest())
                .containsExactly(
                        new Event(
                                new Position(SOURCE, 2, 77),
                                NOON,
                                Optional.of(new EventIdentity("/gateway", "e77")),
                                Optional.empty()));
    }

    @Test
    void eventsOfAViewOfAViewAreVectorsWithTheEventsThatTheyWereWrittenWith() {
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(headers, EventHeaders.VIEW, "driving.v1");
        EventHeader.add(headers, EventHeaders.POSITION, SOURCE + "/0@5");
        String vector =
                "{\"entity\":\"car1\",\"query_time\":\"2027-01-15T08:00:00.000001Z\","
                        + "\"road\":\"A1\"}";
        long at = append("car1", NOON, vector.getBytes(UTF_8), headers);

        Found found = found(DrivingChain.calm(1).flow(), "car1", NOON + 2, at, ALL);

        Event event =
                new Event(
                        new Position(TOPIC, 0, at),
                        NOON + 1,
                        Optional.empty(),
                        Optional.of(new Position(SOURCE, 0, 5)));
        assertThat(features(found))
                .containsExactly(
                        new OfFeature(1, true, List.of(event), List.of(event)),
                        new OfFeature(1, true, List.of(event), List.of()),
                        new OfFeature(0, true, List.of(), List.of()),
                        new OfFeature(0, true, List.of(), List.of()),
                        new OfFeature(0, true, List.of(), List.of()));
    }
}
