package leat.core.enrich;

import java.util.List;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.validate.Row;
import leat.core.yaml.Location;
import leat.core.yaml.Problems;

/// A CEL expression over `event` that yields true or false. Safe for many threads.
public final class Condition {

    private final Expression expression;

    private Condition(Expression expression) {
        this.expression = expression;
    }

    /// Compiles an expression; one that is not sound, or yields no truth, is a problem.
    ///
    /// @param fields those of `event`
    /// @param place the path of the key where it stands, for complaints
    public static Optional<Condition> compile(
            List<Field> fields,
            String expression,
            Location location,
            String place,
            Problems problems) {
        return new ExpressionCompiler(fields)
                .compileCondition(expression, location, place, problems)
                .map(Condition::new);
    }

    /// Whether the row meets it; not when the expression fails on the row, as on an absent field.
    public boolean holds(Row row) {
        try {
            return Boolean.TRUE.equals(expression.evaluate(row));
        } catch (ExpressionFailed _) {
            return false;
        }
    }
}
