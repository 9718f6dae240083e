package leat.core.encoding;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.jspecify.annotations.Nullable;

/// The single values of Avro, with its logical types, and how they are read. Units count since
/// 1970-01-01T00:00:00Z or midnight, as the Avro specification says.
enum AvroScalar {
    TEXT(Source.TEXT),
    UUID_BYTES(Source.TEXT),
    INTEGER(Source.INTEGER),
    FLOATING(Source.FLOATING),
    BOOLEAN(Source.BOOLEAN),
    DECIMAL_BYTES(Source.DECIMAL),
    DAYS(Source.DATE),
    TIME_MILLIS(Source.TIME),
    TIME_MICROS(Source.TIME),
    TIMESTAMP_MILLIS(Source.INSTANT),
    TIMESTAMP_MICROS(Source.INSTANT),
    TIMESTAMP_NANOS(Source.INSTANT);

    /// More than 38 digits take; what is longer is no decimal of a contract.
    private static final int MAX_DECIMAL_BYTES = 64;

    private final Source source;

    AvroScalar(Source source) {
        this.source = source;
    }

    Source source() {
        return source;
    }

    /// The kind of a schema's values; empty for those that have no counterpart in a contract.
    static Optional<AvroScalar> of(Schema schema) {
        String logical =
                Optional.ofNullable(schema.getLogicalType()).map(LogicalType::getName).orElse("");
        @Nullable AvroScalar scalar =
                switch (schema.getType()) {
                    case STRING, ENUM -> TEXT;
                    case BOOLEAN -> BOOLEAN;
                    case FLOAT, DOUBLE -> FLOATING;
                    case INT, LONG -> number(logical);
                    case BYTES, FIXED -> bytes(logical);
                    case RECORD, ARRAY, MAP, UNION, NULL -> null;
                };
        return Optional.ofNullable(scalar);
    }

    private static @Nullable AvroScalar number(String logical) {
        return switch (logical) {
            case "" -> INTEGER;
            case "date" -> DAYS;
            case "time-millis" -> TIME_MILLIS;
            case "time-micros" -> TIME_MICROS;
            case "timestamp-millis" -> TIMESTAMP_MILLIS;
            case "timestamp-micros" -> TIMESTAMP_MICROS;
            case "timestamp-nanos" -> TIMESTAMP_NANOS;
            default -> null;
        };
    }

    private static @Nullable AvroScalar bytes(String logical) {
        return switch (logical) {
            case "decimal" -> DECIMAL_BYTES;
            case "uuid" -> UUID_BYTES;
            default -> null;
        };
    }

    /// The value of a datum, of the class that the source names.
    Object value(Object datum, Schema schema) {
        return switch (this) {
            case TEXT -> datum.toString();
            case INTEGER, FLOATING, BOOLEAN -> datum;
            case UUID_BYTES -> {
                ByteBuffer bytes = bytes(datum);
                yield new UUID(bytes.getLong(), bytes.getLong()).toString();
            }
            case DECIMAL_BYTES -> decimal(bytes(datum), schema);
            case DAYS -> LocalDate.ofEpochDay(((Number) datum).longValue());
            case TIME_MILLIS -> time(datum, ChronoUnit.MILLIS);
            case TIME_MICROS -> time(datum, ChronoUnit.MICROS);
            case TIMESTAMP_MILLIS -> instant(datum, ChronoUnit.MILLIS);
            case TIMESTAMP_MICROS -> instant(datum, ChronoUnit.MICROS);
            case TIMESTAMP_NANOS -> instant(datum, ChronoUnit.NANOS);
        };
    }

    private static Instant instant(Object datum, ChronoUnit unit) {
        return Instant.EPOCH.plus(((Number) datum).longValue(), unit);
    }

    private static LocalTime time(Object datum, ChronoUnit unit) {
        long nanos = Math.multiplyExact(((Number) datum).longValue(), unit.getDuration().toNanos());
        return LocalTime.ofNanoOfDay(nanos);
    }

    private static BigDecimal decimal(ByteBuffer bytes, Schema schema) {
        byte[] unscaled = new byte[bytes.remaining()];
        if (unscaled.length > MAX_DECIMAL_BYTES) {
            throw new Undecodable(
                    "has " + unscaled.length + " bytes, more than a decimal of 38 digits takes");
        }
        bytes.get(unscaled);
        int scale =
                schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
                        ? decimal.getScale()
                        : 0;
        return new BigDecimal(
                unscaled.length == 0 ? BigInteger.ZERO : new BigInteger(unscaled), scale);
    }

    private static ByteBuffer bytes(Object datum) {
        return datum instanceof GenericFixed fixed
                ? ByteBuffer.wrap(fixed.bytes())
                : ((ByteBuffer) datum).duplicate();
    }
}
