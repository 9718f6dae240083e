package leat.core.scoring;

import java.util.ArrayList;
import java.util.List;

/// The dimensions of a tensor, the rows' first. In a signature, [#FREE] stands for any number.
public record Shape(List<Long> dimensions) {

    /// A dimension that the model leaves open.
    public static final long FREE = -1;

    /// Checks the dimensions.
    ///
    /// @throws IllegalArgumentException when a dimension is negative and not free
    public Shape {
        dimensions = List.copyOf(dimensions);
        for (long dimension : dimensions) {
            if (dimension < FREE) {
                throw new IllegalArgumentException("a tensor has no dimension of " + dimension);
            }
        }
    }

    public static Shape of(long... dimensions) {
        return new Shape(java.util.Arrays.stream(dimensions).boxed().toList());
    }

    /// How many values a tensor of the shape has.
    ///
    /// @throws ArithmeticException when they are more than a tensor can hold
    /// @throws IllegalStateException when a dimension is free
    public int size() {
        long size = 1;
        for (long dimension : dimensions) {
            if (dimension == FREE) {
                throw new IllegalStateException(this + " has a free dimension");
            }
            size = Math.multiplyExact(size, dimension);
        }
        return Math.toIntExact(size);
    }

    /// The number of rows, 1 for a single value; may be [#FREE].
    public long rows() {
        return dimensions.isEmpty() ? 1 : dimensions.getFirst();
    }

    /// The values of one row; [#FREE] where that is open.
    public long rowSize() {
        long size = 1;
        for (long dimension : rowDimensions()) {
            if (dimension == FREE) {
                return FREE;
            }
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }

    /// The dimensions of one row.
    public List<Long> rowDimensions() {
        return dimensions.subList(Math.min(1, dimensions.size()), dimensions.size());
    }

    /// The same with another number of rows.
    ///
    /// @throws IllegalStateException when it is the shape of a single value
    public Shape withRows(long rows) {
        if (dimensions.isEmpty()) {
            throw new IllegalStateException("a single value has no rows");
        }
        List<Long> others = new ArrayList<>(dimensions);
        others.set(0, rows);
        return new Shape(others);
    }

    /// Whether a tensor of the other shape may stand where this one is asked for.
    public boolean admits(Shape other) {
        if (dimensions.size() != other.dimensions.size()) {
            return false;
        }
        for (int i = 0; i < dimensions.size(); i++) {
            long wanted = dimensions.get(i);
            if (wanted != FREE && wanted != other.dimensions.get(i)) {
                return false;
            }
        }
        return true;
    }

    /// As people write it, `[?, 18]`.
    @Override
    public String toString() {
        return dimensions.stream()
                .map(dimension -> dimension == FREE ? "?" : Long.toString(dimension))
                .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
    }
}
