package leat.core.enrich;

import java.util.List;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.validate.Row;
import org.jspecify.annotations.Nullable;

/// A CEL expression over `event` with the type of what it yields. Safe for many threads.
public final class RowExpression {

    private final Expression expression;
    private final FieldType type;
    private final ReadFields read;
    private final List<Integer> sole;

    /// @param sole the places of the only field that the expression is, empty when it is more
    RowExpression(Expression expression, FieldType type, ReadFields read, List<Integer> sole) {
        this.expression = expression;
        this.type = type;
        this.read = read;
        this.sole = List.copyOf(sole);
    }

    /// [FieldType.Text], [FieldType.Int], [FieldType.Real], [FieldType.Bool] or
    /// [FieldType.Timestamp].
    public FieldType type() {
        return type;
    }

    /// The fields that it reads, each once.
    public List<FieldPath> reads() {
        return read.paths();
    }

    /// The value for a row, of its type's value class. Null where the expression is nothing but a
    /// field that the row does not have.
    ///
    /// @throws ExpressionFailed when the row has no value for it, or one that is not finite
    public @Nullable Object evaluate(Row row) {
        return lacksSole(row) ? null : expression.evaluate(row);
    }

    private boolean lacksSole(Row row) {
        Object value = row;
        for (int place : sole) {
            if (!(value instanceof Row level)) {
                return true;
            }
            value = level.value(place);
        }
        return value == null;
    }
}
