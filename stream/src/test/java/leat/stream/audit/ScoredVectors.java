package leat.stream.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Lineup;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.core.prediction.Standing;
import leat.core.prediction.Term;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/// A log of vectors that were scored, with lake and search, in memory: two partitions, a champion,
/// a canary for half of the keys, a shadow, and one swap of the champion in each partition.
final class ScoredVectors
        implements AuditLog, LakePositionsSource, SearchDocumentsSource, SwapSource {

    static final int PARTITIONS = 2;

    /// Vectors a partition.
    static final int VECTORS = 50;

    /// From which offset on the second champion predicts.
    static final long SWAP = 20;

    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    static final TopicId TOPIC = new TopicId("vvvvvvvvvvvvvvvvvvvvvv");

    private static final long LATE_MILLIS = 90_000;

    final Names names = new Names("leat");
    final Scoring scoring = scoring();
    final Map<String, List<List<ConsumerRecord<byte[], byte[]>>>> topics = new TreeMap<>();
    final List<Row> rows = new ArrayList<>();
    final List<Document> documents = new ArrayList<>();
    final Map<Integer, Long> scored = new HashMap<>();

    /// A row of a table of predictions.
    record Row(String table, int partition, long offset, String id) {}

    /// A document of an index of predictions.
    record Document(String index, Hash128 id, int partition, long offset, long version) {}

    private static Scoring scoring() {
        Contract readings =
                OdcsReader.read(
                                Path.of("readings.odcs.yaml"),
                                """
                                apiVersion: v3.1.0
                                kind: DataContract
                                id: readings
                                version: 1.0.0
                                status: active
                                schema:
                                  - name: readings
                                    properties:
                                      - {name: car, logicalType: string, required: true}
                                      - {name: speed, logicalType: number}
                                customProperties:
                                  - {property: leat.key, value: car}
                                """)
                        .orThrow();
        CompiledView view =
                FeatureViewReader.read(
                                Path.of("driving.yaml"),
                                """
                                entity: car
                                source: readings
                                features: [{name: speed, expression: event.speed}]
                                """,
                                new Contracts(List.of(readings)))
                        .orThrow();
        return ScoringReader.read(
                        Path.of("risk.yaml"),
                        """
                        scoring:
                          model: risk
                          view: driving
                          outputs: {score: score}
                          challengers: [{alias: next, share: 50%}, {alias: dark, shadow: true}]
                        """,
                        List.of(view))
                .orThrow();
    }

    ScoredVectors() {
        for (String topic :
                List.of(
                        vectors(),
                        predictions(false),
                        predictions(true),
                        names.dead(contract(false), DeadStage.SEARCH),
                        names.dead(contract(true), DeadStage.SEARCH))) {
            List<List<ConsumerRecord<byte[], byte[]>>> partitions = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                partitions.add(new ArrayList<>());
            }
            topics.put(topic, partitions);
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int i = 0; i < VECTORS; i++) {
                vector(partition, "car-" + i % 7);
            }
            scored.put(partition, (long) VECTORS);
            for (ConsumerRecord<byte[], byte[]> vector :
                    List.copyOf(Objects.requireNonNull(topics.get(vectors())).get(partition))) {
                predict(vector, version(vector));
                shadow(vector);
            }
        }
    }

    String vectors() {
        return names.vectors(scoring.view().contract());
    }

    Contract contract(boolean shadow) {
        return shadow ? scoring.shadowContract().orElseThrow() : scoring.contract();
    }

    String predictions(boolean shadow) {
        return names.predictions(contract(shadow));
    }

    ConsumerRecord<byte[], byte[]> vector(int partition, String key) {
        return append(vectors(), partition, key, 0, Map.of(EventHeaders.VIEW, "driving.v1"), "{}");
    }

    /// By the version that is due.
    String version(ConsumerRecord<byte[], byte[]> vector) {
        return lineup(vector.offset())
                .answering(scoring.nameAndVersion(), new String(vector.key(), UTF_8))
                .standing()
                .version();
    }

    private static Lineup lineup(long offset) {
        return new Lineup(
                standing("champion", offset < SWAP ? "risk/1" : "risk/2"),
                List.of(new Lineup.Canary(standing("next", "risk/3"), 0, 5_000)),
                List.of(standing("dark", "risk/4")),
                List.of("speed"));
    }

    private static Standing standing(String alias, String version) {
        return new Standing(alias, version, OptionalLong.empty());
    }

    void predict(ConsumerRecord<byte[], byte[]> vector, String version) {
        load(false, vector, position(vector).toString(), version);
    }

    void shadow(ConsumerRecord<byte[], byte[]> vector) {
        load(true, vector, position(vector) + "/dark", "risk/4");
    }

    static Position position(ConsumerRecord<byte[], byte[]> vector) {
        return new Position(TOPIC, vector.partition(), vector.offset());
    }

    /// Writes a prediction, a minute and a half after its vector, and loads it.
    private void load(
            boolean shadow, ConsumerRecord<byte[], byte[]> vector, String id, String version) {
        String source = "scorer/" + scoring.nameAndVersion();
        ConsumerRecord<byte[], byte[]> prediction =
                append(
                        predictions(shadow),
                        vector.partition(),
                        new String(vector.key(), UTF_8),
                        LATE_MILLIS,
                        Map.of(
                                EventHeaders.ID,
                                id,
                                EventHeaders.SOURCE,
                                source,
                                EventHeaders.POSITION,
                                position(vector).toString(),
                                EventHeaders.MODEL,
                                version),
                        "{}");
        rows.add(new Row(contract(shadow).tableName(), vector.partition(), vector.offset(), id));
        documents.add(
                new Document(
                        names.index("predictions", contract(shadow)),
                        Hash128.of(source, id),
                        vector.partition(),
                        vector.offset(),
                        prediction.offset()));
    }

    private ConsumerRecord<byte[], byte[]> append(
            String topic,
            int partition,
            String key,
            long lateMillis,
            Map<String, String> headers,
            String value) {
        List<ConsumerRecord<byte[], byte[]>> records =
                Objects.requireNonNull(topics.get(topic)).get(partition);
        RecordHeaders all = new RecordHeaders();
        headers.forEach((name, text) -> all.add(name, text.getBytes(UTF_8)));
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        topic,
                        partition,
                        records.size(),
                        BEGIN.toEpochMilli() + records.size() * 1_000L + lateMillis,
                        TimestampType.LOG_APPEND_TIME,
                        0,
                        0,
                        key.getBytes(UTF_8),
                        value.getBytes(UTF_8),
                        all,
                        Optional.empty());
        records.add(record);
        return record;
    }

    @Override
    public List<Term> terms(String name) {
        List<Term> terms = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (long from : new long[] {SWAP, 0}) {
                terms.add(new Term(name, new Position(TOPIC, partition, from), lineup(from)));
            }
        }
        return terms;
    }

    @Override
    public Optional<TopicId> topicId(String topic) {
        if (!topics.containsKey(topic)) {
            return Optional.empty();
        }
        return Optional.of(
                topic.equals(vectors())
                        ? TOPIC
                        : new TopicId(Hash128.of(topic, topic).toString().substring(0, 22)));
    }

    @Override
    public Map<Integer, OffsetRange> bounds(String topic) {
        Map<Integer, OffsetRange> bounds = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            bounds.put(
                    partition,
                    new OffsetRange(
                            0, Objects.requireNonNull(topics.get(topic)).get(partition).size()));
        }
        return bounds;
    }

    @Override
    public Map<Integer, TimedOffset> firstAt(String topic, Instant time) {
        Map<Integer, TimedOffset> found = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (ConsumerRecord<byte[], byte[]> record :
                    Objects.requireNonNull(topics.get(topic)).get(partition)) {
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
        if (group.equals("leat.scorer.risk.v1") && topic.equals(vectors())) {
            return scored;
        }
        boolean loader =
                group.equals("leat.search.risk.v1") || group.equals("leat.search.risk-shadow.v1");
        return loader && topics.containsKey(topic) ? ends(topic) : Map.of();
    }

    private Map<Integer, Long> ends(String topic) {
        Map<Integer, Long> ends = new HashMap<>();
        bounds(topic).forEach((partition, range) -> ends.put(partition, range.to()));
        return ends;
    }

    @Override
    public void read(
            String topic,
            int partition,
            OffsetRange range,
            Consumer<ConsumerRecord<byte[], byte[]>> consumer) {
        Objects.requireNonNull(topics.get(topic)).get(partition).stream()
                .filter(record -> range.contains(record.offset()))
                .forEach(consumer);
    }

    @Override
    public Optional<LakeSnapshot> newest(String table) {
        return Optional.of(
                new LakeSnapshot() {
                    @Override
                    public long position(TopicId topic, int partition) {
                        return topics.keySet().stream()
                                .filter(name -> topicId(name).equals(Optional.of(topic)))
                                .mapToLong(name ->
                                        Objects.requireNonNull(topics.get(name))
                                                .get(partition)
                                                .size())
                                .findFirst()
                                .orElse(0);
                    }

                    @Override
                    public Optional<TopicId> pinned(String topic) {
                        return Optional.empty();
                    }

                    @Override
                    public void rows(Map<Integer, OffsetRange> ranges, RowConsumer consumer) {
                        throw new IllegalStateException("a table of predictions is read");
                    }

                    @Override
                    public void predictions(
                            Map<Integer, OffsetRange> ranges, PredictionConsumer consumer) {
                        for (Row row : rows) {
                            OffsetRange range = ranges.get(row.partition());
                            if (row.table().equals(table)
                                    && range != null
                                    && range.contains(row.offset())) {
                                consumer.row(row.partition(), row.offset(), row.id());
                            }
                        }
                    }

                    @Override
                    public void deadRows(TimeRange range, Consumer<Hash128> ids) {
                        throw new IllegalStateException("there is no table of dead predictions");
                    }
                });
    }

    @Override
    public long count(String index, int partition, OffsetRange range) {
        long[] count = {0};
        documents(index, partition, range, (_, _, _) -> count[0]++);
        return count[0];
    }

    @Override
    public void documents(
            String index, int partition, OffsetRange range, DocumentConsumer consumer) {
        for (Document document : documents) {
            if (document.index().equals(index)
                    && document.partition() == partition
                    && range.contains(document.offset())) {
                consumer.document(document.id(), document.offset(), document.version());
            }
        }
    }

    @Override
    public Map<Hash128, Long> versions(String index, Collection<Hash128> ids) {
        Map<Hash128, Long> versions = new HashMap<>();
        documents.stream()
                .filter(document -> document.index().equals(index) && ids.contains(document.id()))
                .forEach(document -> versions.put(document.id(), document.version()));
        return versions;
    }

    @Override
    public long countDead(String index, TimeRange range) {
        return 0;
    }

    @Override
    public void deadDocuments(String index, TimeRange range, Consumer<Hash128> ids) {}
}
