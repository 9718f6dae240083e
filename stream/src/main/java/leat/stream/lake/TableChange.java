package leat.stream.lake;

import java.util.List;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Type;

/// One line of a plan: what stands between a table as the contract wants it and as it is.
public sealed interface TableChange {

    TableIdentifier table();

    /// The table is not there and would be made.
    record Create(
            TableIdentifier table,
            String version,
            Schema schema,
            PartitionSpec spec,
            SortOrder order)
            implements TableChange {}

    /// The table is as wanted.
    record Keep(TableIdentifier table) implements TableChange {}

    /// The table would be altered without a row being written again; `steps` is not empty.
    record Evolve(TableIdentifier table, String version, List<Step> steps) implements TableChange {
        public Evolve {
            steps = List.copyOf(steps);
        }
    }

    /// The table differs in a way that would change what is already in it, and is left alone.
    ///
    /// @param problems each as `column 'speed' is long, the contract wants string`
    /// @param remedy what the contract's owner can do
    record Refused(TableIdentifier table, List<String> problems, String remedy)
            implements TableChange {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /// One alteration; columns are written with their path in the table as it is,
    /// `tyres.element.id`.
    sealed interface Step {

        /// A new optional column; `parent` is empty at the top level.
        record Add(String parent, String name, Type type, String description) implements Step {
            @Override
            public String toString() {
                return "add column " + (parent.isEmpty() ? "" : parent + ".") + name + " " + type;
            }
        }

        /// Another name for the same column; its id and so its values stay.
        record Rename(String column, String name) implements Step {
            @Override
            public String toString() {
                return "rename column " + column + " to " + name;
            }
        }

        /// A wider type that holds all values of the old one.
        record Widen(String column, Type.PrimitiveType type) implements Step {
            @Override
            public String toString() {
                return "widen column " + column + " to " + type;
            }
        }

        /// A required column becomes optional.
        record Relax(String column) implements Step {
            @Override
            public String toString() {
                return "make column " + column + " optional";
            }
        }

        /// Rows are sorted otherwise from the next compaction on.
        record SortBy(List<String> columns) implements Step {
            public SortBy {
                columns = List.copyOf(columns);
            }

            @Override
            public String toString() {
                return "sort by " + String.join(", ", columns);
            }
        }
    }
}
