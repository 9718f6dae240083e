package leat.stream.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import leat.core.contract.Contract.TimePartitioning;
import leat.core.outcome.Reason;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes one snapshot: records are given in chunks, parsed and written on the lanes, and the
/// files are closed at the end. One thread gives; nothing is visible before [LakeCommit].
final class Append {

    private static final Logger LOG = LoggerFactory.getLogger(Append.class);

    private final Table table;
    private final Layout layout;
    private final Lanes lanes;
    private final Set<RecordPlace> suspects;
    private final @Nullable Share[] shares;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private long records;
    private long bytes;
    private long firstNanos;

    /// How a table's rows are made and laid out.
    record Layout(
            TimePartitioning partitioning,
            Supplier<RowDecoder> decoders,
            Schema schema,
            LakeLoaderSettings settings) {}

    /// One record of the log.
    record RecordPlace(TopicPartition partition, long offset) {}

    /// A record that the table cannot take.
    record Refusal(ConsumerRecord<byte[], byte[]> record, List<Reason> reasons) {}

    /// What the lanes made of the records.
    ///
    /// @param newestMillis the latest timestamp of a record; 0 when there was none
    record Written(List<DataFile> files, List<Refusal> refused, long rows, long newestMillis) {}

    /// @param suspects records that made an earlier append fail and are refused now
    Append(Table table, Layout layout, Lanes lanes, Set<RecordPlace> suspects) {
        this.table = table;
        this.layout = layout;
        this.lanes = lanes;
        this.suspects = Set.copyOf(suspects);
        this.shares = new Share[lanes.count()];
    }

    Table table() {
        return table;
    }

    /// Queues a chunk of one partition's records.
    void add(
            TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> chunk, long chunkBytes) {
        if (records == 0) {
            firstNanos = System.nanoTime();
        }
        records += chunk.size();
        bytes += chunkBytes;
        int lane = lanes.shortest();
        Share share = share(lane);
        lanes.queue(
                lane,
                () -> {
                    try {
                        if (failure.get() == null) {
                            share.load(partition, chunk);
                        }
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    boolean isEmpty() {
        return records == 0;
    }

    long bytes() {
        return bytes;
    }

    /// Nanoseconds since the first record; 0 when there is none.
    long ageNanos() {
        return records == 0 ? 0 : System.nanoTime() - firstNanos;
    }

    /// The first thing that went wrong on a lane, or null.
    @Nullable RuntimeException failure() {
        return failure.get();
    }

    /// Closes the files once all chunks are written. The future fails with [#failure].
    CompletableFuture<Written> finish() {
        CompletableFuture<Written> all =
                CompletableFuture.completedFuture(new Written(List.of(), List.of(), 0, 0));
        for (int lane = 0; lane < shares.length; lane++) {
            Share share = shares[lane];
            if (share != null) {
                all = all.thenCombine(lanes.run(lane, () -> finish(share)), Append::merge);
            }
        }
        return all;
    }

    private Written finish(Share share) {
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return share.finish();
    }

    /// Deletes what was written, as far as the storage lets us; the rest is found as orphans.
    void discard() {
        failure.compareAndSet(null, new IllegalStateException("discarded"));
        for (int lane = 0; lane < shares.length; lane++) {
            Share share = shares[lane];
            if (share != null) {
                lanes.queue(lane, share::discard);
            }
        }
    }

    private Share share(int lane) {
        Share share = shares[lane];
        if (share == null) {
            share = new Share(lane);
            shares[lane] = share;
        }
        return share;
    }

    private static Written merge(Written left, Written right) {
        List<DataFile> files = new ArrayList<>(left.files());
        files.addAll(right.files());
        List<Refusal> refused = new ArrayList<>(left.refused());
        refused.addAll(right.refused());
        return new Written(
                files,
                refused,
                left.rows() + right.rows(),
                Math.max(left.newestMillis(), right.newestMillis()));
    }

    /// One lane's part; touched by its thread only.
    private final class Share {
        private final TableFiles files;
        private final RowDecoder decoder;
        private final List<Refusal> refused = new ArrayList<>();
        private long rows;
        private long newestMillis;

        Share(int lane) {
            files =
                    new TableFiles(
                            table, layout.schema(), layout.partitioning(), lane, layout.settings());
            decoder = layout.decoders().get();
        }

        void load(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> chunk) {
            for (ConsumerRecord<byte[], byte[]> record : chunk) {
                newestMillis = Math.max(newestMillis, record.timestamp());
                switch (decode(partition, record)) {
                    case RowDecoder.Decoded.Loaded(LakeRow row) -> {
                        files.write(row, Math.max(0, record.serializedValueSize()));
                        rows++;
                    }
                    case RowDecoder.Decoded.Refused(List<Reason> reasons) ->
                            refused.add(new Refusal(record, reasons));
                }
            }
        }

        private RowDecoder.Decoded decode(
                TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
            if (!suspects.isEmpty()
                    && suspects.contains(new RecordPlace(partition, record.offset()))) {
                return RowDecoder.Decoded.Refused.because(
                        "", "internal: the file writer failed on this event");
            }
            return decoder.decode(partition, record);
        }

        Written finish() {
            return new Written(files.finish(), refused, rows, newestMillis);
        }

        void discard() {
            try {
                files.discard();
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("Files of a failed append stay behind as orphans");
            }
        }
    }
}
