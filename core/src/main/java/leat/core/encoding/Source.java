package leat.core.encoding;

import java.math.BigDecimal;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import leat.core.validate.JsonText;

/// The kinds of single values that payloads hold, and the types of a contract they can become.
enum Source {
    /// Value class [String].
    TEXT("a string"),
    /// Value class [Integer], [Long] or [java.math.BigInteger].
    INTEGER("an integer"),
    /// Value class [Float] or [Double].
    FLOATING("a floating-point number"),
    /// Value class [BigDecimal].
    DECIMAL("a decimal"),
    /// Value class [Boolean].
    BOOLEAN("a boolean"),
    /// Value class [java.time.Instant].
    INSTANT("a timestamp"),
    /// Value class [java.time.LocalDate].
    DATE("a date"),
    /// Value class [java.time.LocalTime].
    TIME("a time of day");

    private final String noun;

    Source(String noun) {
        this.noun = noun;
    }

    String noun() {
        return noun;
    }

    /// Whether every value of this kind can be written as `type` demands; whether it keeps the
    /// contract is the validator's question.
    boolean becomes(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> this == TEXT;
            case FieldType.Int _ -> this == INTEGER;
            case FieldType.Real _, FieldType.Decimal _ ->
                    this == INTEGER || this == FLOATING || this == DECIMAL;
            case FieldType.Bool _ -> this == BOOLEAN;
            case FieldType.Date _ -> this == TEXT || this == DATE;
            case FieldType.Time _ -> this == TEXT || this == TIME;
            case FieldType.Timestamp timestamp ->
                    switch (timestamp.encoding()) {
                        case TimestampEncoding.Formatted _ -> this == TEXT || this == INSTANT;
                        case TimestampEncoding.Epoch _ ->
                                this == INTEGER
                                        || this == FLOATING
                                        || this == DECIMAL
                                        || this == INSTANT;
                    };
            case FieldType.Struct _, FieldType.Array _ -> false;
        };
    }

    /// Writes a value of this kind's class. A float is written with the fewest digits that make the
    /// same float again, so that 0.1 stays 0.1.
    void write(FieldType type, Object value, JsonOutput out) {
        StringBuilder text = out.text();
        switch (this) {
            case TEXT -> JsonText.quote((String) value, text);
            case INTEGER, BOOLEAN -> text.append(value);
            case FLOATING -> floating((Number) value, text);
            case DECIMAL -> text.append(((BigDecimal) value).toPlainString());
            case INSTANT, DATE, TIME -> JsonText.append(type, value, text);
        }
        out.checkLength();
    }

    private static void floating(Number value, StringBuilder text) {
        if (!Double.isFinite(value.doubleValue())) {
            throw new Undecodable("is " + value + ", which is no number of JSON");
        }
        text.append(value);
    }
}
