package leat.stream.sql;

import java.util.List;
import leat.core.contract.Contract;

/// A table that queries can name.
///
/// @param contract whose events, dead letters or, as that of a feature view's vectors or of a
///   scoring's predictions, vectors or predictions the rows are
/// @param name as queries write it, e.g. `car_telemetry_v1`
/// @param topics the log's topics whose records are the table's rows
public record SqlTable(String name, Contract contract, Content content, List<String> topics) {

    /// What the rows are.
    public enum Content {
        EVENTS,
        DEAD_LETTERS,
        VECTORS,
        PREDICTIONS
    }

    public SqlTable {
        topics = List.copyOf(topics);
    }

    /// The columns in which rows of the log's tail come; the lake's table has them too.
    List<SqlColumn> columns() {
        return switch (content) {
            case EVENTS -> TableColumns.events(contract);
            case DEAD_LETTERS -> TableColumns.DEAD_LETTERS;
            case VECTORS, PREDICTIONS -> TableColumns.vectors(contract);
        };
    }
}
