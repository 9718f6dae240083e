package leat.stream.search;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;

/// A contract's instants and days as ISO 8601 in UTC. What cannot be read is left for the engine to
/// refuse.
final class IsoText {

    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
    private static final int MAX_EPOCH_DIGITS = 25;

    private IsoText() {}

    /// @param text the JSON string, or the digits of the JSON number
    static Optional<String> of(FieldType type, String text) {
        try {
            return switch (type) {
                case FieldType.Date date ->
                        Optional.of(LocalDate.parse(text, date.format()).toString());
                case FieldType.Timestamp timestamp -> Optional.of(instant(timestamp, text));
                case FieldType.Text _,
                        FieldType.Int _,
                        FieldType.Real _,
                        FieldType.Decimal _,
                        FieldType.Bool _,
                        FieldType.Time _,
                        FieldType.Struct _,
                        FieldType.Array _ ->
                        Optional.empty();
            };
        } catch (DateTimeException | ArithmeticException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    static String ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    private static String instant(FieldType.Timestamp type, String text) {
        return switch (type.encoding()) {
            case TimestampEncoding.Epoch epoch -> ofEpoch(text, epoch.unit()).toString();
            case TimestampEncoding.Formatted formatted ->
                    ofText(text, formatted.formatter(), type).toString();
        };
    }

    private static Instant ofText(
            String text, DateTimeFormatter formatter, FieldType.Timestamp type) {
        TemporalAccessor parsed =
                formatter.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
        return parsed instanceof LocalDateTime local
                ? local.atZone(type.defaultZone().orElse(ZoneOffset.UTC)).toInstant()
                : Instant.from(parsed);
    }

    private static Instant ofEpoch(String text, Duration unit) {
        BigDecimal number = new BigDecimal(text);
        if (number.precision() - number.scale() > MAX_EPOCH_DIGITS
                || number.scale() > MAX_EPOCH_DIGITS) {
            throw new ArithmeticException("not a time: " + text);
        }
        BigInteger[] parts =
                number.multiply(BigDecimal.valueOf(unit.toNanos()))
                        .toBigInteger()
                        .divideAndRemainder(NANOS_PER_SECOND);
        return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
    }
}
