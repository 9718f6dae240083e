package leat.stream.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.audit.AuditLog;
import leat.stream.audit.LakePositionsSource;
import leat.stream.audit.OffsetRange;
import leat.stream.audit.SearchDocumentsSource;
import leat.stream.audit.TimeRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/// What stands behind a simulated enricher, by the guarantees of the real stores: a table whose
/// snapshots hold rows and positions together and refuse an append that does not begin where they
/// end, with two loaders that do not know of each other; an index that keeps the newest version of
/// a document, with a loader that writes first and moves its position afterwards.
final class SimulatedSinks implements AuditLog, LakePositionsSource, SearchDocumentsSource {

    private static final int LAKE_LOADERS = 2;

    private final Names names;
    private final Contract contract;
    private final int partitions;
    private final SimulatedCluster cluster;
    private final Map<TopicPartition, Long> tablePositions = new HashMap<>();
    private final List<Map<TopicPartition, Long>> loaderPositions = new ArrayList<>();
    private final Map<TopicPartition, Long> searchPositions = new HashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> rows = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> deadRows = new ArrayList<>();
    private final Map<String, ConsumerRecord<byte[], byte[]>> documents = new TreeMap<>();
    private final Map<Hash128, Long> deadDocuments = new HashMap<>();

    SimulatedSinks(Names names, Contract contract, int partitions, SimulatedCluster cluster) {
        this.names = names;
        this.contract = contract;
        this.partitions = partitions;
        this.cluster = cluster;
        for (int loader = 0; loader < LAKE_LOADERS; loader++) {
            loaderPositions.add(new HashMap<>());
        }
    }

    /// The ids of the events in the table.
    List<String> rows() {
        return rows.stream().map(SimulatedSinks::id).toList();
    }

    List<String> documents() {
        return List.copyOf(documents.keySet());
    }

    List<Hash128> deadRows() {
        return deadRows.stream().map(SimulatedSinks::deadId).toList();
    }

    List<Hash128> deadDocuments() {
        return List.copyOf(deadDocuments.keySet());
    }

    boolean done() {
        return outputs().stream()
                .allMatch(output ->
                        position(tablePositions, output) == end(output)
                                && position(searchPositions, output) == end(output));
    }

    /// One turn of one loader on each output, that may die on the way.
    void load(Random random, double deathRate) {
        for (TopicPartition output : outputs()) {
            if (random.nextBoolean()) {
                loadTable(random, deathRate, output);
            } else {
                loadIndex(random, deathRate, output);
            }
        }
    }

    private void loadTable(Random random, double deathRate, TopicPartition output) {
        Map<TopicPartition, Long> own = loaderPositions.get(random.nextInt(LAKE_LOADERS));
        if (random.nextDouble() < deathRate) {
            own.clear(); // Killed before the commit; the next one begins at the table's positions.
            return;
        }
        long from = own.getOrDefault(output, position(tablePositions, output));
        List<ConsumerRecord<byte[], byte[]>> chunk = chunk(random, output, from);
        if (from != position(tablePositions, output)) {
            own.remove(output); // Refused: somebody else has moved the positions.
            return;
        }
        (isDead(output) ? deadRows : rows).addAll(chunk);
        tablePositions.put(output, from + chunk.size());
        if (random.nextDouble() < deathRate) {
            own.clear(); // Killed after the commit.
        } else {
            own.put(output, from + chunk.size());
        }
    }

    private void loadIndex(Random random, double deathRate, TopicPartition output) {
        long from = position(searchPositions, output);
        List<ConsumerRecord<byte[], byte[]>> chunk = chunk(random, output, from);
        for (ConsumerRecord<byte[], byte[]> record : chunk) {
            if (isDead(output)) {
                deadDocuments.put(deadId(record), record.timestamp());
            } else {
                documents.merge(
                        id(record),
                        record,
                        (old, fresh) -> fresh.offset() > old.offset() ? fresh : old);
            }
            if (random.nextDouble() < deathRate) {
                return; // Killed before the position moves: these are indexed again.
            }
        }
        searchPositions.put(output, from + chunk.size());
    }

    private List<ConsumerRecord<byte[], byte[]>> chunk(
            Random random, TopicPartition output, long from) {
        return records(output).stream().skip(from).limit(1 + random.nextInt(10)).toList();
    }

    private List<TopicPartition> outputs() {
        List<TopicPartition> outputs = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            outputs.add(new TopicPartition(names.enriched(contract), partition));
            outputs.add(new TopicPartition(names.dead(contract, DeadStage.ENRICHER), partition));
        }
        return outputs;
    }

    private boolean isDead(TopicPartition output) {
        return !output.topic().equals(names.enriched(contract));
    }

    private static long position(Map<TopicPartition, Long> positions, TopicPartition at) {
        return positions.getOrDefault(at, 0L);
    }

    private long end(TopicPartition at) {
        List<ConsumerRecord<byte[], byte[]>> records = records(at);
        return records.isEmpty() ? 0 : records.getLast().offset() + 1;
    }

    private List<ConsumerRecord<byte[], byte[]>> records(TopicPartition at) {
        if (at.topic().equals(names.raw(contract))) {
            return cluster.records(at);
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : cluster.written()) {
            if (record.topic().equals(at.topic())
                    && Objects.requireNonNull(record.partition()) == at.partition()) {
                records.add(
                        new ConsumerRecord<>(
                                at.topic(),
                                at.partition(),
                                records.size(),
                                Objects.requireNonNull(record.timestamp()),
                                TimestampType.CREATE_TIME,
                                0,
                                0,
                                record.key(),
                                record.value(),
                                record.headers(),
                                Optional.empty()));
            }
        }
        return records;
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return Objects.requireNonNull(EventHeader.text(record.headers(), EventHeaders.ID));
    }

    private static Hash128 identity(ConsumerRecord<byte[], byte[]> record) {
        return Hash128.of(
                Objects.requireNonNull(EventHeader.text(record.headers(), EventHeaders.SOURCE)),
                id(record));
    }

    /// The hash that the letter's id is, as it is made of stage and position.
    private static Hash128 deadId(ConsumerRecord<byte[], byte[]> letter) {
        return Hash128.of(
                Objects.requireNonNull(EventHeader.text(letter.headers(), EventHeaders.STAGE)),
                Objects.requireNonNull(EventHeader.text(letter.headers(), EventHeaders.POSITION)));
    }

    private static Position source(ConsumerRecord<byte[], byte[]> record) {
        return Position.parse(
                Objects.requireNonNull(EventHeader.text(record.headers(), EventHeaders.POSITION)));
    }

    // The log as an audit reads it.

    @Override
    public Optional<TopicId> topicId(String topic) {
        return Optional.of(
                topic.equals(names.raw(contract))
                        ? SimulatedCluster.TOPIC_ID
                        : new TopicId(
                                Hash128.of(topic)
                                        .toString()
                                        .replaceAll("[^a-z]", "x")
                                        .substring(0, 22)));
    }

    @Override
    public Map<Integer, OffsetRange> bounds(String topic) {
        Map<Integer, OffsetRange> bounds = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            bounds.put(partition, new OffsetRange(0, end(new TopicPartition(topic, partition))));
        }
        return bounds;
    }

    @Override
    public Map<Integer, TimedOffset> firstAt(String topic, Instant time) {
        Map<Integer, TimedOffset> found = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            for (ConsumerRecord<byte[], byte[]> record :
                    records(new TopicPartition(topic, partition))) {
                Instant at = Instant.ofEpochMilli(record.timestamp());
                if (!at.isBefore(time)) {
                    found.putIfAbsent(partition, new TimedOffset(record.offset(), at));
                }
            }
        }
        return found;
    }

    @Override
    public Map<Integer, Long> committed(String group, String topic) {
        Map<Integer, Long> positions = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            TopicPartition at = new TopicPartition(topic, partition);
            positions.put(
                    partition,
                    topic.equals(names.raw(contract))
                            ? cluster.committed(at).offset()
                            : position(searchPositions, at));
        }
        return positions;
    }

    @Override
    public void read(
            String topic,
            int partition,
            OffsetRange range,
            Consumer<ConsumerRecord<byte[], byte[]>> consumer) {
        records(new TopicPartition(topic, partition)).stream()
                .filter(record -> range.contains(record.offset()))
                .forEach(consumer);
    }

    // The lake.

    @Override
    public Optional<LakeSnapshot> newest(String table) {
        return Optional.of(
                new LakeSnapshot() {
                    @Override
                    public long position(TopicId topic, int partition) {
                        return tablePositions.entrySet().stream()
                                .filter(at -> at.getKey().partition() == partition)
                                .filter(at ->
                                        topicId(at.getKey().topic()).equals(Optional.of(topic)))
                                .mapToLong(Map.Entry::getValue)
                                .findFirst()
                                .orElse(0);
                    }

                    @Override
                    public Optional<TopicId> pinned(String topic) {
                        return topicId(topic);
                    }

                    @Override
                    public void rows(Map<Integer, OffsetRange> ranges, RowConsumer consumer) {
                        for (ConsumerRecord<byte[], byte[]> row : rows) {
                            Position raw = source(row);
                            OffsetRange range = ranges.get(raw.partition());
                            if (range != null && range.contains(raw.offset())) {
                                consumer.row(raw.partition(), raw.offset(), identity(row));
                            }
                        }
                    }

                    @Override
                    public void predictions(
                            Map<Integer, OffsetRange> ranges, PredictionConsumer consumer) {
                        // There are none here.
                    }

                    @Override
                    public void deadRows(TimeRange range, Consumer<Hash128> ids) {
                        deadRows.stream()
                                .filter(row -> range.contains(row.timestamp()))
                                .forEach(row -> ids.accept(deadId(row)));
                    }
                });
    }

    // The index.

    @Override
    public long count(String index, int partition, OffsetRange range) {
        return documents.values().stream()
                .map(SimulatedSinks::source)
                .filter(raw -> raw.partition() == partition && range.contains(raw.offset()))
                .count();
    }

    @Override
    public void documents(
            String index, int partition, OffsetRange range, DocumentConsumer consumer) {
        for (ConsumerRecord<byte[], byte[]> document : documents.values()) {
            Position raw = source(document);
            if (raw.partition() == partition && range.contains(raw.offset())) {
                consumer.document(identity(document), raw.offset(), document.offset());
            }
        }
    }

    @Override
    public Map<Hash128, Long> versions(String index, Collection<Hash128> ids) {
        Map<Hash128, Long> versions = new HashMap<>();
        documents.values().stream()
                .filter(document -> ids.contains(identity(document)))
                .forEach(document -> versions.put(identity(document), document.offset()));
        return versions;
    }

    @Override
    public long countDead(String index, TimeRange range) {
        return deadDocuments.values().stream().filter(range::contains).count();
    }

    @Override
    public void deadDocuments(String index, TimeRange range, Consumer<Hash128> ids) {
        deadDocuments.forEach((id, time) -> {
            if (range.contains(time)) {
                ids.accept(id);
            }
        });
    }
}
