package leat.core.feature;

import org.jspecify.annotations.Nullable;

/// What a window has of a series, as far as it can be subtracted again.
final class Total {

    private final boolean summed;
    private final boolean squared;
    private long count;
    private final ExactSum sum = new ExactSum();
    private final ExactSum squares = new ExactSum();

    Total(boolean summed, boolean squared) {
        this.summed = summed;
        this.squared = squared;
    }

    void add(Object value) {
        count++;
        if (summed) {
            sum.add((Double) value);
        }
        if (squared) {
            squares.addSquare((Double) value);
        }
    }

    void add(Slot slot) {
        count += slot.count();
        if (summed) {
            sum.add(slot.sum());
        }
        if (squared) {
            squares.add(slot.squares());
        }
    }

    void subtract(Slot slot) {
        count -= slot.count();
        if (count == 0) {
            sum.clear();
            squares.clear();
            return;
        }
        if (summed) {
            sum.subtract(slot.sum());
        }
        if (squared) {
            squares.subtract(slot.squares());
        }
    }

    long count() {
        return count;
    }

    @Nullable Double sum() {
        return count == 0 ? null : sum.rounded();
    }

    @Nullable Double mean() {
        return count == 0 ? null : sum.mean(count);
    }

    @Nullable Double deviation() {
        Double variance = count == 0 ? null : ExactSum.variance(sum, squares, count);
        return variance == null ? null : (Double) Math.sqrt(variance);
    }

    long weightBytes() {
        return 40 + sum.weightBytes() + squares.weightBytes();
    }
}
