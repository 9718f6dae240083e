package leat.core.enrich;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import leat.core.contract.FieldType;
import leat.core.validate.ValueTexts;

/// Turns a value of an answer into one of a field's type.
final class FetchedValue {

    private FetchedValue() {}

    /// The value in the type's value class.
    ///
    /// @param value of some type's value class, or as JSON has it
    /// @throws IllegalArgumentException when it is not of the type
    static Object of(FieldType type, Object value) {
        return switch (type) {
            case FieldType.Text _ when value instanceof String -> value;
            case FieldType.Bool _ when value instanceof Boolean -> value;
            case FieldType.Timestamp _ when value instanceof Instant -> value;
            case FieldType.Date _ when value instanceof LocalDate -> value;
            case FieldType.Time _ when value instanceof LocalTime -> value;
            case FieldType.Date _, FieldType.Time _ when value instanceof String text ->
                    ValueTexts.parse(type, text);
            case FieldType.Timestamp _ when value instanceof String || value instanceof Number ->
                    ValueTexts.parse(type, text(value));
            case FieldType.Int _, FieldType.Real _, FieldType.Decimal _
                    when value instanceof Number ->
                    ValueTexts.parse(type, text(value));
            case FieldType _ ->
                    throw new IllegalArgumentException(
                            "the answer has " + value + ", which is not of the field's type");
        };
    }

    private static String text(Object value) {
        return value instanceof BigDecimal exact ? exact.toPlainString() : value.toString();
    }
}
