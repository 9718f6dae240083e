package leat.stream.lake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/// A contract translated to Iceberg: columns, partitions, sort order. Pure; what a table that is
/// already there makes of it is decided in [Evolution].
final class LakeSchema {

    private final AtomicInteger lastId = new AtomicInteger();

    private LakeSchema() {}

    /// The columns of the contract's enriched events: its fields, then [LakeColumns].
    static Schema of(Contract contract) {
        LakeSchema ids = new LakeSchema();
        List<Types.NestedField> columns = new ArrayList<>(ids.columns(contract.publishedFields()));
        columns.add(ids.added(LakeColumns.ID, Types.StringType.get(), "the event's id"));
        columns.add(ids.added(LakeColumns.SOURCE, Types.StringType.get(), "the event's source"));
        columns.add(
                ids.added(LakeColumns.TIME, Types.TimestampType.withZone(), "the event's time"));
        columns.add(
                ids.added(
                        LakeColumns.APPENDED,
                        Types.TimestampType.withZone(),
                        "when the event was appended to the log"));
        columns.add(
                ids.added(
                        LakeColumns.PARTITION,
                        Types.IntegerType.get(),
                        "the raw record's partition"));
        columns.add(ids.added(LakeColumns.OFFSET, Types.LongType.get(), "the raw record's offset"));
        columns.add(
                ids.added(
                        LakeColumns.VERSION,
                        Types.StringType.get(),
                        "the version of the contract that the event was judged by"));
        return new Schema(columns);
    }

    /// The columns of a feature view's vectors: the fields, when each was appended, and the
    /// position of the event that it was written with.
    ///
    /// @param vectors the contract of the view's vectors
    static Schema ofVectors(Contract vectors) {
        LakeSchema ids = new LakeSchema();
        List<Types.NestedField> columns = new ArrayList<>(ids.columns(vectors.publishedFields()));
        columns.add(
                ids.added(
                        LakeColumns.APPENDED,
                        Types.TimestampType.withZone(),
                        "when the vector was appended to the log"));
        columns.add(
                ids.added(
                        LakeColumns.PARTITION,
                        Types.IntegerType.get(),
                        "the enriched event's partition"));
        columns.add(
                ids.added(LakeColumns.OFFSET, Types.LongType.get(), "the enriched event's offset"));
        return new Schema(columns);
    }

    /// An Iceberg type whose nested ids are fresh, for a column that is added later.
    static Type typeOf(FieldType type) {
        return new LakeSchema().type(type);
    }

    /// How files are grouped: by a unit of a timestamp column.
    static PartitionSpec spec(
            Schema schema, String column, Contract.TimePartitioning partitioning) {
        PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
        switch (partitioning) {
            case NONE -> {}
            case HOUR -> spec.hour(column);
            case DAY -> spec.day(column);
            case MONTH -> spec.month(column);
        }
        return spec.build();
    }

    /// The sort order of compacted rows: the fields the contract names, else its key.
    static SortOrder sortOrder(Contract contract, Schema schema) {
        SortOrder.Builder order = SortOrder.builderFor(schema);
        for (String column : sortColumns(contract)) {
            order.asc(column, NullOrder.NULLS_FIRST);
        }
        return order.build();
    }

    private static List<String> sortColumns(Contract contract) {
        if (!contract.lake().sortBy().isEmpty()) {
            return contract.lake().sortBy();
        }
        return contract.key().map(key -> List.of(key.toString())).orElse(List.of());
    }

    /// Why the contract's names cannot be columns; empty when they can.
    static List<String> problems(Contract contract) {
        List<String> problems = new ArrayList<>();
        problems(contract.fields(), "", problems);
        for (Field field : contract.fields()) {
            if (field.name().toLowerCase(Locale.ROOT).startsWith(LakeColumns.PREFIX)) {
                problems.add(
                        "field '"
                                + field.name()
                                + "' starts with '"
                                + LakeColumns.PREFIX
                                + "', which is kept for Leat's own columns");
            }
        }
        return problems;
    }

    private static void problems(List<Field> fields, String path, List<String> problems) {
        Set<String> seen = new HashSet<>();
        for (Field field : fields) {
            String name = path + field.name();
            if (field.name().contains(".")) {
                problems.add("field '" + name + "' has a dot in its name");
            }
            if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
                problems.add(
                        "field '" + name + "' differs from another only in upper and lower case");
            }
            problems(field.type(), name, problems);
        }
    }

    private static void problems(FieldType type, String name, List<String> problems) {
        switch (type) {
            case FieldType.Struct struct -> {
                if (struct.fields().isEmpty()) {
                    problems.add("object '" + name + "' has no fields");
                }
                problems(struct.fields(), name + ".", problems);
            }
            case FieldType.Array array -> problems(array.items(), name + "[]", problems);
            case FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Timestamp _ -> {}
        }
    }

    private List<Types.NestedField> columns(List<Field> fields) {
        // Ids of one level first, then those of the levels below, as Iceberg numbers them itself.
        List<Integer> ids = fields.stream().map(_ -> lastId.incrementAndGet()).toList();
        List<Types.NestedField> columns = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            columns.add(
                    Types.NestedField.builder()
                            .withId(ids.get(i))
                            .withName(field.name())
                            .isOptional(!field.required())
                            .ofType(type(field.type()))
                            .withDoc(field.description().isBlank() ? null : field.description())
                            .build());
        }
        return columns;
    }

    private Types.NestedField added(String name, Type type, String doc) {
        return Types.NestedField.required(lastId.incrementAndGet(), name, type, doc);
    }

    private Type type(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> Types.StringType.get();
            case FieldType.Int _ -> Types.LongType.get();
            case FieldType.Real _ -> Types.DoubleType.get();
            case FieldType.Decimal(int precision, int scale, _) ->
                    Types.DecimalType.of(precision, scale);
            case FieldType.Bool _ -> Types.BooleanType.get();
            case FieldType.Date _ -> Types.DateType.get();
            case FieldType.Time _ -> Types.TimeType.get();
            case FieldType.Timestamp _ -> Types.TimestampType.withZone();
            case FieldType.Struct struct -> Types.StructType.of(columns(struct.fields()));
            case FieldType.Array array -> {
                int elementId = lastId.incrementAndGet();
                yield Types.ListType.ofRequired(elementId, type(array.items()));
            }
        };
    }
}
