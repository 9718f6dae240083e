package leat.stream.audit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.UnknownFields;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/// A whole platform in memory, run from a seed: events with repeats within and beyond the dedupe
/// window, dead letters, refusals by the sinks, gaps of transaction markers, loaders that lag. Its
/// lists are open, so that a test can put in a fault.
final class SimulatedPlatform {

    static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    static final int PARTITIONS = 3;
    static final Duration WINDOW = Duration.ofMinutes(10);
    static final TopicId RAW_ID = new TopicId("rawrawrawrawrawrawrawr");
    static final TopicId ENRICHED_ID = new TopicId("enrichedenrichedenrich");
    static final TopicId LAKE_RETRY_ID = new TopicId("lakeretrylakeretrylake");
    static final TopicId SEARCH_RETRY_ID = new TopicId("searchretrysearchretry");

    final Names names = new Names("sim");
    final Contract contract;
    final Map<String, List<List<ConsumerRecord<byte[], byte[]>>>> topics = new TreeMap<>();
    final Map<String, long[]> begins = new HashMap<>();
    final Map<Integer, Long> enricherPositions = new HashMap<>();
    final Map<Integer, Long> lakePositions = new HashMap<>();
    final Map<Integer, Long> searchPositions = new HashMap<>();
    final Map<Integer, Long> lakeRetryPositions = new HashMap<>();
    final Map<Integer, Long> searchRetryPositions = new HashMap<>();
    final List<Row> rows = new ArrayList<>();
    final Map<Hash128, Document> documents = new HashMap<>();
    final List<DeadRow> deadRows = new ArrayList<>();
    final Map<Hash128, Long> deadDocuments = new HashMap<>();
    final Map<String, Map<Integer, Long>> deadLakePositions = new HashMap<>();
    final Map<String, Map<Integer, Long>> deadSearchPositions = new HashMap<>();
    final Map<String, TopicId> deadPins = new HashMap<>();
    Optional<TopicId> lakeRawTopic = Optional.of(RAW_ID);
    Instant end = START;

    record Row(int partition, long offset, Hash128 identity) {}

    record Document(int partition, long offset, long version) {}

    /// @param time the letter's timestamp, as in the values of [#deadDocuments]
    record DeadRow(Hash128 deadId, long time) {}

    private SimulatedPlatform(Optional<Duration> retention) {
        this.contract = contract(retention);
        List<String> all = new ArrayList<>(List.of(raw(), enriched()));
        for (DeadStage stage : DeadStage.values()) {
            all.add(names.dead(contract, stage));
        }
        all.add(retry(DeadStage.LAKE));
        all.add(retry(DeadStage.SEARCH));
        for (String topic : all) {
            List<List<ConsumerRecord<byte[], byte[]>>> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new ArrayList<>());
            }
            topics.put(topic, partitions);
        }
    }

    /// Lets `events` events through a platform that makes no mistake.
    static SimulatedPlatform run(long seed, int events) {
        return run(seed, events, Optional.empty());
    }

    static SimulatedPlatform run(long seed, int events, Optional<Duration> retention) {
        SimulatedPlatform platform = new SimulatedPlatform(retention);
        platform.work(new Random(seed), new Random(~seed), events);
        return platform;
    }

    String raw() {
        return names.raw(contract);
    }

    String enriched() {
        return names.enriched(contract);
    }

    String dead(DeadStage stage) {
        return names.dead(contract, stage);
    }

    String retry(DeadStage sink) {
        return names.retry(contract, sink);
    }

    List<List<ConsumerRecord<byte[], byte[]>>> partitions(String topic) {
        return Objects.requireNonNull(topics.get(topic));
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic, int partition) {
        return partitions(topic).get(partition);
    }

    /// Every position of the records of `topic`, in a fixed order.
    List<ConsumerRecord<byte[], byte[]>> all(String topic) {
        return partitions(topic).stream().flatMap(List::stream).toList();
    }

    private static Contract contract(Optional<Duration> retention) {
        return new Contract(
                new ContractName("readings"),
                new ContractVersion(1, 0, 0),
                "",
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Contract.TimeBounds.DEFAULT,
                UnknownFields.REJECT,
                WINDOW,
                new Contract.LogSettings(PARTITIONS, retention),
                new Contract.LakeSettings(Contract.TimePartitioning.DAY, List.of()),
                List.of(),
                Path.of("readings.odcs.yaml"));
    }

    private void work(Random random, Random deaths, int events) {
        long time = START.toEpochMilli();
        List<Map<String, Long>> remembered = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            remembered.add(new HashMap<>());
        }
        long lagFrom = START.toEpochMilli() + (long) events * 1_000 * 9 / 10;
        for (int i = 0; i < events; i++) {
            time += random.nextInt(2_000);
            int partition = random.nextInt(PARTITIONS);
            boolean repeat = i > 0 && random.nextInt(4) == 0;
            String id = "e" + (repeat ? random.nextInt(i) : i);
            int attempt = random.nextInt(50) == 0 ? 1 : 0;
            accept(partition, time, id, attempt);
            Long before = remembered.get(partition).put(id + "/" + attempt, time);
            boolean duplicate = before != null && time - before <= WINDOW.toMillis();
            ConsumerRecord<byte[], byte[]> record = records(raw(), partition).getLast();
            if (!duplicate) {
                enrich(random, record, id, time >= lagFrom);
            }
            if (deaths.nextInt(20) == 0) {
                refuse(deaths.nextInt(PARTITIONS), time + deaths.nextInt(500), "refused" + i);
            }
            enricherPositions.put(partition, record.offset() + 1);
        }
        end = Instant.ofEpochMilli(time + 1);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            lakePositions.putIfAbsent(partition, nextOffset(enriched(), partition));
            searchPositions.putIfAbsent(partition, nextOffset(enriched(), partition));
        }
        for (DeadStage stage : DeadStage.values()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                loadDead(deaths, stage, partition);
            }
        }
    }

    void accept(int partition, long time, String id, int attempt) {
        Headers headers = new RecordHeaders();
        headers.add(EventHeaders.SOURCE, bytes("cars"));
        headers.add(EventHeaders.ID, bytes(id));
        if (attempt > 0) {
            headers.add(EventHeaders.ATTEMPT, bytes(Integer.toString(attempt)));
        }
        append(raw(), partition, nextOffset(raw(), partition), time, headers);
    }

    /// Refuses an event before it has a raw position.
    private void refuse(int partition, long time, String id) {
        Headers headers = new RecordHeaders();
        headers.add(EventHeaders.SOURCE, bytes("cars"));
        headers.add(EventHeaders.ID, bytes(id));
        headers.add(
                EventHeaders.DEAD_ID, bytes(Hash128.of("collector", "server-" + id).toString()));
        String topic = dead(DeadStage.COLLECTOR);
        append(topic, partition, nextOffset(topic, partition), time, headers);
    }

    /// Loads the letters of a partition into table and index, in one of three but for some at the
    /// end.
    private void loadDead(Random random, DeadStage stage, int partition) {
        String topic = dead(stage);
        List<ConsumerRecord<byte[], byte[]>> letters = records(topic, partition);
        int lag = random.nextInt(3) == 0 ? Math.min(2, letters.size()) : 0;
        for (ConsumerRecord<byte[], byte[]> letter : letters.subList(0, letters.size() - lag)) {
            deadRows.add(new DeadRow(deadId(letter), letter.timestamp()));
            deadDocuments.put(deadId(letter), letter.timestamp());
        }
        long next =
                lag == 0
                        ? nextOffset(topic, partition)
                        : letters.get(letters.size() - lag).offset();
        deadLakePositions.computeIfAbsent(topic, _ -> new HashMap<>()).put(partition, next);
        deadSearchPositions.computeIfAbsent(topic, _ -> new HashMap<>()).put(partition, next);
    }

    static Hash128 deadId(ConsumerRecord<byte[], byte[]> letter) {
        String text =
                new String(
                        letter.headers().lastHeader(EventHeaders.DEAD_ID).value(),
                        StandardCharsets.UTF_8);
        return HexIds.parse(text).orElseThrow();
    }

    /// Brings a letter of a sink back to it, at the end of the window, without loading it.
    ConsumerRecord<byte[], byte[]> bringBack(
            DeadStage sink, ConsumerRecord<byte[], byte[]> letter) {
        Headers headers = new RecordHeaders(letter.headers().toArray());
        int attempt = new EventRecord(letter).attempt() + 1;
        headers.remove(EventHeaders.DEAD_ID);
        headers.remove(EventHeaders.ATTEMPT);
        headers.add(EventHeaders.ATTEMPT, bytes(Integer.toString(attempt)));
        String topic = retry(sink);
        int partition = letter.partition();
        return append(
                topic, partition, nextOffset(topic, partition), end.toEpochMilli() + 1, headers);
    }

    /// Loads what came back.
    void load(DeadStage sink, ConsumerRecord<byte[], byte[]> back) {
        Position raw = new EventRecord(back).position().orElseThrow();
        Hash128 event = new EventRecord(back).identity(raw);
        if (sink == DeadStage.LAKE) {
            lakeRetryPositions.put(back.partition(), back.offset() + 1);
            rows.add(new Row(raw.partition(), raw.offset(), event));
            return;
        }
        searchRetryPositions.put(back.partition(), back.offset() + 1);
        long version =
                records(enriched(), back.partition()).stream()
                        .filter(one -> new EventRecord(one).position().orElseThrow().equals(raw))
                        .findFirst()
                        .orElseThrow()
                        .offset();
        documents.merge(
                event,
                new Document(raw.partition(), raw.offset(), version),
                (a, b) -> b.version() > a.version() ? b : a);
    }

    /// Refuses what came back, again.
    void refuseAgain(DeadStage sink, ConsumerRecord<byte[], byte[]> back) {
        Map<Integer, Long> positions =
                sink == DeadStage.LAKE ? lakeRetryPositions : searchRetryPositions;
        positions.put(back.partition(), back.offset() + 1);
        EventRecord event = new EventRecord(back);
        String position = event.position().orElseThrow().toString();
        Headers headers = new RecordHeaders(back.headers().toArray());
        Hash128 deadId = Hash128.of(sink.word(), position, Integer.toString(event.attempt()));
        headers.add(EventHeaders.DEAD_ID, bytes(deadId.toString()));
        String topic = dead(sink);
        long time =
                records(enriched(), back.partition()).stream()
                        .filter(one ->
                                new EventRecord(one)
                                        .position()
                                        .orElseThrow()
                                        .toString()
                                        .equals(position))
                        .findFirst()
                        .orElseThrow()
                        .timestamp();
        append(topic, back.partition(), nextOffset(topic, back.partition()), time, headers);
    }

    private void enrich(
            Random random, ConsumerRecord<byte[], byte[]> record, String id, boolean lagging) {
        if (random.nextInt(10) == 0) {
            letter(DeadStage.ENRICHER, record, random.nextInt(3));
            return;
        }
        int partition = record.partition();
        ConsumerRecord<byte[], byte[]> out = output(enriched(), record, random.nextInt(3));
        if (lagging && !lakePositions.containsKey(partition)) {
            lakePositions.put(partition, out.offset());
            searchPositions.put(partition, out.offset());
        }
        if (lakePositions.containsKey(partition)) {
            return;
        }
        if (random.nextInt(30) == 0) {
            letter(DeadStage.LAKE, record, 0);
        } else {
            rows.add(new Row(partition, record.offset(), Hash128.of("cars", id)));
        }
        if (random.nextInt(30) == 0) {
            letter(DeadStage.SEARCH, record, 0);
            if (record.offset() % 4 == 0) {
                // Killed between the letter and its offsets, the loader writes it again.
                letter(DeadStage.SEARCH, record, 0);
            }
        } else {
            documents.merge(
                    Hash128.of("cars", id),
                    new Document(partition, record.offset(), out.offset()),
                    (a, b) -> b.version() > a.version() ? b : a);
        }
    }

    private void letter(DeadStage stage, ConsumerRecord<byte[], byte[]> record, int gap) {
        Position position = new Position(RAW_ID, record.partition(), record.offset());
        output(dead(stage), record, gap)
                .headers()
                .add(
                        EventHeaders.DEAD_ID,
                        bytes(Hash128.of(stage.word(), position.toString()).toString()));
    }

    /// Writes an output of `record`; `gap` offsets before it are taken by markers.
    ConsumerRecord<byte[], byte[]> output(
            String topic, ConsumerRecord<byte[], byte[]> record, int gap) {
        Headers headers = new RecordHeaders(record.headers().toArray());
        headers.add(
                EventHeaders.POSITION,
                bytes(new Position(RAW_ID, record.partition(), record.offset()).toString()));
        return append(
                topic,
                record.partition(),
                nextOffset(topic, record.partition()) + gap,
                record.timestamp(),
                headers);
    }

    ConsumerRecord<byte[], byte[]> append(
            String topic, int partition, long offset, long time, Headers headers) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        topic,
                        partition,
                        offset,
                        time,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        new byte[0],
                        new byte[0],
                        headers,
                        Optional.empty());
        records(topic, partition).add(record);
        return record;
    }

    long nextOffset(String topic, int partition) {
        List<ConsumerRecord<byte[], byte[]>> records = records(topic, partition);
        return records.isEmpty() ? 0 : records.getLast().offset() + 1;
    }

    /// Deletes the records below `time`, as retention does.
    void expire(String topic, Instant time) {
        long[] begin = new long[PARTITIONS];
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long end = nextOffset(topic, partition);
            List<ConsumerRecord<byte[], byte[]>> records = records(topic, partition);
            records.removeIf(record -> record.timestamp() < time.toEpochMilli());
            begin[partition] = records.isEmpty() ? end : records.getFirst().offset();
        }
        begins.put(topic, begin);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
