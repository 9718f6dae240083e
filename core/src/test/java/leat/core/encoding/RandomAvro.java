package leat.core.encoding;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.validate.Row;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/// Random Avro schemas, the contracts that fit them, and random events with the rows they must
/// become.
final class RandomAvro {

    private static final int MAX_NESTING = 3;

    private final Random random;
    private int names;

    RandomAvro(Random random) {
        this.random = random;
    }

    /// A schema and the properties of its contract, in YAML's flow style.
    record Shape(String schema, String properties) {}

    Shape record(int nesting) {
        List<String> fields = new ArrayList<>();
        List<String> properties = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Shape type = type(nesting);
            boolean nullable = random.nextBoolean();
            fields.add(
                    "{\"name\": \"f"
                            + i
                            + "\", \"type\": "
                            + (nullable ? "[\"null\", " + type.schema() + "]" : type.schema())
                            + "}");
            properties.add("{name: f" + i + ", " + type.properties() + "}");
        }
        return new Shape(
                "{\"type\": \"record\", \"name\": \"R"
                        + names++
                        + "\", \"fields\": ["
                        + String.join(", ", fields)
                        + "]}",
                String.join(", ", properties));
    }

    private Shape type(int nesting) {
        return switch (random.nextInt(nesting < MAX_NESTING ? 14 : 12)) {
            case 0 -> new Shape("\"string\"", "logicalType: string");
            case 1 -> new Shape("\"int\"", "logicalType: integer");
            case 2 -> new Shape("\"long\"", "logicalType: integer");
            case 3 -> new Shape("\"float\"", "logicalType: number");
            case 4 -> new Shape("\"double\"", "logicalType: number");
            case 5 -> new Shape("\"boolean\"", "logicalType: boolean");
            case 6 ->
                    new Shape(
                            logical("bytes", "decimal\", \"precision\": 12, \"scale\": \"2")
                                    .replace("\"2\"", "2"),
                            "logicalType: number, physicalType: 'decimal(12,2)'");
            case 7 -> new Shape(logical("int", "date"), "logicalType: date");
            case 8 -> new Shape(logical("long", "time-micros"), "logicalType: time");
            case 9 -> new Shape(logical("long", "timestamp-millis"), "logicalType: timestamp");
            case 10 -> new Shape(logical("long", "timestamp-micros"), "logicalType: timestamp");
            case 11 ->
                    new Shape(
                            logical("long", "timestamp-micros"),
                            "logicalType: timestamp, logicalTypeOptions: {format: epoch-seconds}");
            case 12 -> {
                Shape record = record(nesting + 1);
                yield new Shape(
                        record.schema(),
                        "logicalType: object, properties: [" + record.properties() + "]");
            }
            default -> {
                Shape item = type(nesting + 1);
                yield new Shape(
                        "{\"type\": \"array\", \"items\": " + item.schema() + "}",
                        "logicalType: array, items: {" + item.properties() + "}");
            }
        };
    }

    private static String logical(String type, String logicalType) {
        return "{\"type\": \"" + type + "\", \"logicalType\": \"" + logicalType + "\"}";
    }

    /// A datum and the value that the contract's row must have for it.
    record Sample(@Nullable Object datum, @Nullable Object expected) {}

    Sample sample(Schema schema, FieldType type) {
        return switch (schema.getType()) {
            case UNION ->
                    random.nextInt(4) == 0
                            ? new Sample(null, null)
                            : sample(schema.getTypes().get(1), type);
            case RECORD -> row(schema, fields(type));
            case ARRAY -> items(schema, (FieldType.Array) type);
            case STRING -> same(text());
            case INT, LONG -> number(schema);
            case FLOAT -> {
                float value = Float.intBitsToFloat(random.nextInt());
                float finite = Float.isFinite(value) ? value : 0.1f;
                yield new Sample(finite, Double.valueOf(Float.toString(finite)));
            }
            case DOUBLE -> {
                double value = Double.longBitsToDouble(random.nextLong());
                yield same(Double.isFinite(value) ? value : 0.1);
            }
            case BOOLEAN -> same(random.nextBoolean());
            case BYTES -> {
                BigInteger unscaled = BigInteger.valueOf(random.nextLong() % 1_000_000_000_000L);
                yield new Sample(
                        ByteBuffer.wrap(unscaled.toByteArray()), new BigDecimal(unscaled, 2));
            }
            case MAP, ENUM, FIXED, NULL -> throw new AssertionError(schema);
        };
    }

    private static List<Field> fields(FieldType type) {
        return ((FieldType.Struct) type).fields();
    }

    Sample row(Schema schema, List<Field> fields) {
        GenericData.Record datum = new GenericData.Record(schema);
        @Nullable Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            Sample sample = sample(schema.getFields().get(i).schema(), fields.get(i).type());
            datum.put(i, sample.datum());
            values[i] = sample.expected();
        }
        return new Sample(datum, new Row(fields, values));
    }

    private Sample items(Schema schema, FieldType.Array type) {
        List<@Nullable Object> datum = new ArrayList<>();
        List<@Nullable Object> expected = new ArrayList<>();
        for (int left = random.nextInt(5); left > 0; left--) {
            Sample item = sample(schema.getElementType(), type.items());
            datum.add(item.datum());
            expected.add(item.expected());
        }
        return new Sample(datum, expected);
    }

    private Sample number(Schema schema) {
        String logical = schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
        long micros = Math.floorMod(random.nextLong(), 4_000_000_000_000_000L);
        return switch (logical) {
            case "" -> {
                if (schema.getType() == Schema.Type.INT) {
                    int value = random.nextInt();
                    yield new Sample(value, (long) value);
                }
                yield same(random.nextLong());
            }
            case "date" -> {
                int days = random.nextInt(100_000) - 50_000;
                yield new Sample(days, LocalDate.ofEpochDay(days));
            }
            case "time-micros" -> {
                long time = Math.floorMod(random.nextLong(), 86_400_000_000L);
                yield new Sample(time, LocalTime.ofNanoOfDay(time * 1_000));
            }
            case "timestamp-millis" ->
                    new Sample(micros / 1_000, Instant.ofEpochMilli(micros / 1_000));
            case "timestamp-micros" ->
                    new Sample(micros, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
            default -> throw new AssertionError(logical);
        };
    }

    private static Sample same(Object value) {
        return new Sample(value, value);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(8); left > 0; left--) {
            int point = random.nextInt(4) == 0 ? random.nextInt(0x10FFFF) : random.nextInt(128);
            boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
            text.appendCodePoint(surrogate ? '"' : point);
        }
        return text.toString();
    }
}
