package leat.core.validate;

import java.util.Arrays;
import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import org.jspecify.annotations.Nullable;

/// One event's values in the order of its contract's fields; an absent or null field is `null`. The
/// value classes are those of [leat.core.contract.FieldType].
///
/// The values are not copied: whoever builds a row hands its array over.
public final class Row {

    private final List<Field> fields;
    private final @Nullable Object[] values;

    /// @param values as many as `fields`, in their order
    public Row(List<Field> fields, @Nullable Object[] values) {
        if (fields.size() != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values for " + fields.size() + " fields");
        }
        this.fields = fields;
        this.values = values;
    }

    public List<Field> fields() {
        return fields;
    }

    public @Nullable Object value(int index) {
        return values[index];
    }

    /// The value of the field of that name; null also when there is no such field.
    public @Nullable Object value(String name) {
        for (int i = 0; i < values.length; i++) {
            if (fields.get(i).name().equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    /// The value at the end of the way; null also where the way ends earlier.
    public @Nullable Object value(FieldPath path) {
        Object value = this;
        for (String segment : path.segments()) {
            if (!(value instanceof Row level)) {
                return null;
            }
            value = level.value(segment);
        }
        return value;
    }

    /// A copy with the value at `index` replaced.
    public Row with(int index, @Nullable Object value) {
        @Nullable Object[] copy = values.clone();
        copy[index] = value;
        return new Row(fields, copy);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row
                && fields.equals(row.fields)
                && Arrays.equals(values, row.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
