package leat.core.feature;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The partial aggregates of one series in one tile.
final class Slot {

    private final Needs needs;
    private long count;
    private @Nullable Stamped only;
    private final ExactSum sum = new ExactSum();
    private final ExactSum squares = new ExactSum();
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private @Nullable Stamped first;
    private @Nullable Stamped last;
    private final Set<Object> distinct;

    Slot(Needs needs) {
        this.needs = needs;
        this.distinct = needs.distinct() ? new LinkedHashSet<>(2) : Set.of();
    }

    void add(Stamped value) {
        only = count == 0 ? value : null;
        count++;
        if (needs.sum()) {
            sum.add((Double) value.value());
        }
        if (needs.squares()) {
            squares.addSquare((Double) value.value());
        }
        if (needs.min()) {
            min = Math.min(min, (Double) value.value());
        }
        if (needs.max()) {
            max = Math.max(max, (Double) value.value());
        }
        if (needs.first() && (first == null || value.before(first))) {
            first = value;
        }
        if (needs.last() && (last == null || last.before(value))) {
            last = value;
        }
        if (needs.distinct() && distinct.size() < needs.distinctLimit()) {
            distinct.add(Values.told(value.value()));
        }
    }

    long count() {
        return count;
    }

    ExactSum sum() {
        return sum;
    }

    ExactSum squares() {
        return squares;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /// Of a slot that keeps it and has a value.
    Stamped first() {
        return Objects.requireNonNull(first);
    }

    /// Of a slot that keeps it and has a value.
    Stamped last() {
        return Objects.requireNonNull(last);
    }

    /// What is told apart, as [Values#told] has it, up to the limit.
    Set<Object> distinct() {
        return distinct;
    }

    /// How many values, and what is kept of them; of a single one it itself says all of that.
    void writeTo(TileWriter writer, long tileStart, NewestEvent newest) {
        writer.count(count);
        if (only != null && needs.value()) {
            writeValue(writer, only, tileStart, newest);
        } else if (count > 1) {
            writeAggregates(writer, tileStart, newest);
        }
    }

    private void writeAggregates(TileWriter writer, long tileStart, NewestEvent newest) {
        if (needs.sum()) {
            sum.writeTo(writer);
        }
        if (needs.squares()) {
            squares.writeTo(writer);
        }
        if (needs.min()) {
            writer.number(min);
        }
        if (needs.max()) {
            writer.number(max);
        }
        if (needs.first()) {
            writeValue(writer, first(), tileStart, newest);
        }
        if (needs.last()) {
            writeValue(writer, last(), tileStart, newest);
        }
        if (needs.distinct()) {
            writer.count(distinct.size());
            distinct.forEach(value -> writer.value(needs.kind(), value));
        }
    }

    private void writeValue(TileWriter writer, Stamped value, long tileStart, NewestEvent newest) {
        writer.value(needs.kind(), value.value());
        if (needs.stamps()) {
            boolean newestOnes = newest.is(value);
            writer.count(newestOnes ? 0 : value.timeMicros() - tileStart + 1);
            if (!newestOnes) {
                writer.count(value.partition());
                writer.count(value.offset());
            }
        }
    }

    /// Reads what was written, null where there is no value.
    static @Nullable Slot readFrom(
            TileReader reader, Needs needs, long tileStart, NewestEvent newest) {
        long count = reader.varint();
        if (count == 0) {
            return null;
        }
        Slot slot = new Slot(needs);
        if (!needs.value()) {
            slot.count = count;
        } else if (count == 1) {
            slot.add(readValue(reader, needs, tileStart, newest));
        } else {
            slot.count = count;
            slot.readAggregates(reader, tileStart, newest);
        }
        return slot;
    }

    private void readAggregates(TileReader reader, long tileStart, NewestEvent newest) {
        if (needs.sum()) {
            sum.add(ExactSum.readFrom(reader));
        }
        if (needs.squares()) {
            squares.add(ExactSum.readFrom(reader));
        }
        if (needs.min()) {
            min = reader.number();
        }
        if (needs.max()) {
            max = reader.number();
        }
        if (needs.first()) {
            first = readValue(reader, needs, tileStart, newest);
        }
        if (needs.last()) {
            last = readValue(reader, needs, tileStart, newest);
        }
        if (needs.distinct()) {
            int values = reader.count();
            for (int i = 0; i < values; i++) {
                distinct.add(reader.value(needs.kind()));
            }
        }
    }

    private static Stamped readValue(
            TileReader reader, Needs needs, long tileStart, NewestEvent newest) {
        Object value = reader.value(needs.kind());
        long after = needs.stamps() ? reader.varint() : 0;
        if (after == 0) {
            return newest.stamp(value);
        }
        return new Stamped(value, tileStart + after - 1, (int) reader.varint(), reader.varint());
    }
}
