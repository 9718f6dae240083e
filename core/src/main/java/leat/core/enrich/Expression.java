package leat.core.enrich;

import leat.core.validate.Row;
import org.jspecify.annotations.Nullable;

/// A compiled expression.
interface Expression {

    /// The value for a row, of its field's value class; null when the expression says so.
    ///
    /// @throws ExpressionFailed when the row has no value for it
    @Nullable Object evaluate(Row row);
}
