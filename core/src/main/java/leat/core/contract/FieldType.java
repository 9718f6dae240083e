package leat.core.contract;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/// The type of a field, with everything that narrows it. Each variant says which Java class a value
/// of it has in a [leat.core.validate.Row].
public sealed interface FieldType {

    /// Stands in the place of a pattern where a date, time or timestamp is written as ISO 8601
    /// says.
    String ISO = "iso";

    /// Whether two equal values of the type always have the same text, so that it can be a key.
    default boolean hasOneText() {
        return switch (this) {
            case Text _, Int _, Decimal _, Bool _, Date _, Time _, Timestamp _ -> true;
            case Real _, Struct _, Array _ -> false;
        };
    }

    /// The type as a contract's author would call it.
    default String word() {
        return switch (this) {
            case Text _ -> "string";
            case Int _ -> "integer";
            case Real _ -> "number";
            case Decimal decimal -> "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
            case Bool _ -> "boolean";
            case Date _ -> "date";
            case Time _ -> "time";
            case Timestamp _ -> "timestamp";
            case Struct _ -> "object";
            case Array _ -> "array";
        };
    }

    /// A string; value class [String]. Lengths count Unicode code points. The pattern may match
    /// anywhere in the value unless it is anchored; its engine needs linear time.
    record Text(
            Range<Integer> length,
            Optional<Pattern> pattern,
            Optional<TextFormat> format,
            List<String> allowed)
            implements FieldType {
        public Text {
            allowed = List.copyOf(allowed);
        }

        public static Text any() {
            return new Text(Range.all(), Optional.empty(), Optional.empty(), List.of());
        }
    }

    /// A 64-bit integer; value class [Long]. `1.0` and `1e3` are integers, `1.5` is not.
    record Int(Range<Long> range, Optional<Long> multipleOf, List<Long> allowed)
            implements FieldType {
        public Int {
            allowed = List.copyOf(allowed);
        }

        public static Int any() {
            return new Int(Range.all(), Optional.empty(), List.of());
        }
    }

    /// A double; value class [Double]. Numbers beyond the double range are refused.
    record Real(Range<Double> range, Optional<BigDecimal> multipleOf, List<Double> allowed)
            implements FieldType {
        public Real {
            allowed = List.copyOf(allowed);
        }

        public static Real any() {
            return new Real(Range.all(), Optional.empty(), List.of());
        }
    }

    /// An exact decimal; value class [BigDecimal] at exactly `scale`. A value that does not fit
    /// `precision` and `scale` without rounding is refused.
    record Decimal(int precision, int scale, Range<BigDecimal> range) implements FieldType {}

    /// A boolean; value class [Boolean].
    record Bool() implements FieldType {}

    /// A calendar day; value class [LocalDate].
    ///
    /// @param pattern what `format` was made of, [#ISO] for ISO 8601
    record Date(String pattern, DateTimeFormatter format, Range<LocalDate> range)
            implements FieldType {
        /// With the formatter of ISO 8601.
        public Date(DateTimeFormatter format, Range<LocalDate> range) {
            this(ISO, format, range);
        }
    }

    /// A time of day; value class [LocalTime], microseconds.
    ///
    /// @param pattern what `format` was made of, [#ISO] for ISO 8601
    record Time(String pattern, DateTimeFormatter format, Range<LocalTime> range)
            implements FieldType {
        /// With the formatter of ISO 8601.
        public Time(DateTimeFormatter format, Range<LocalTime> range) {
            this(ISO, format, range);
        }
    }

    /// An instant; value class [Instant], microseconds UTC. A text without a zone is refused unless
    /// `defaultZone` names one.
    record Timestamp(TimestampEncoding encoding, Optional<ZoneId> defaultZone, Range<Instant> range)
            implements FieldType {

        /// Any, as ISO 8601 with its zone.
        public static Timestamp iso() {
            return new Timestamp(
                    new TimestampEncoding.Formatted(DateTimeFormatter.ISO_OFFSET_DATE_TIME, ISO),
                    Optional.empty(),
                    Range.all());
        }
    }

    /// An object with fields of its own; value class [leat.core.validate.Row].
    record Struct(List<Field> fields) implements FieldType {
        public Struct {
            fields = List.copyOf(fields);
        }
    }

    /// A list; value class [List] of the item's value class. `null` items are refused.
    record Array(FieldType items, Range<Integer> size, boolean unique) implements FieldType {}

    /// How a timestamp stands in JSON.
    sealed interface TimestampEncoding {
        /// ISO 8601 / RFC 3339 text (`pattern` is [FieldType#ISO]), or a pattern of the JDK's
        /// formatter.
        record Formatted(DateTimeFormatter formatter, String pattern)
                implements TimestampEncoding {}

        /// A number of `unit`s since 1970-01-01T00:00:00Z; `unit` is one second, millisecond or
        /// microsecond.
        record Epoch(Duration unit) implements TimestampEncoding {}
    }
}
