package leat.stream.lake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/// The way from a table's columns to a contract's: the steps that are additive, and the problems
/// that stand in the way of the rest. Pure.
///
/// @param steps what can be done without writing a row again
/// @param problems what cannot; not empty means that nothing is done
record Evolution(List<TableChange.Step> steps, List<String> problems) {

    static final String REMEDY =
            "keep the field as it was (a field no longer sent can stay as an optional one), name"
                    + " what it was called before with leat.renamedFrom, or raise the contract's"
                    + " major version, which makes a new table";

    Evolution {
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
    }

    static Evolution of(Types.StructType table, Contract contract) {
        Walk walk = new Walk();
        walk.struct("", table, contract.publishedFields());
        return new Evolution(walk.steps, walk.problems);
    }

    private static final class Walk {
        final List<TableChange.Step> steps = new ArrayList<>();
        final List<String> problems = new ArrayList<>();

        void struct(String parent, Types.StructType table, List<Field> fields) {
            Set<String> taken = new HashSet<>();
            for (Field field : fields) {
                Optional<Types.NestedField> column = find(table, field);
                if (column.isEmpty()) {
                    add(parent, field);
                    continue;
                }
                Types.NestedField found = column.get();
                String path = child(parent, found.name());
                taken.add(found.name());
                if (!found.name().equals(field.name())) {
                    steps.add(new TableChange.Step.Rename(path, field.name()));
                }
                if (found.isRequired() && !field.required()) {
                    steps.add(new TableChange.Step.Relax(path));
                }
                type(path, found.type(), field.type());
            }
            for (Types.NestedField column : table.fields()) {
                boolean ours = parent.isEmpty() && column.name().startsWith(LakeColumns.PREFIX);
                if (!ours && !taken.contains(column.name())) {
                    problems.add(
                            "column '"
                                    + child(parent, column.name())
                                    + "' is no longer in the contract");
                }
            }
        }

        private static Optional<Types.NestedField> find(Types.StructType table, Field field) {
            return Optional.ofNullable(table.field(field.name()))
                    .or(() -> field.formerName().map(table::field));
        }

        private void add(String parent, Field field) {
            if (field.required()) {
                problems.add(
                        "field '"
                                + child(parent, field.name())
                                + "' is new and required, but the rows that are there have no value"
                                + " for it");
                return;
            }
            steps.add(
                    new TableChange.Step.Add(
                            parent,
                            field.name(),
                            LakeSchema.typeOf(field.type()),
                            field.description()));
        }

        private void type(String path, Type column, FieldType wanted) {
            switch (wanted) {
                case FieldType.Struct struct when column.isStructType() ->
                        struct(path, column.asStructType(), struct.fields());
                case FieldType.Array array when column.isListType() ->
                        type(path + ".element", column.asListType().elementType(), array.items());
                case FieldType.Decimal decimal
                        when column instanceof Types.DecimalType old
                                && old.scale() == decimal.scale() -> {
                    if (decimal.precision() > old.precision()) {
                        steps.add(
                                new TableChange.Step.Widen(
                                        path,
                                        Types.DecimalType.of(
                                                decimal.precision(), decimal.scale())));
                    }
                }
                case FieldType.Text _,
                        FieldType.Int _,
                        FieldType.Real _,
                        FieldType.Decimal _,
                        FieldType.Bool _,
                        FieldType.Date _,
                        FieldType.Time _,
                        FieldType.Timestamp _,
                        FieldType.Struct _,
                        FieldType.Array _ -> {
                    Type type = LakeSchema.typeOf(wanted);
                    if (!type.equals(column)) {
                        problems.add(
                                "column '"
                                        + path
                                        + "' is "
                                        + column
                                        + ", the contract wants "
                                        + type);
                    }
                }
            }
        }

        private static String child(String parent, String name) {
            return parent.isEmpty() ? name : parent + "." + name;
        }
    }
}
