package leat.stream.lake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.validate.Row;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/// Where the values of a table's columns come from: a contract's fields, or columns of ours. The
/// table may have its columns in another order and more of them, which stay null.
final class ColumnSources {

    private final int fields;

    /// For each column the index of its field; ours stand behind the contract's; -1 stays null.
    private final int[] sources;

    /// @param ours the names of our columns
    /// @param table the columns of the table as it is
    ColumnSources(Contract contract, List<String> ours, Schema table) {
        this.fields = contract.fields().size();
        Map<String, Integer> indexes = new HashMap<>();
        for (int i = 0; i < fields; i++) {
            indexes.put(contract.fields().get(i).name(), i);
        }
        for (int i = 0; i < ours.size(); i++) {
            indexes.put(ours.get(i), fields + i);
        }
        this.sources =
                table.columns().stream()
                        .mapToInt(column -> indexes.getOrDefault(column.name(), -1))
                        .toArray();
    }

    /// A row of the table.
    ///
    /// @param ours the values of our columns, in the order of their names
    @Nullable Object[] values(Row row, @Nullable Object[] ours) {
        @Nullable Object[] values = new @Nullable Object[sources.length];
        for (int i = 0; i < values.length; i++) {
            int index = sources[i];
            if (index >= 0) {
                values[i] = index < fields ? row.value(index) : ours[index - fields];
            }
        }
        return values;
    }
}
