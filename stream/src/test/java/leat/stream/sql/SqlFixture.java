package leat.stream.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.stream.lake.Advance;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakePositions;
import leat.stream.lake.LakeStoreSettings;
import leat.stream.lake.LakeTables;
import leat.stream.lake.Positions;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A contract with its topics and its lake table, a producer that writes transactions, and a loader
/// that commits what is in the log when it is told to.
final class SqlFixture implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    final Names names = SharedKafka.freshNames();
    final Contract contract;
    final LogConnection log = SharedKafka.connection();
    final String enriched;
    final TopicId enrichedId;
    final Table table;
    private final LakeCatalog lake;
    private final Path folder;
    private final Producer<byte[], byte[]> producer;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> ends;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final List<SqlEngine> engines = new ArrayList<>();
    private final RowReader reader;

    SqlFixture(Path folder, Contract contract) {
        this(folder, contract, json -> readJson(contract, json));
    }

    SqlFixture(Path folder, Contract contract, RowReader reader) {
        this.folder = folder;
        this.contract = contract;
        this.reader = reader;
        this.enriched = names.enriched(contract);
        SharedKafka.create(TopicSpec.of(names, contract));
        try (Admin admin = log.admin()) {
            enrichedId =
                    Objects.requireNonNull(
                            new Topics(admin, 1).ids(List.of(enriched)).get(enriched));
        }
        lake =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake")),
                        names);
        LakeTables tables = new LakeTables(lake);
        tables.apply(tables.plan(contract));
        table = tables.enriched(contract).orElseThrow();
        table.updateProperties().set(LakeTables.TOPIC_ID + enriched, enrichedId.value()).commit();
        ends = log.reader("ends", Map.of());
        producer = log.transactionalProducer("sql-test", names.transactionalId("t", "1"), Map.of());
        producer.initTransactions();
    }

    SqlEngine engine(SqlSettings settings) {
        SqlEngine engine =
                new SqlEngine(
                        settings,
                        new SqlSources(
                                new SqlTables(names, List.of(contract)),
                                lake,
                                folder.resolve("lake"),
                                log,
                                _ -> reader),
                        folder.resolve("tmp-" + engines.size()),
                        InstantSource.system());
        engines.add(engine);
        return engine;
    }

    /// The default settings but for these.
    static SqlSettings settings(Duration timeLimit, int concurrent, long tailMebibytes) {
        SqlSettings base = SqlSettings.DEFAULT;
        return new SqlSettings(
                timeLimit,
                base.maxRows(),
                base.memory(),
                base.temporaryFiles(),
                base.threads(),
                concurrent,
                DataSize.mebibytes(tailMebibytes));
    }

    /// The first row of an answer.
    static List<@Nullable Object> row(SqlEngine engine, String sql) {
        return rows(engine, sql).getFirst();
    }

    /// All rows of an answer.
    static List<List<@Nullable Object>> rows(SqlEngine engine, String sql) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (QueryResult result = engine.query(sql)) {
            while (result.next()) {
                rows.add(result.row());
            }
        }
        return rows;
    }

    /// Writes one transaction.
    void transaction(boolean commit, Consumer<SqlFixture> writes) {
        producer.beginTransaction();
        writes.accept(this);
        if (commit) {
            producer.commitTransaction();
            awaitVisible();
        } else {
            producer.flush();
            producer.abortTransaction();
            sent.clear();
        }
    }

    /// A commit returns before its markers are in the partitions; this returns after it.
    private void awaitVisible() {
        Map<TopicPartition, Long> written = new HashMap<>();
        for (Future<RecordMetadata> future : sent) {
            RecordMetadata metadata = future.resultNow();
            written.merge(
                    new TopicPartition(metadata.topic(), metadata.partition()),
                    metadata.offset(),
                    Math::max);
        }
        sent.clear();
        while (ends.endOffsets(written.keySet()).entrySet().stream()
                .anyMatch(end -> end.getValue() <= written.getOrDefault(end.getKey(), 0L))) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    /// An enriched event, within a transaction. Its raw position is partition and `n`.
    void event(int partition, long n) {
        event(partition, n, "{\"car\":\"c" + n % 10 + "\",\"n\":" + n + "}");
    }

    void event(int partition, long n, String json) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(enriched, partition, 1_700_000_000_000L, null, utf8(json));
        record.headers().add(EventHeaders.ID, utf8("id-" + n));
        record.headers().add(EventHeaders.SOURCE, utf8("test"));
        record.headers().add(EventHeaders.EVENT_TIME, utf8("1700000000123456"));
        record.headers()
                .add(
                        EventHeaders.POSITION,
                        utf8(new Position(enrichedId, partition, n).toString()));
        record.headers().add(EventHeaders.CONTRACT_VERSION, utf8("1.0.0"));
        sent.add(producer.send(record));
    }

    void dead(Names.DeadStage stage, byte[] payload) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        names.dead(contract, stage), 0, 1_700_000_000_000L, null, payload);
        record.headers().add(EventHeaders.DEAD_ID, utf8("dead-" + payload.length));
        record.headers().add(EventHeaders.STAGE, utf8(stage.word()));
        record.headers()
                .add(
                        EventHeaders.REASONS,
                        utf8("[{\"code\":\"type\",\"field\":\"n\",\"message\":\"no\"}]"));
        sent.add(producer.send(record));
    }

    /// Commits to the lake what the log has and the lake has not, one file a partition.
    void load() {
        table.refresh();
        Positions positions = LakePositions.of(table);
        List<Advance> advances = new ArrayList<>();
        AppendFiles append = table.newAppend();
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer =
                log.reader("loader", Map.of())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int p = 0; p < contract.log().partitions(); p++) {
                partitions.add(new TopicPartition(enriched, p));
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
            partitions.forEach(
                    p -> consumer.seek(p, positions.of(enrichedId, p.partition()).orElse(0)));
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(20))
                        .forEach(record ->
                                records.computeIfAbsent(
                                                new TopicPartition(
                                                        record.topic(), record.partition()),
                                                _ -> new ArrayList<>())
                                        .add(record));
            }
            for (TopicPartition partition : partitions) {
                long from = positions.of(enrichedId, partition.partition()).orElse(0);
                long to = consumer.position(partition);
                if (to > from) {
                    advances.add(new Advance(enrichedId, partition.partition(), from, to));
                }
            }
            records.values().forEach(rows -> append.appendFile(file(rows)));
        }
        if (!advances.isEmpty()) {
            append.set(LakePositions.PROPERTY, Advance.format(advances)).commit();
        }
    }

    private DataFile file(List<ConsumerRecord<byte[], byte[]>> records) {
        OutputFile output =
                table.io()
                        .newOutputFile(
                                table.location() + "/data/" + UUID.randomUUID() + ".parquet");
        try {
            FileAppender<org.apache.iceberg.data.Record> writer =
                    Parquet.write(output)
                            .schema(table.schema())
                            .createWriterFunc(
                                    type -> GenericParquetWriter.create(table.schema(), type))
                            .build();
            try (writer) {
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    writer.add(row(record));
                }
            }
            return DataFiles.builder(table.spec())
                    .withPath(output.location())
                    .withFormat(FileFormat.PARQUET)
                    .withMetrics(writer.metrics())
                    .withFileSizeInBytes(writer.length())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GenericRecord row(ConsumerRecord<byte[], byte[]> record) {
        Row row = ((Outcome.Valid) reader.read(record.value())).row();
        GenericRecord generic = GenericRecord.create(table.schema());
        for (int i = 0; i < contract.fields().size(); i++) {
            Field field = contract.fields().get(i);
            generic.setField(
                    field.name(),
                    iceberg(field.type(), table.schema().findType(field.name()), row.value(i)));
        }
        Position raw = Position.parse(header(record, EventHeaders.POSITION));
        generic.setField("leat_id", header(record, EventHeaders.ID));
        generic.setField("leat_source", header(record, EventHeaders.SOURCE));
        generic.setField(
                "leat_time",
                Instant.ofEpochSecond(1_700_000_000, 123_456_000).atOffset(ZoneOffset.UTC));
        generic.setField(
                "leat_appended", Instant.ofEpochMilli(record.timestamp()).atOffset(ZoneOffset.UTC));
        generic.setField("leat_partition", raw.partition());
        generic.setField("leat_offset", raw.offset());
        generic.setField("leat_version", header(record, EventHeaders.CONTRACT_VERSION));
        return generic;
    }

    private static @Nullable Object iceberg(
            FieldType type, org.apache.iceberg.types.Type target, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case FieldType.Timestamp _ -> ((Instant) value).atOffset(ZoneOffset.UTC);
            case FieldType.Array array ->
                    ((List<?>) value)
                            .stream()
                                    .map(item ->
                                            iceberg(
                                                    array.items(),
                                                    target.asListType().elementType(),
                                                    item))
                                    .toList();
            case FieldType.Struct struct -> {
                Types.StructType members = target.asStructType();
                GenericRecord record = GenericRecord.create(members);
                for (int i = 0; i < struct.fields().size(); i++) {
                    Field field = struct.fields().get(i);
                    record.setField(
                            field.name(),
                            iceberg(
                                    field.type(),
                                    members.fieldType(field.name()),
                                    ((Row) value).value(i)));
                }
                yield record;
            }
            case FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Date _,
                    FieldType.Time _ ->
                    value;
        };
    }

    private static Outcome readJson(Contract contract, byte[] json) {
        JsonNode event = JSON.readTree(json);
        return new Outcome.Valid(
                new Row(
                        contract.fields(),
                        new @Nullable Object[] {
                            event.path("car").stringValue(), event.path("n").longValue()
                        }));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        engines.forEach(SqlEngine::close);
        producer.close();
        ends.close();
        lake.close();
    }
}
