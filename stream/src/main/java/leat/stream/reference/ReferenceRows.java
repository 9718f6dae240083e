package leat.stream.reference;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.Position;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// The newest row or vector of each key, as the JSON that stands in the log; a row is decoded each
/// time it is found, which takes about as long as a validation and a tenth of the memory. Many
/// threads may find while one applies; neither waits for the other.
///
/// A deleted row leaves its key behind, with the offset of its end: so that what was seen can be
/// told exactly of a key that was deleted a moment ago.
final class ReferenceRows {

    /// What a row takes beside its key's and value's bytes: the map's node, key, entry, position.
    private static final int ROW_BYTES = 240;

    private final String contract;
    private final Validator validator;
    private final Optional<String> deletedField;
    private final DataSize limit;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLongArray positions;
    private volatile long bytes;

    /// @param value null where the row is deleted
    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(
            byte @Nullable [] value, int partition, long offset, Optional<Position> raw) {
        long bytes(String key) {
            return (long) ROW_BYTES + key.length() + (value == null ? 0 : value.length);
        }
    }

    /// A record of the `latest` topic.
    ///
    /// @param value null in a tombstone
    /// @param raw what its `leat_position` says; empty where a foreign producer wrote none
    @SuppressWarnings("ArrayRecordComponent")
    record Change(
            String key,
            byte @Nullable [] value,
            int partition,
            long offset,
            Optional<Position> raw) {}

    /// @param limit about the most memory for the rows
    ReferenceRows(Contract contract, int partitions, DataSize limit) {
        this.contract = contract.nameAndMajor();
        this.validator = Validator.forEnriched(contract);
        this.deletedField = contract.reference().flatMap(Contract.Reference::deletedField);
        this.limit = limit;
        this.positions = new AtomicLongArray(partitions);
    }

    /// Takes the next record of a partition; for one thread.
    ///
    /// @throws ReferenceTooLarge when the limit is reached; the rows are as they were
    void apply(Change change) {
        String key = change.key();
        byte[] value = change.value();
        Entry entry =
                new Entry(
                        value == null || deletes(value) ? null : value,
                        change.partition(),
                        change.offset(),
                        change.raw());
        Entry before = entries.get(key);
        long after = bytes + entry.bytes(key) - (before == null ? 0 : before.bytes(key));
        if (after > limit.bytes()) {
            throw new ReferenceTooLarge(
                    "the rows of "
                            + contract
                            + " need more than the "
                            + limit
                            + " they are given, after "
                            + entries.size()
                            + " keys");
        }
        entries.put(key, entry);
        bytes = after;
    }

    /// Everything of the partition below `position` has been applied.
    void advance(int partition, long position) {
        positions.set(partition, position);
    }

    long position(int partition) {
        return positions.get(partition);
    }

    int partitions() {
        return positions.length();
    }

    /// How many keys are held, deleted ones too.
    int keys() {
        return entries.size();
    }

    /// About how much memory the rows take.
    long bytes() {
        return bytes;
    }

    Found find(String key) {
        int expected = partition(key);
        // Before the entry: what is below the position is in the map then. An entry that came since
        // brings an offset of its own, and so does one of another partition, where a producer has
        // put the event that a vector is made of.
        long position = positions.get(expected);
        Entry entry = entries.get(key);
        if (entry == null) {
            return new Found.Miss(new Seen(contract, expected, position, Optional.empty()));
        }
        long own = entry.offset() + 1;
        Seen seen =
                new Seen(
                        contract,
                        entry.partition(),
                        entry.partition() == expected ? Math.max(position, own) : own,
                        entry.raw());
        return entry.value() == null ? new Found.Miss(seen) : decoded(entry.value(), seen);
    }

    private Found decoded(byte[] value, Seen seen) {
        return switch (validator.validate(value)) {
            case Outcome.Valid valid -> new Found.Hit(valid.row(), seen);
            case Outcome.Rejected rejected ->
                    new Found.Unreadable(
                            rejected.reasons().getFirst().field()
                                    + ": "
                                    + rejected.reasons().getFirst().message(),
                            seen);
        };
    }

    private boolean deletes(byte[] value) {
        return deletedField.isPresent()
                && validator.validate(value) instanceof Outcome.Valid valid
                && isTrue(valid.row(), deletedField.get());
    }

    private static boolean isTrue(Row row, String field) {
        return Boolean.TRUE.equals(row.value(field));
    }

    /// Where Kafka's producers put the key.
    private int partition(String key) {
        int hash = Utils.murmur2(key.getBytes(StandardCharsets.UTF_8));
        return Utils.toPositive(hash) % positions.length();
    }
}
