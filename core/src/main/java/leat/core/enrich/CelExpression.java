package leat.core.enrich;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import leat.core.contract.FieldType;
import leat.core.validate.Row;
import leat.core.validate.ValueTexts;
import org.jspecify.annotations.Nullable;

/// A CEL expression whose value becomes a field.
///
/// @param direct the same without the interpreter, for the rows on which it answers
/// @param type the field's
record CelExpression(CelRuntime.Program program, @Nullable DirectExpression direct, FieldType type)
        implements Expression {

    @Override
    public @Nullable Object evaluate(Row row) {
        Object result = direct == null ? null : direct.evaluate(row);
        if (result == null) {
            result = interpreted(row);
        }
        if (result == null || result instanceof dev.cel.common.values.NullValue) {
            return null;
        }
        Object value = converted(type, result);
        if (value == null) {
            throw new ExpressionFailed(
                    "the expression yields " + result + ", which is not of the field's type");
        }
        return value;
    }

    private @Nullable Object interpreted(Row row) {
        try {
            return program.eval(Map.of("event", new RowMap(row)));
        } catch (CelEvaluationException e) {
            throw new ExpressionFailed("the expression failed: " + e.getMessage());
        }
    }

    /// The result as the field's value class; null when it is none. Decimals are rounded half to
    /// even.
    private static @Nullable Object converted(FieldType type, Object result) {
        return switch (type) {
            case FieldType.Text _ -> result instanceof String ? result : null;
            case FieldType.Int _ -> result instanceof Long ? result : null;
            case FieldType.Real _ ->
                    result instanceof Long whole
                            ? (Object) whole.doubleValue()
                            : result instanceof Double real && Double.isFinite(real) ? real : null;
            case FieldType.Decimal decimal -> decimal(decimal, result);
            case FieldType.Bool _ -> result instanceof Boolean ? result : null;
            case FieldType.Date _, FieldType.Time _ ->
                    result instanceof String text ? parsed(type, text) : null;
            case FieldType.Timestamp _ ->
                    result instanceof Instant instant
                            ? instant.truncatedTo(ChronoUnit.MICROS)
                            : null;
            case FieldType.Struct _, FieldType.Array _ -> null;
        };
    }

    private static @Nullable Object decimal(FieldType.Decimal type, Object result) {
        BigDecimal exact =
                switch (result) {
                    case Long whole -> BigDecimal.valueOf(whole);
                    case Double real when Double.isFinite(real) -> BigDecimal.valueOf(real);
                    case Object _ -> null;
                };
        if (exact == null) {
            return null;
        }
        BigDecimal rounded = exact.setScale(type.scale(), RoundingMode.HALF_EVEN);
        return rounded.precision() <= type.precision() ? rounded : null;
    }

    private static @Nullable Object parsed(FieldType type, String text) {
        try {
            return ValueTexts.parse(type, text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
