package leat.stream.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.contract.UnknownFields;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.validate.Validator;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeLoaderSettings;
import leat.stream.lake.LakeMaintenance;
import leat.stream.lake.LakeMaintenanceSettings;
import leat.stream.lake.LakeStoreSettings;
import leat.stream.lake.LakeTables;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/// The vectors of some views in the log, written as the feature store writes them, and a lake with
/// a loader that runs when it is told to.
final class VectorFixture implements AutoCloseable {

    static final int PARTITIONS = 3;
    private static final TopicId SOURCE = new TopicId("rrrrrrrrrrrrrrrrrrrrrr");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Names names = SharedKafka.freshNames();
    private final LogConnection log = SharedKafka.connection();
    private final Path folder;
    private final List<Contract> views;
    private final LakeCatalog lake;
    private final Producer<byte[], byte[]> producer;

    /// The features of each view are a number that may be missing, a count and a text.
    VectorFixture(Path folder, List<Contract> views) {
        this.folder = folder;
        this.views = List.copyOf(views);
        // The topic's own type of time is the broker's clock; tests want one of their own.
        SharedKafka.create(
                views.stream()
                        .map(view ->
                                new TopicSpec(
                                        names.vectors(view),
                                        PARTITIONS,
                                        Map.of(
                                                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                                                "CreateTime",
                                                TopicConfig.RETENTION_MS_CONFIG,
                                                "-1")))
                        .toList());
        lake =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake")),
                        names);
        producer = log.transactionalProducer("vectors", names.transactionalId("t", "1"), Map.of());
        producer.initTransactions();
    }

    /// A vector as the log has it.
    ///
    /// @param offset of the event that it was written with
    record Vector(
            String entity,
            int partition,
            long offset,
            long queryMicros,
            long appendedMillis,
            @Nullable Double speed,
            long n) {}

    static Contract view(String name, int version) {
        return view(
                name,
                version,
                List.of(
                        field(
                                "speed",
                                new FieldType.Real(Range.all(), Optional.empty(), List.of()),
                                false),
                        field(
                                "n",
                                new FieldType.Int(Range.all(), Optional.empty(), List.of()),
                                false),
                        field("label", FieldType.Text.any(), false)));
    }

    /// Without its text.
    static Contract withoutLabel(String name, int version) {
        List<Field> features = view(name, version).fields();
        return view(name, version, features.subList(2, features.size() - 1));
    }

    private static Contract view(String name, int version, List<Field> features) {
        return new Contract(
                new ContractName(name),
                new ContractVersion(version, 0, 0),
                "",
                Stream.concat(
                                Stream.of(
                                        field("entity", FieldType.Text.any(), true),
                                        field("query_time", FieldType.Timestamp.iso(), true)),
                                features.stream())
                        .toList(),
                List.of(),
                Optional.of(FieldPath.parse("entity")),
                Optional.of(FieldPath.parse("query_time")),
                Contract.TimeBounds.DEFAULT,
                UnknownFields.REJECT,
                Duration.ofHours(1),
                new Contract.LogSettings(PARTITIONS, Optional.empty()),
                new Contract.LakeSettings(
                        Contract.TimePartitioning.DAY, List.of("entity", "query_time")),
                List.of(),
                Path.of("test.yaml"));
    }

    private static Field field(String name, FieldType type, boolean required) {
        return new Field(name, type, required, false, Optional.empty(), Optional.empty(), "");
    }

    /// Writes vectors in transactions of fifty, each after one that is aborted.
    void write(Contract view, List<Vector> vectors) {
        for (int from = 0; from < vectors.size(); from += 50) {
            producer.beginTransaction();
            send(view, vectors.get(from), -1);
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            vectors.subList(from, Math.min(vectors.size(), from + 50))
                    .forEach(vector -> send(view, vector, vector.n()));
            producer.commitTransaction();
        }
    }

    private void send(Contract view, Vector vector, long n) {
        String speed = vector.speed() == null ? "" : ",\"speed\":" + vector.speed();
        String label =
                view.fields().getLast().name().equals("label") ? ",\"label\":\"l" + n + "\"" : "";
        String json =
                String.format(
                        Locale.ROOT,
                        "{\"entity\":\"%s\",\"query_time\":\"%s\"%s,\"n\":%d%s}",
                        vector.entity(),
                        instant(vector.queryMicros()),
                        speed,
                        n,
                        label);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        names.vectors(view),
                        vector.partition(),
                        vector.appendedMillis(),
                        vector.entity().getBytes(UTF_8),
                        json.getBytes(UTF_8));
        Position position = new Position(SOURCE, vector.partition(), vector.offset());
        record.headers().add(EventHeaders.POSITION, position.toString().getBytes(UTF_8));
        record.headers().add(EventHeaders.VIEW, view.nameAndMajor().getBytes(UTF_8));
        Future<RecordMetadata> _ = producer.send(record);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /// Loads what is in the log, until each of `filled` has so many rows.
    void load(long rows, List<Contract> filled) {
        try (LakeLoader loader =
                LakeLoader.start(
                        new LakeLoader.Place(log, names, lake),
                        new LakeLoaderSettings(
                                Duration.ofMillis(100),
                                DataSize.mebibytes(64),
                                DataSize.mebibytes(64),
                                2,
                                4,
                                false),
                        List.of(),
                        views)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (Contract view : filled) {
                while (rows(table(view)) < rows) {
                    if (System.nanoTime() > deadline) {
                        throw new AssertionError("not loaded: " + loader.health());
                    }
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                }
            }
        }
    }

    Table table(Contract view) {
        return new LakeTables(lake).vectors(view).orElseThrow();
    }

    /// One round of maintenance.
    LakeMaintenance.Report maintain(Contract view) {
        return LakeMaintenance.maintain(
                table(view),
                new LakeMaintenanceSettings(
                        Duration.ofSeconds(1),
                        DataSize.mebibytes(64),
                        2,
                        Duration.ofMinutes(1),
                        Duration.ofHours(2)),
                Clock.systemUTC());
    }

    private static long rows(Table table) {
        Snapshot newest = table.currentSnapshot();
        return newest == null
                ? 0
                : Long.parseLong(
                        newest.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"));
    }

    private SqlSources sources() {
        return new SqlSources(
                new SqlTables(names, List.of(), views),
                lake,
                folder.resolve("lake"),
                log,
                contract -> Validator.forEnriched(contract)::validate);
    }

    SqlEngine engine() {
        return new SqlEngine(
                SqlSettings.DEFAULT, sources(), folder.resolve("sql"), InstantSource.system());
    }

    FeatureHistory history() {
        return new FeatureHistory(
                SqlSettings.DEFAULT, sources(), folder.resolve("spill"), InstantSource.system());
    }

    @Override
    public void close() {
        producer.close();
        lake.close();
    }
}
