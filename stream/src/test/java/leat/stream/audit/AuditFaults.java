package leat.stream.audit;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/// Everything that can be wrong with a platform, one by one.
final class AuditFaults {

    private AuditFaults() {}

    /// What is done to the platform, and which offence must name which position.
    record Fault(String name, Offence offence, BiConsumer<SimulatedPlatform, Random> act) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Fault> faults() {
        return List.of(
                new Fault(
                        "an output removed",
                        Offence.OUTPUT_MISSING,
                        (platform, random) -> remove(platform, platform.enriched(), random)),
                new Fault(
                        "a dead letter removed",
                        Offence.OUTPUT_MISSING,
                        (platform, random) ->
                                remove(platform, platform.dead(DeadStage.ENRICHER), random)),
                new Fault(
                        "an output doubled",
                        Offence.OUTPUT_DOUBLED,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> one =
                                    pick(random, platform.all(platform.enriched()));
                            platform.append(
                                    platform.enriched(),
                                    one.partition(),
                                    last(platform, platform.enriched(), one.partition()) + 1,
                                    one.timestamp(),
                                    one.headers());
                        }),
                new Fault(
                        "an event enriched and dead",
                        Offence.OUTPUT_DOUBLED,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> one =
                                    pick(random, platform.all(platform.enriched()));
                            String dead = platform.dead(DeadStage.ENRICHER);
                            platform.append(
                                    dead,
                                    one.partition(),
                                    last(platform, dead, one.partition()) + 1,
                                    one.timestamp(),
                                    one.headers());
                        }),
                new Fault(
                        "an output with another's position",
                        Offence.OUTPUT_WITHOUT_RAW,
                        (platform, random) -> {
                            List<ConsumerRecord<byte[], byte[]>> all =
                                    platform.all(platform.enriched());
                            ConsumerRecord<byte[], byte[]> one = pick(random, all);
                            reposition(one, one.partition(), one.offset() + 1_000_000);
                        }),
                new Fault(
                        "two outputs with their positions exchanged",
                        Offence.OUTPUT_WITHOUT_RAW,
                        (platform, _) -> {
                            List<ConsumerRecord<byte[], byte[]>> some =
                                    platform.records(platform.enriched(), 0);
                            ConsumerRecord<byte[], byte[]> one = some.get(10);
                            ConsumerRecord<byte[], byte[]> other =
                                    some.stream()
                                            .skip(11)
                                            .filter(r -> !id(r).equals(id(one)))
                                            .findFirst()
                                            .orElseThrow();
                            Position onePosition = position(one);
                            Position otherPosition = position(other);
                            reposition(one, 0, otherPosition.offset());
                            reposition(other, 0, onePosition.offset());
                        }),
                new Fault(
                        "an output of another raw topic",
                        Offence.POSITION_UNKNOWN,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> one =
                                    pick(random, platform.all(platform.enriched()));
                            one.headers()
                                    .add(
                                            EventHeaders.POSITION,
                                            SimulatedPlatform.bytes(
                                                    new Position(
                                                                    new TopicId(
                                                                            "stalestalestalestalest"),
                                                                    0,
                                                                    7)
                                                            .toString()));
                        }),
                new Fault(
                        "an output without a position",
                        Offence.POSITION_UNKNOWN,
                        (platform, random) ->
                                pick(random, platform.all(platform.enriched()))
                                        .headers()
                                        .remove(EventHeaders.POSITION)),
                new Fault(
                        "an output in another partition",
                        Offence.WRONG_PARTITION,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> one =
                                    pick(random, platform.all(platform.enriched()));
                            platform.records(platform.enriched(), one.partition()).remove(one);
                            int other = (one.partition() + 1) % SimulatedPlatform.PARTITIONS;
                            platform.append(
                                    platform.enriched(),
                                    other,
                                    last(platform, platform.enriched(), other) + 1,
                                    one.timestamp(),
                                    one.headers());
                        }),
                new Fault(
                        "a duplicate let through",
                        Offence.DUPLICATE_LET_THROUGH,
                        (platform, random) -> {
                            Set<Position> withOutput = outputs(platform);
                            ConsumerRecord<byte[], byte[]> duplicate =
                                    pick(
                                            random,
                                            platform.all(platform.raw()).stream()
                                                    .filter(r -> !withOutput.contains(at(r)))
                                                    .toList());
                            platform.output(platform.enriched(), duplicate, 0);
                        }),
                new Fault(
                        "a repeat beyond the window dropped as a duplicate",
                        Offence.OUTPUT_MISSING,
                        (platform, random) -> {
                            Set<String> seen = new HashSet<>();
                            List<ConsumerRecord<byte[], byte[]>> repeats =
                                    platform.all(platform.enriched()).stream()
                                            .filter(r -> !seen.add(r.partition() + id(r)))
                                            .toList();
                            ConsumerRecord<byte[], byte[]> repeat = pick(random, repeats);
                            platform.records(platform.enriched(), repeat.partition())
                                    .remove(repeat);
                        }),
                new Fault(
                        "a row deleted",
                        Offence.ROW_MISSING,
                        (platform, random) ->
                                platform.rows.remove(random.nextInt(platform.rows.size()))),
                new Fault(
                        "a row doubled",
                        Offence.ROW_DOUBLED,
                        (platform, random) -> platform.rows.add(pick(random, platform.rows))),
                new Fault(
                        "a row of nothing",
                        Offence.ROW_EXTRA,
                        (platform, _) ->
                                platform.rows.add(
                                        new SimulatedPlatform.Row(
                                                1, 5, Hash128.of("cars", "nobody")))),
                new Fault(
                        "a row above the position",
                        Offence.ROW_BEYOND_POSITION,
                        (platform, _) -> {
                            ConsumerRecord<byte[], byte[]> pending =
                                    platform.records(platform.enriched(), 0).getLast();
                            platform.rows.add(
                                    new SimulatedPlatform.Row(
                                            0,
                                            position(pending).offset(),
                                            Hash128.of("cars", id(pending))));
                        }),
                new Fault(
                        "a refused event also a row",
                        Offence.ROW_AND_REFUSED,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> refused =
                                    pick(random, platform.all(platform.dead(DeadStage.LAKE)));
                            platform.rows.add(
                                    new SimulatedPlatform.Row(
                                            refused.partition(),
                                            position(refused).offset(),
                                            Hash128.of("cars", id(refused))));
                        }),
                new Fault(
                        "a table of another raw topic",
                        Offence.OTHER_TOPIC,
                        (platform, _) ->
                                platform.lakeRawTopic =
                                        Optional.of(new TopicId("stalestalestalestalest"))),
                new Fault(
                        "a document missing",
                        Offence.DOCUMENT_MISSING,
                        (platform, random) ->
                                platform.documents.remove(
                                        pick(
                                                random,
                                                platform.documents.keySet().stream()
                                                        .sorted(
                                                                Comparator.comparing(
                                                                        Hash128::toString))
                                                        .toList()))),
                new Fault(
                        "a document of nothing",
                        Offence.DOCUMENT_EXTRA,
                        (platform, _) ->
                                platform.documents.put(
                                        Hash128.of("cars", "nobody"),
                                        new SimulatedPlatform.Document(0, 3, 3))),
                new Fault(
                        "a dead row deleted",
                        Offence.ROW_MISSING,
                        (platform, random) ->
                                platform.deadRows.remove(random.nextInt(platform.deadRows.size()))),
                new Fault(
                        "a dead row doubled",
                        Offence.ROW_DOUBLED,
                        (platform, random) ->
                                platform.deadRows.add(pick(random, platform.deadRows))),
                new Fault(
                        "a dead row of nothing",
                        Offence.ROW_EXTRA,
                        (platform, _) ->
                                platform.deadRows.add(
                                        new SimulatedPlatform.DeadRow(
                                                Hash128.of("enricher", "nowhere"),
                                                platform.end.toEpochMilli() - 5))),
                new Fault(
                        "a dead row above the position",
                        Offence.ROW_BEYOND_POSITION,
                        (platform, random) -> {
                            ConsumerRecord<byte[], byte[]> loaded =
                                    pick(
                                            random,
                                            platform
                                                    .all(platform.dead(DeadStage.COLLECTOR))
                                                    .stream()
                                                    .filter(letter -> isLoaded(platform, letter))
                                                    .toList());
                            rewind(platform, loaded);
                        }),
                new Fault(
                        "a dead table of another topic",
                        Offence.OTHER_TOPIC,
                        (platform, _) ->
                                platform.deadPins.put(
                                        platform.dead(DeadStage.SEARCH),
                                        new TopicId("stalestalestalestalest"))),
                new Fault(
                        "a dead document missing",
                        Offence.DOCUMENT_MISSING,
                        (platform, random) ->
                                platform.deadDocuments.remove(
                                        pick(
                                                random,
                                                platform.deadDocuments.keySet().stream()
                                                        .sorted(
                                                                Comparator.comparing(
                                                                        Hash128::toString))
                                                        .toList()))),
                new Fault(
                        "a dead document of nothing",
                        Offence.DOCUMENT_EXTRA,
                        (platform, _) ->
                                platform.deadDocuments.put(
                                        Hash128.of("search", "nowhere"),
                                        SimulatedPlatform.START.toEpochMilli() + 7)));
    }

    private static boolean isLoaded(
            SimulatedPlatform platform, ConsumerRecord<byte[], byte[]> letter) {
        Hash128 id = SimulatedPlatform.deadId(letter);
        return platform.deadDocuments.containsKey(id);
    }

    /// Takes back what stands behind `letter` in its partition, and the lake's position to it.
    private static void rewind(SimulatedPlatform platform, ConsumerRecord<byte[], byte[]> letter) {
        Set<Hash128> behind = new HashSet<>();
        platform.records(letter.topic(), letter.partition()).stream()
                .filter(one -> one.offset() > letter.offset())
                .forEach(one -> behind.add(SimulatedPlatform.deadId(one)));
        platform.deadRows.removeIf(row -> behind.contains(row.deadId()));
        Objects.requireNonNull(platform.deadLakePositions.get(letter.topic()))
                .put(letter.partition(), letter.offset());
    }

    private static void remove(SimulatedPlatform platform, String topic, Random random) {
        ConsumerRecord<byte[], byte[]> one = pick(random, platform.all(topic));
        platform.records(topic, one.partition()).remove(one);
    }

    private static <T> T pick(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static long last(SimulatedPlatform platform, String topic, int partition) {
        return platform.records(topic, partition).getLast().offset();
    }

    private static Set<Position> outputs(SimulatedPlatform platform) {
        Set<Position> positions = new HashSet<>();
        platform.all(platform.enriched()).forEach(r -> positions.add(position(r)));
        platform.all(platform.dead(DeadStage.ENRICHER)).forEach(r -> positions.add(position(r)));
        return positions;
    }

    private static Position at(ConsumerRecord<byte[], byte[]> raw) {
        return new Position(SimulatedPlatform.RAW_ID, raw.partition(), raw.offset());
    }

    private static Position position(ConsumerRecord<byte[], byte[]> output) {
        return Position.parse(
                new String(
                        output.headers().lastHeader(EventHeaders.POSITION).value(),
                        StandardCharsets.UTF_8));
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return new String(
                record.headers().lastHeader(EventHeaders.ID).value(), StandardCharsets.UTF_8);
    }

    private static void reposition(
            ConsumerRecord<byte[], byte[]> output, int partition, long offset) {
        Headers headers = output.headers();
        headers.remove(EventHeaders.POSITION);
        headers.add(
                EventHeaders.POSITION,
                SimulatedPlatform.bytes(
                        new Position(SimulatedPlatform.RAW_ID, partition, offset).toString()));
    }
}
