package leat.stream.enricher.dedupe;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Function;
import leat.core.config.DataSize;
import leat.core.event.Hash128;
import leat.stream.log.AssignedPartition;
import leat.stream.log.LogReader;
import leat.stream.log.PartitionStopped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One partition's answer to "is this record a duplicate?", by [DuplicateRule]: a pure function of
/// the raw records below the committed offset and of those before it in the batch in flight.
public final class Duplicates implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Duplicates.class);

    /// How many records are put into one journal block while the tail is read again.
    private static final int RESTORE_BLOCK = 2_000;

    private final DuplicateRule rule;
    private final DataSize memory;
    private final IdentityTable table = new IdentityTable();
    private final IdentityOverlay overlay = new IdentityOverlay();
    private final IdentityJournal journal;
    private long newestMillis;
    private long inFlightNewestMillis;

    private Duplicates(Settings settings, AssignedPartition assigned, Path folder) {
        this.rule = settings.rule();
        this.memory = settings.memory();
        try {
            this.journal =
                    IdentityJournal.restore(
                            folder,
                            assigned.topicId(),
                            rule.windowMillis(),
                            assigned.offset(),
                            this::remember);
        } catch (RuntimeException e) {
            table.close();
            throw e;
        }
    }

    private void remember(long high, long low, long millis) {
        table.put(high, low, millis);
        newestMillis = Math.max(newestMillis, millis);
    }

    /// How duplicates are found in one topic.
    ///
    /// @param memory the most that a partition's identities may take, off the Java heap
    /// @param identity a raw record's identity, null when it has none
    public record Settings(
            DuplicateRule rule,
            DataSize memory,
            Function<ConsumerRecord<byte[], byte[]>, @Nullable Hash128> identity) {}

    /// Restores the identities that stand below `assigned.offset()` within the window: from the
    /// journal in `folder`, and the rest from raw.
    public static Duplicates restore(
            Settings settings, AssignedPartition assigned, LogReader reader, Path folder) {
        Duplicates duplicates = new Duplicates(settings, assigned, folder);
        try {
            duplicates.readTail(settings, assigned, reader);
            return duplicates;
        } catch (RuntimeException e) {
            duplicates.close();
            throw e;
        }
    }

    private void readTail(Settings settings, AssignedPartition assigned, LogReader reader) {
        long committed = assigned.offset();
        long from = journal.end();
        if (from < committed) {
            long needed = firstNeeded(assigned, reader);
            if (from < needed) {
                from = needed;
                journal.startAt(needed);
            }
            long[] pending = {0};
            reader.read(
                    assigned.partition(),
                    from,
                    committed,
                    record -> {
                        Hash128 identity = settings.identity().apply(record);
                        if (identity != null) {
                            table.put(identity.high(), identity.low(), record.timestamp());
                            journal.add(identity.high(), identity.low(), record.timestamp());
                        }
                        newestMillis = Math.max(newestMillis, record.timestamp());
                        if (++pending[0] % RESTORE_BLOCK == 0) {
                            journal.advance(record.offset() + 1);
                        }
                    });
            journal.advance(committed);
        }
        table.expireBefore(rule.horizonMillis(newestMillis));
        LOG.atInfo()
                .addKeyValue("partition", assigned.partition())
                .addKeyValue("offset", committed)
                .addKeyValue("identities", table.size())
                .addKeyValue("readAgain", Math.max(0, committed - from))
                .log("Restored identities");
    }

    private long firstNeeded(AssignedPartition assigned, LogReader reader) {
        OptionalLong last = reader.timestampBelow(assigned.partition(), assigned.offset());
        if (last.isEmpty()) {
            return assigned.offset();
        }
        return reader.firstOffsetSince(assigned.partition(), rule.horizonMillis(last.getAsLong()))
                .orElse(assigned.offset());
    }

    /// Makes room for a batch.
    ///
    /// @throws PartitionStopped when the identities of the window do not fit into the memory given
    public void begin() {
        if (table.bytes() <= memory.bytes()) {
            return;
        }
        table.compact();
        if (table.bytes() > memory.bytes()) {
            throw new PartitionStopped(
                    table.size()
                            + " identities of the deduplication window take more than "
                            + memory
                            + ": raise enricher.dedupe-memory, shorten the contract's"
                            + " leat.dedupeWindow, or raise the partitions in a new major version");
        }
    }

    /// Whether the record is a duplicate. It is remembered either way, with the batch in flight.
    public boolean seen(long high, long low, long appendMillis) {
        long earlier = Math.max(table.lastSeen(high, low), overlay.lastSeen(high, low));
        overlay.put(high, low, appendMillis);
        inFlightNewestMillis = Math.max(inFlightNewestMillis, appendMillis);
        return earlier != IdentityTable.ABSENT && rule.holds(earlier, appendMillis);
    }

    /// The batch in flight is committed, and everything below `offset` with it.
    public void committed(long offset) {
        overlay.forEach((high, low, millis) -> {
            table.put(high, low, millis);
            journal.add(high, low, millis);
        });
        newestMillis = Math.max(newestMillis, inFlightNewestMillis);
        aborted();
        long horizon = rule.horizonMillis(newestMillis);
        table.expireBefore(horizon);
        journal.advance(offset);
        journal.expireBefore(horizon);
    }

    /// The batch in flight never was.
    public void aborted() {
        overlay.clear();
        inFlightNewestMillis = 0;
    }

    /// How many identities are remembered.
    public long size() {
        return table.size();
    }

    /// What they take off the Java heap.
    public long bytes() {
        return table.bytes();
    }

    @Override
    public void close() {
        journal.close();
        table.close();
    }
}
