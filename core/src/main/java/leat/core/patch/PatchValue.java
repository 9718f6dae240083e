package leat.core.patch;

import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import leat.core.contract.FieldType;
import leat.core.validate.JsonText;

/// What an expression yields, as JSON.
final class PatchValue {

    private PatchValue() {}

    /// The value as the field's contract writes it; whether the contract allows it is not asked.
    static String json(FieldType type, Object value) throws PatchFailed {
        StringBuilder out = new StringBuilder();
        switch (value) {
            case Instant instant when type instanceof FieldType.Timestamp ->
                    JsonText.append(type, instant.truncatedTo(ChronoUnit.MICROS), out);
            case Number number when type instanceof FieldType.Decimal decimal ->
                    out.append(
                            exact(number)
                                    .setScale(decimal.scale(), RoundingMode.HALF_EVEN)
                                    .toPlainString());
            case Object other -> append(other, out);
        }
        return out.toString();
    }

    private static void append(Object value, StringBuilder out) throws PatchFailed {
        switch (value) {
            case NullValue _ -> out.append("null");
            case String text -> JsonText.quote(text, out);
            case Boolean truth -> out.append(truth);
            case Number number -> out.append(exact(number));
            case Instant instant -> JsonText.quote(instant.toString(), out);
            case Map<?, ?> object -> {
                out.append('{');
                String comma = "";
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    JsonText.quote(String.valueOf(member.getKey()), out.append(comma));
                    append(member.getValue(), out.append(':'));
                    comma = ",";
                }
                out.append('}');
            }
            case List<?> list -> {
                out.append('[');
                String comma = "";
                for (Object item : list) {
                    append(item, out.append(comma));
                    comma = ",";
                }
                out.append(']');
            }
            case Object other ->
                    throw new PatchFailed("the expression yields " + other + ", which no JSON has");
        }
    }

    private static BigDecimal exact(Number number) throws PatchFailed {
        if (number instanceof Double real && !Double.isFinite(real)) {
            throw new PatchFailed("the expression yields " + real + ", which no JSON has");
        }
        return new BigDecimal(number.toString());
    }
}
