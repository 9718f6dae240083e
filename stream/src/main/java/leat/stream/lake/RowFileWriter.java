package leat.stream.lake;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leat.core.contract.Field;
import leat.core.validate.Row;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.parquet.ParquetValueWriters;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/// Builds the tree of Parquet writers that takes a [LakeRow] as it is: the contract's value classes
/// are written directly, without a generic Iceberg record in between.
final class RowFileWriter {

    private final MessageType file;

    private RowFileWriter(MessageType file) {
        this.file = file;
    }

    /// The writer for rows of a table.
    static ParquetValueWriter<LakeRow> of(Types.StructType table, MessageType file) {
        RowFileWriter writers = new RowFileWriter(file);
        return new Rows(table, writers.children(table, file, List.of()));
    }

    private List<ParquetValueWriter<?>> children(
            Types.StructType struct, GroupType group, List<String> path) {
        List<ParquetValueWriter<?>> writers = new ArrayList<>();
        for (int i = 0; i < struct.fields().size(); i++) {
            org.apache.parquet.schema.Type type = group.getType(i);
            writers.add(value(struct.fields().get(i).type(), type, child(path, type.getName())));
        }
        return writers;
    }

    private ParquetValueWriter<?> value(
            Type column, org.apache.parquet.schema.Type type, List<String> path) {
        String[] names = path.toArray(String[]::new);
        ParquetValueWriter<?> writer =
                switch (column.typeId()) {
                    case STRUCT ->
                            new Structs(
                                    column.asStructType(),
                                    children(column.asStructType(), type.asGroupType(), path));
                    case LIST -> list(column.asListType(), type.asGroupType(), path);
                    case BOOLEAN -> ParquetValueWriters.booleans(leaf(names));
                    case INTEGER -> ParquetValueWriters.ints(leaf(names));
                    case LONG -> ParquetValueWriters.longs(leaf(names));
                    case DOUBLE -> ParquetValueWriters.doubles(leaf(names));
                    case STRING -> new Texts(leaf(names));
                    case DATE -> new Dates(leaf(names));
                    case TIME -> new Times(leaf(names));
                    case TIMESTAMP -> new Timestamps(leaf(names));
                    case DECIMAL -> decimal((Types.DecimalType) column, leaf(names));
                    case FLOAT,
                            TIMESTAMP_NANO,
                            UUID,
                            FIXED,
                            BINARY,
                            VARIANT,
                            GEOMETRY,
                            GEOGRAPHY,
                            UNKNOWN,
                            MAP ->
                            throw new LoaderStopped(
                                    "column "
                                            + path
                                            + " has a type that no contract makes: "
                                            + column,
                                    "drop the column from the table");
                };
        return ParquetValueWriters.option(type, file.getMaxDefinitionLevel(names), writer);
    }

    private ParquetValueWriter<?> list(Types.ListType list, GroupType group, List<String> path) {
        GroupType repeated = group.getType(0).asGroupType();
        List<String> repeatedPath = child(path, repeated.getName());
        String[] names = repeatedPath.toArray(String[]::new);
        org.apache.parquet.schema.Type element = repeated.getType(0);
        return new Lists(
                file.getMaxDefinitionLevel(names),
                file.getMaxRepetitionLevel(names),
                value(list.elementType(), element, child(repeatedPath, element.getName())));
    }

    private ColumnDescriptor leaf(String[] names) {
        return file.getColumnDescription(names);
    }

    private static ParquetValueWriter<BigDecimal> decimal(
            Types.DecimalType type, ColumnDescriptor leaf) {
        return switch (leaf.getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 ->
                    ParquetValueWriters.decimalAsInteger(leaf, type.precision(), type.scale());
            case INT64 -> ParquetValueWriters.decimalAsLong(leaf, type.precision(), type.scale());
            default -> ParquetValueWriters.decimalAsFixed(leaf, type.precision(), type.scale());
        };
    }

    private static List<String> child(List<String> path, String name) {
        List<String> child = new ArrayList<>(path);
        child.add(name);
        return child;
    }

    private static final class Rows extends ParquetValueWriters.StructWriter<LakeRow> {
        Rows(Types.StructType type, List<ParquetValueWriter<?>> children) {
            super(type, children);
        }

        @Override
        @SuppressWarnings("NullAway") // Iceberg's class is not annotated; null is a value here
        protected @Nullable Object get(LakeRow row, int index) {
            return row.values()[index];
        }
    }

    /// Nested objects. The place of a column among the row's fields is looked up once, since all
    /// rows of one place in a contract share their list of fields.
    private static final class Structs extends ParquetValueWriters.StructWriter<Row> {
        private final Types.StructType type;
        private @Nullable List<Field> known;
        private int[] sources = {};

        Structs(Types.StructType type, List<ParquetValueWriter<?>> children) {
            super(type, children);
            this.type = type;
        }

        @Override
        @SuppressWarnings({"NullAway", "ReferenceEquality"}) // null is a value; lists are shared
        protected @Nullable Object get(Row row, int index) {
            if (row.fields() != known) {
                learn(row.fields());
            }
            int source = sources[index];
            return source < 0 ? null : row.value(source);
        }

        private void learn(List<Field> fields) {
            List<String> names = fields.stream().map(Field::name).toList();
            sources = type.fields().stream().mapToInt(c -> names.indexOf(c.name())).toArray();
            known = fields;
        }
    }

    private static final class Lists
            extends ParquetValueWriters.RepeatedWriter<List<Object>, Object> {
        @SuppressWarnings("unchecked") // the element's writer takes the element's value class
        Lists(int definitionLevel, int repetitionLevel, ParquetValueWriter<?> element) {
            super(definitionLevel, repetitionLevel, (ParquetValueWriter<Object>) element);
        }

        @Override
        protected Iterator<Object> elements(List<Object> list) {
            return list.iterator();
        }
    }

    private static final class Texts extends ParquetValueWriters.PrimitiveWriter<String> {
        Texts(ColumnDescriptor leaf) {
            super(leaf);
        }

        @Override
        public void write(int repetitionLevel, String value) {
            column.writeBinary(
                    repetitionLevel,
                    Binary.fromConstantByteArray(value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static final class Timestamps extends ParquetValueWriters.PrimitiveWriter<Instant> {
        Timestamps(ColumnDescriptor leaf) {
            super(leaf);
        }

        @Override
        public void write(int repetitionLevel, Instant value) {
            column.writeLong(repetitionLevel, Micros.of(value));
        }
    }

    private static final class Dates extends ParquetValueWriters.PrimitiveWriter<LocalDate> {
        Dates(ColumnDescriptor leaf) {
            super(leaf);
        }

        @Override
        public void write(int repetitionLevel, LocalDate value) {
            column.writeInteger(repetitionLevel, Math.toIntExact(value.toEpochDay()));
        }
    }

    private static final class Times extends ParquetValueWriters.PrimitiveWriter<LocalTime> {
        Times(ColumnDescriptor leaf) {
            super(leaf);
        }

        @Override
        public void write(int repetitionLevel, LocalTime value) {
            column.writeLong(repetitionLevel, TimeUnit.NANOSECONDS.toMicros(value.toNanoOfDay()));
        }
    }
}
