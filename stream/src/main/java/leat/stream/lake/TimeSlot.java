package leat.stream.lake;

import java.time.ZoneOffset;
import leat.core.contract.Contract.TimePartitioning;
import org.apache.iceberg.StructLike;

/// One partition of a table: the hour, day or month of its rows' time, counted from 1970 as Iceberg
/// does.
record TimeSlot(int ordinal) implements StructLike {

    private static final long MICROS_PER_HOUR = 3_600_000_000L;
    private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

    /// The slot of a time; always the same one for a table that is not partitioned.
    static int ordinal(TimePartitioning partitioning, long timeMicros) {
        return switch (partitioning) {
            case NONE -> 0;
            case HOUR -> (int) Math.floorDiv(timeMicros, MICROS_PER_HOUR);
            case DAY -> (int) Math.floorDiv(timeMicros, MICROS_PER_DAY);
            case MONTH -> month(timeMicros);
        };
    }

    private static int month(long timeMicros) {
        java.time.LocalDate day = Micros.instant(timeMicros).atOffset(ZoneOffset.UTC).toLocalDate();
        return (day.getYear() - 1970) * 12 + day.getMonthValue() - 1;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public <T> T get(int position, Class<T> type) {
        return type.cast(ordinal);
    }

    @Override
    public <T> void set(int position, T value) {
        throw new UnsupportedOperationException("a time slot does not change");
    }
}
