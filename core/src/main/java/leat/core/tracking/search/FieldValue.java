package leat.core.tracking.search;

/// The value of a field.
public sealed interface FieldValue {

    record Text(String text) implements FieldValue {}

    /// A metric's value, or a time in milliseconds.
    record Numeral(double number) implements FieldValue {}
}
