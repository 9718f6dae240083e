package leat.stream.send;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/// Parquet values as JSON. A null is an absent field. What JSON cannot say (NaN, infinity) becomes
/// a string, which the platform refuses with its reason.
final class ParquetJson {

    private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final long NANOS_A_SECOND = 1_000_000_000;

    private final RowJson json;

    ParquetJson(RowJson json) {
        this.json = json;
    }

    /// @param types the contract's types of the members, where it knows them
    void object(Group group, Map<String, FieldType> types) {
        json.beginObject();
        GroupType schema = group.getType();
        for (int field = 0; field < schema.getFieldCount(); field++) {
            Type type = schema.getType(field);
            int count = group.getFieldRepetitionCount(field);
            if (type.isRepetition(Repetition.REPEATED)) {
                json.name(type.getName());
                repeated(group, field, count, itemType(types.get(type.getName())));
            } else if (count > 0) {
                json.name(type.getName());
                value(group, field, 0, types.get(type.getName()));
            }
        }
        json.endObject();
    }

    private static @Nullable FieldType itemType(@Nullable FieldType type) {
        return type instanceof FieldType.Array array ? array.items() : null;
    }

    private void repeated(Group group, int field, int count, @Nullable FieldType items) {
        json.beginArray();
        for (int index = 0; index < count; index++) {
            value(group, field, index, items);
        }
        json.endArray();
    }

    private void value(Group group, int field, int index, @Nullable FieldType type) {
        Type parquet = group.getType().getType(field);
        LogicalTypeAnnotation logical = parquet.getLogicalTypeAnnotation();
        if (parquet.isPrimitive()) {
            primitive(group, field, index, parquet.asPrimitiveType(), type);
        } else if (logical instanceof ListLogicalTypeAnnotation) {
            list(group.getGroup(field, index), itemType(type));
        } else if (logical instanceof MapLogicalTypeAnnotation) {
            map(group.getGroup(field, index));
        } else {
            object(group.getGroup(field, index), membersOf(type));
        }
    }

    private static Map<String, FieldType> membersOf(@Nullable FieldType type) {
        Map<String, FieldType> members = new java.util.HashMap<>();
        if (type instanceof FieldType.Struct struct) {
            for (Field field : struct.fields()) {
                members.put(field.name(), field.type());
            }
        }
        return members;
    }

    /// `list.element`, or the two-level lists of old writers, by the rules of Parquet's
    /// LogicalTypes.md.
    private void list(Group list, @Nullable FieldType items) {
        Type repeated = list.getType().getType(0);
        int count = list.getFieldRepetitionCount(0);
        boolean wrapped =
                !repeated.isPrimitive()
                        && repeated.asGroupType().getFieldCount() == 1
                        && !repeated.getName().equals("array")
                        && !repeated.getName().equals(list.getType().getName() + "_tuple");
        if (!wrapped) {
            repeated(list, 0, count, items);
            return;
        }
        json.beginArray();
        for (int index = 0; index < count; index++) {
            Group element = list.getGroup(0, index);
            if (element.getFieldRepetitionCount(0) == 0) {
                json.raw("null");
            } else {
                value(element, 0, 0, items);
            }
        }
        json.endArray();
    }

    private void map(Group map) {
        json.beginObject();
        for (int index = 0; index < map.getFieldRepetitionCount(0); index++) {
            Group entry = map.getGroup(0, index);
            json.name(entry.getValueToString(0, 0));
            if (entry.getType().getFieldCount() < 2 || entry.getFieldRepetitionCount(1) == 0) {
                json.raw("null");
            } else {
                value(entry, 1, 0, null);
            }
        }
        json.endObject();
    }

    private void primitive(
            Group group, int field, int index, PrimitiveType parquet, @Nullable FieldType type) {
        LogicalTypeAnnotation logical = parquet.getLogicalTypeAnnotation();
        switch (parquet.getPrimitiveTypeName()) {
            case BOOLEAN -> json.raw(Boolean.toString(group.getBoolean(field, index)));
            case FLOAT -> {
                float value = group.getFloat(field, index);
                number(Float.toString(value), Float.isFinite(value));
            }
            case DOUBLE -> {
                double value = group.getDouble(field, index);
                number(Double.toString(value), Double.isFinite(value));
            }
            case INT32 -> integer(group.getInteger(field, index), true, logical, type);
            case INT64 -> integer(group.getLong(field, index), false, logical, type);
            case INT96 -> timestamp(int96(group.getInt96(field, index)), true, type);
            case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(group.getBinary(field, index), logical);
        }
    }

    private void number(String text, boolean finite) {
        if (finite) {
            json.raw(text);
        } else {
            json.string(text);
        }
    }

    private void integer(
            long value,
            boolean narrow,
            @Nullable LogicalTypeAnnotation logical,
            @Nullable FieldType type) {
        switch (logical) {
            case DecimalLogicalTypeAnnotation decimal ->
                    json.raw(BigDecimal.valueOf(value, decimal.getScale()).toPlainString());
            case DateLogicalTypeAnnotation ignored -> date(LocalDate.ofEpochDay(value), type);
            case TimeLogicalTypeAnnotation time ->
                    time(LocalTime.ofNanoOfDay(value * nanos(time.getUnit())), type);
            case TimestampLogicalTypeAnnotation timestamp ->
                    timestamp(
                            instant(value, timestamp.getUnit()), timestamp.isAdjustedToUTC(), type);
            case IntLogicalTypeAnnotation whole when !whole.isSigned() ->
                    json.raw(
                            narrow
                                    ? Integer.toUnsignedString((int) value)
                                    : Long.toUnsignedString(value));
            case null, default -> json.raw(Long.toString(value));
        }
    }

    private static long nanos(TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1_000_000;
            case MICROS -> 1_000;
            case NANOS -> 1;
        };
    }

    private static Instant instant(long value, TimeUnit unit) {
        long aSecond = NANOS_A_SECOND / nanos(unit);
        return Instant.ofEpochSecond(
                Math.floorDiv(value, aSecond), Math.floorMod(value, aSecond) * nanos(unit));
    }

    /// The timestamps of old Spark and Impala: nanoseconds of the day, then the Julian day.
    private static Instant int96(Binary value) {
        ByteBuffer bytes = value.toByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
        long nanosOfDay = bytes.getLong();
        long day = bytes.getInt() - JULIAN_DAY_OF_EPOCH;
        return Instant.ofEpochSecond(day * 86_400, nanosOfDay);
    }

    /// @param utc false for a local time without a zone; the contract may name one
    private void timestamp(Instant instant, boolean utc, @Nullable FieldType type) {
        LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        if (type instanceof FieldType.Timestamp timestamp) {
            switch (timestamp.encoding()) {
                case TimestampEncoding.Epoch epoch -> {
                    BigDecimal nanos =
                            BigDecimal.valueOf(instant.getEpochSecond())
                                    .movePointRight(9)
                                    .add(BigDecimal.valueOf(instant.getNano()));
                    json.raw(
                            nanos.divide(BigDecimal.valueOf(epoch.unit().toNanos()))
                                    .stripTrailingZeros()
                                    .toPlainString());
                }
                case TimestampEncoding.Formatted form ->
                        formatted(form.formatter(), utc ? instant.atZone(ZoneOffset.UTC) : local);
            }
        } else {
            json.string(utc ? instant.toString() : local.toString());
        }
    }

    private void date(LocalDate date, @Nullable FieldType type) {
        if (type instanceof FieldType.Date field) {
            formatted(field.format(), date);
        } else {
            json.string(date.toString());
        }
    }

    private void time(LocalTime time, @Nullable FieldType type) {
        if (type instanceof FieldType.Time field) {
            formatted(field.format(), time);
        } else {
            json.string(time.toString());
        }
    }

    private void formatted(DateTimeFormatter formatter, TemporalAccessor value) {
        String text;
        try {
            text = formatter.format(value);
        } catch (DateTimeException e) {
            // the contract wants more than the file has, e.g. a zone: ISO, for the platform to
            // judge
            text = value.toString();
        }
        json.string(text);
    }

    private void binary(Binary value, @Nullable LogicalTypeAnnotation logical) {
        switch (logical) {
            case DecimalLogicalTypeAnnotation decimal ->
                    json.raw(
                            new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale())
                                    .toPlainString());
            case UUIDLogicalTypeAnnotation ignored -> {
                ByteBuffer bytes = value.toByteBuffer().slice();
                json.string(new UUID(bytes.getLong(), bytes.getLong()).toString());
            }
            case null, default -> json.string(textOrBase64(value));
        }
    }

    private static String textOrBase64(Binary value) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(value.toByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            // bytes that are no text have no other form in JSON
            return Base64.getEncoder().encodeToString(value.getBytes());
        }
    }
}
