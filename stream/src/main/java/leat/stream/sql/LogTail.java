package leat.stream.sql;

import io.prometheus.metrics.core.metrics.Counter;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import leat.core.event.TopicId;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// The decoded tail of one table's topics, kept in DuckDB between queries.
///
/// Rows are appended to *segments*, tables with three hidden columns (topic, partition, offset)
/// before the table's own. A query leases the segments that hold its cut and filters them by
/// offset, so it does not matter that they hold more. Segments whose rows are all in the lake are
/// dropped when nobody leases them; they are small against the tail's bound, or rows that are in
/// the lake already would count against it until their segment's last one is. The tail moves only
/// when a query asks: a table that nobody reads costs nothing.
final class LogTail implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int SEGMENTS = 16;
    private static final AtomicLong SEGMENT_NUMBERS = new AtomicLong();
    private static final Counter ROWS =
            Counter.builder()
                    .name("leat_sql_tail_rows_total")
                    .help("Records decoded for SQL's tail")
                    .labelNames("contract")
                    .register();
    private static final Counter SKIPPED =
            Counter.builder()
                    .name("leat_sql_tail_skipped_total")
                    .help("Records of the tail that are no rows by the contract")
                    .labelNames("contract")
                    .register();

    private final SqlTable table;
    private final int columns;
    private final TailRows rows;
    private final LogConnection log;
    private final DuckDBConnection database;
    private final long maxBytes;
    private final String contract;
    private final List<Segment> segments = new ArrayList<>();

    /// The first offset of each partition that the segments hold completely.
    private final Map<TopicPartition, Long> heldFrom = new HashMap<>();

    /// The offset of each partition that is read next.
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private Map<String, TopicId> topics = Map.of();
    private Map<TopicPartition, Long> lakeTo = Map.of();
    private @Nullable Consumer<byte[], byte[]> consumer;
    private long heldBytes;
    private long lastUsedNanos = System.nanoTime();

    LogTail(
            SqlTable table,
            TailRows rows,
            LogConnection log,
            DuckDBConnection database,
            long maxBytes) {
        this.table = table;
        this.columns = table.columns().size();
        this.rows = rows;
        this.log = log;
        this.database = database;
        this.maxBytes = maxBytes;
        this.contract = table.contract().name().value();
    }

    private static final class Segment {
        private final String name = "$tail_" + SEGMENT_NUMBERS.incrementAndGet();
        private final Map<TopicPartition, Long> ends = new HashMap<>();
        private long bytes;
        private int leases;
        private boolean retired;

        boolean allBefore(Map<TopicPartition, Long> positions) {
            return ends.entrySet().stream()
                    .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
        }
    }

    /// Segments that stay until the lease is closed.
    ///
    /// @param shortfall why the segments do not reach the asked-for end; empty when they do
    record Lease(List<String> segments, Optional<Shortfall> shortfall, Runnable release)
            implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }

    /// Reads on until every partition is held from its `spans`' start to its end.
    ///
    /// @param deadlineNanos when to give up, by [System#nanoTime]
    synchronized Lease lease(
            Map<String, TopicId> currentTopics,
            Map<TopicPartition, LogEnds.Span> spans,
            long deadlineNanos)
            throws SQLException {
        lastUsedNanos = System.nanoTime();
        if (!topics.equals(currentTopics)) {
            reset();
            topics = Map.copyOf(currentTopics);
        }
        try {
            align(spans);
            Optional<Shortfall> shortfall = readTo(spans, deadlineNanos);
            return lease(shortfall);
        } catch (SQLException | RuntimeException e) {
            reset();
            throw e;
        }
    }

    /// Frees everything when no query has asked since `idle`.
    synchronized void releaseIfIdle(Duration idle) throws SQLException {
        if (!segments.isEmpty() && System.nanoTime() - lastUsedNanos > idle.toNanos()) {
            reset();
        }
    }

    @Override
    public synchronized void close() {
        closeConsumer();
    }

    private Lease lease(Optional<Shortfall> shortfall) {
        if (shortfall.isPresent()) {
            return new Lease(List.of(), shortfall, () -> {});
        }
        List<Segment> leased = List.copyOf(segments);
        leased.forEach(segment -> segment.leases++);
        return new Lease(
                leased.stream().map(segment -> segment.name).toList(),
                Optional.empty(),
                () -> release(leased));
    }

    private synchronized void release(List<Segment> leased) {
        for (Segment segment : leased) {
            segment.leases--;
            if (segment.leases == 0 && segment.retired) {
                drop(segment);
            }
        }
    }

    /// Moves the held range to where the lake stands: forward by forgetting, backward (a query that
    /// saw an older snapshot, or a table that was rolled back) by reading again.
    private void align(Map<TopicPartition, LogEnds.Span> spans) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        spans.forEach((partition, span) -> starts.put(partition, span.from()));
        boolean gone =
                starts.entrySet().stream()
                        .anyMatch(start ->
                                heldFrom.getOrDefault(start.getKey(), 0L) > start.getValue());
        if (gone || !heldFrom.keySet().equals(starts.keySet())) {
            reset();
            heldFrom.putAll(starts);
            next.putAll(starts);
        }
        if (!starts.equals(lakeTo)) {
            // Queries that planned just before the lake's newest commit still need one step back.
            trim(lakeTo);
            lakeTo = Map.copyOf(starts);
        }
        starts.forEach((partition, start) -> {
            if (next.getOrDefault(partition, 0L) < start) {
                next.put(partition, start);
                heldFrom.put(partition, start);
                if (consumer != null) {
                    consumer.seek(partition, start);
                }
            }
        });
    }

    private void trim(Map<TopicPartition, Long> positions) {
        for (Iterator<Segment> i = segments.iterator(); i.hasNext(); ) {
            Segment segment = i.next();
            if (segment.allBefore(positions)) {
                segment.ends.forEach((partition, end) -> heldFrom.merge(partition, end, Math::max));
                i.remove();
                retire(segment);
            }
        }
    }

    private Optional<Shortfall> readTo(Map<TopicPartition, LogEnds.Span> spans, long deadlineNanos)
            throws SQLException {
        if (reached(spans)) {
            return Optional.empty();
        }
        Consumer<byte[], byte[]> reader = consumer();
        while (!reached(spans)) {
            if (heldBytes >= maxBytes) {
                trim(lakeTo);
            }
            if (heldBytes >= maxBytes) {
                return Optional.of(Shortfall.tooLong(maxBytes));
            }
            if (System.nanoTime() > deadlineNanos) {
                return Optional.of(Shortfall.tooSlow());
            }
            try {
                append(reader.poll(POLL));
            } catch (OffsetOutOfRangeException e) {
                // Retention was faster than the lake: what is gone is gone for every reader.
                reader.seekToBeginning(e.partitions());
            }
            next.replaceAll((partition, _) -> reader.position(partition));
        }
        return Optional.empty();
    }

    private boolean reached(Map<TopicPartition, LogEnds.Span> spans) {
        return spans.entrySet().stream()
                .allMatch(span -> next.getOrDefault(span.getKey(), 0L) >= span.getValue().to());
    }

    private void append(ConsumerRecords<byte[], byte[]> records) throws SQLException {
        if (records.isEmpty()) {
            return;
        }
        Segment segment = openSegment();
        try (DuckDBAppender appender = database.createAppender(segment.name)) {
            for (TopicPartition partition : records.partitions()) {
                int topic = table.topics().indexOf(partition.topic());
                TopicId id = Objects.requireNonNull(topics.get(partition.topic()));
                for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                    append(appender, segment, topic, id, record);
                }
                segment.ends.put(partition, records.records(partition).getLast().offset() + 1);
            }
        }
    }

    private void append(
            DuckDBAppender appender,
            Segment segment,
            int topic,
            TopicId id,
            ConsumerRecord<byte[], byte[]> record)
            throws SQLException {
        Optional<TailRows.Decoded> row = rows.decode(id, record);
        if (row.isEmpty()) {
            SKIPPED.labelValues(contract).inc();
            return;
        }
        appender.beginRow();
        appender.append(topic);
        appender.append(record.partition());
        appender.append(record.offset());
        row.get().appendTo(appender);
        appender.endRow();
        long bytes = sizeBytes(record);
        segment.bytes += bytes;
        heldBytes += bytes;
        ROWS.labelValues(contract).inc();
    }

    /// What a row takes in DuckDB's memory: 16 bytes a column, and its texts, which are not longer
    /// than the record.
    private long sizeBytes(ConsumerRecord<byte[], byte[]> record) {
        return 16L * (columns + 3) + Math.max(0, record.serializedValueSize());
    }

    private Segment openSegment() throws SQLException {
        if (!segments.isEmpty() && segments.getLast().bytes < maxBytes / SEGMENTS) {
            return segments.getLast();
        }
        Segment segment = new Segment();
        String columns =
                table.columns().stream()
                        .map(column -> SqlColumn.quoted(column.name()) + " " + column.type())
                        .collect(Collectors.joining(", "));
        execute(
                "CREATE TABLE "
                        + SqlColumn.quoted(segment.name)
                        + " (\"$topic\" INTEGER, \"$partition\" INTEGER, \"$offset\" BIGINT, "
                        + columns
                        + ")");
        segments.add(segment);
        return segment;
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> open = consumer;
        if (open == null) {
            open =
                    log.reader(
                            "sql-" + table.name(),
                            Map.of(
                                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                    10_000,
                                    ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                                    8 << 20));
            consumer = open;
            Set<TopicPartition> partitions = next.keySet();
            open.assign(partitions);
            next.forEach(open::seek);
        }
        return open;
    }

    private void reset() {
        List.copyOf(segments).forEach(this::retire);
        segments.clear();
        heldFrom.clear();
        next.clear();
        lakeTo = Map.of();
        closeConsumer();
    }

    private void closeConsumer() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }

    private void retire(Segment segment) {
        heldBytes -= segment.bytes;
        segment.retired = true;
        if (segment.leases == 0) {
            drop(segment);
        }
    }

    private void drop(Segment segment) {
        try {
            execute("DROP TABLE IF EXISTS " + SqlColumn.quoted(segment.name));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop a segment of " + table.name(), e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }
}
