package leat.core.validate;

import java.math.BigDecimal;
import java.util.Set;
import leat.core.contract.FieldType;

/// Turns texts into typed values.
public final class ValueTexts {

    private ValueTexts() {}

    /// Reads one value from its text, as a constant of a contract or a cell of a CSV file has it.
    ///
    /// @return a value of the type's value class, not yet checked by [ValueCheck]
    /// @throws IllegalArgumentException when the text is not of the type
    public static Object parse(FieldType type, String text) {
        try {
            return switch (type) {
                case FieldType.Text _ -> text;
                case FieldType.Int _ -> new BigDecimal(text).longValueExact();
                case FieldType.Real _ -> finite(text);
                case FieldType.Decimal decimal -> exact(decimal, text);
                case FieldType.Bool _ -> bool(text);
                case FieldType.Date date -> TimeTexts.date(date.pattern(), date.format(), text);
                case FieldType.Time time -> TimeTexts.time(time.pattern(), time.format(), text);
                case FieldType.Timestamp timestamp -> TimeTexts.timestamp(timestamp, text);
                case FieldType.Struct _, FieldType.Array _ ->
                        throw new IllegalArgumentException("objects and lists cannot be constants");
            };
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not " + Reading.noun(type), e);
        }
    }

    private static Double finite(String text) {
        double value = new BigDecimal(text).doubleValue();
        if (Double.isInfinite(value)) {
            throw new ArithmeticException("beyond the double range");
        }
        return value;
    }

    private static BigDecimal exact(FieldType.Decimal type, String text) {
        BigDecimal fitted = Reading.fit(type, new BigDecimal(text));
        if (fitted == null) {
            throw new ArithmeticException("does not fit");
        }
        return fitted;
    }

    private static Boolean bool(String text) {
        if (!Set.of("true", "false").contains(text)) {
            throw new IllegalArgumentException("'" + text + "' is not true or false");
        }
        return text.equals("true");
    }
}
