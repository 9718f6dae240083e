package leat.core.tracking.search;

import java.util.List;
import java.util.Optional;

/// The value of a field.
public sealed interface FieldValue {

    record Text(String text) implements FieldValue {}

    /// A metric's value, or a time in milliseconds.
    record Numeral(double number) implements FieldValue {}

    /// More than one value: a comparison holds where it does for one of them, and an order looks at
    /// the first.
    ///
    /// @param values at least one, none of which is several itself
    record Several(List<FieldValue> values) implements FieldValue {
        public Several {
            values = List.copyOf(values);
        }
    }

    /// Some values as one; empty where there are none.
    static Optional<FieldValue> several(List<FieldValue> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(new Several(values));
    }

    /// The one that an order looks at.
    default FieldValue first() {
        return this instanceof Several(List<FieldValue> values) ? values.getFirst() : this;
    }
}
