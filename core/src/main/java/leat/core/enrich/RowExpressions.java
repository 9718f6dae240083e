package leat.core.enrich;

import java.util.List;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.yaml.Location;
import leat.core.yaml.Problems;

/// Compiles the expressions of one kind of event, for those who are no steps of enrichment.
public final class RowExpressions {

    private final ExpressionCompiler compiler;

    /// @param fields those of `event`
    public RowExpressions(List<Field> fields) {
        this.compiler = new ExpressionCompiler(fields);
    }

    /// An expression that yields a single value; one that is not sound is a problem.
    ///
    /// @param place the path of the key where it stands, for complaints
    public Optional<RowExpression> value(
            String text, Location location, String place, Problems problems) {
        return compiler.compileAny(text, location, place, problems);
    }

    /// The fields that an expression reads, whatever it yields, each once; one that is not sound is
    /// a problem, and reads none.
    public List<FieldPath> reads(String text, Location location, String place, Problems problems) {
        return compiler.reads(text, location, place, problems);
    }
}
