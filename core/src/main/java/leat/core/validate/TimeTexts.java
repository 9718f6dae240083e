package leat.core.validate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import org.jspecify.annotations.Nullable;

/// Reads dates, times and timestamps as contracts write them.
///
/// A timestamp is microseconds since 1970 in UTC, in the years 0 to 9999. Digits beyond the
/// microsecond are cut off towards the past: clients that write nanoseconds are common, and nothing
/// behind the log can hold them.
public final class TimeTexts {

    /// What a method that yields microseconds answers for a text that is no timestamp.
    static final long INVALID = Long.MIN_VALUE;

    /// … and for one without a time zone where the contract names none.
    static final long ZONELESS = Long.MIN_VALUE + 1;

    private static final long MIN_MICROS = -62_167_219_200_000_000L;
    private static final long MAX_MICROS = 253_402_300_799_999_999L;
    private static final int DATE_CHARS = 10;
    private static final int SECONDS_CHARS = 19;

    private TimeTexts() {}

    /// Whether a pattern of [DateTimeFormatter] reads a zone or an offset; ISO does.
    public static boolean hasZone(String pattern) {
        if (pattern.equals(FieldType.ISO)) {
            return true;
        }
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            quoted = quoted ^ c == '\'';
            if (!quoted && "VvzOXxZ".indexOf(c) >= 0) {
                return true;
            }
        }
        return false;
    }

    /// Makes a formatter that refuses days that do not exist. `y` is read as the year without an
    /// era, as everybody means it.
    ///
    /// @throws IllegalArgumentException when the pattern is not one of [DateTimeFormatter]
    public static DateTimeFormatter formatter(String pattern) {
        StringBuilder proleptic = new StringBuilder(pattern);
        boolean quoted = false;
        for (int i = 0; i < proleptic.length(); i++) {
            quoted = quoted ^ proleptic.charAt(i) == '\'';
            if (!quoted && proleptic.charAt(i) == 'y') {
                proleptic.setCharAt(i, 'u');
            }
        }
        return DateTimeFormatter.ofPattern(proleptic.toString(), Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /// Reads a timestamp in the encoding of its field; an epoch number is given as its digits.
    ///
    /// @throws IllegalArgumentException when it is not one
    public static Instant timestamp(FieldType.Timestamp type, String text) {
        long micros =
                switch (type.encoding()) {
                    case TimestampEncoding.Epoch epoch -> epochMicros(epoch, decimal(text));
                    case TimestampEncoding.Formatted formatted ->
                            micros(formatted, type.defaultZone(), text);
                };
        if (micros == INVALID || micros == ZONELESS) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is not a timestamp"
                            + (micros == ZONELESS ? " with a zone" : ""));
        }
        return instant(micros);
    }

    private static BigDecimal decimal(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number", e);
        }
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }

    static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }

    static long epochMicros(TimestampEncoding.Epoch epoch, long count) {
        return epochMicros(epoch, count, 0);
    }

    /// The time that is `unscaled / 10^scale` units since 1970.
    static long epochMicros(TimestampEncoding.Epoch epoch, long unscaled, int scale) {
        long micros = unitMicros(epoch);
        for (int i = 0; i < scale; i++) {
            if (micros % 10 != 0) {
                return epochMicros(epoch, BigDecimal.valueOf(unscaled, scale));
            }
            micros /= 10;
        }
        return unscaled < MIN_MICROS / micros || unscaled > MAX_MICROS / micros
                ? INVALID
                : unscaled * micros;
    }

    static long epochMicros(TimestampEncoding.Epoch epoch, @Nullable BigDecimal count) {
        if (count == null) {
            return INVALID;
        }
        boolean tooMany = count.precision() - (long) count.scale() > 19;
        if (count.signum() == 0) {
            return 0;
        }
        if (tooMany) {
            return INVALID;
        }
        if (count.scale() > 2000) {
            return count.signum() < 0 ? -1 : 0;
        }
        BigDecimal micros =
                count.multiply(BigDecimal.valueOf(unitMicros(epoch)))
                        .setScale(0, RoundingMode.FLOOR);
        return micros.compareTo(BigDecimal.valueOf(MIN_MICROS)) < 0
                        || micros.compareTo(BigDecimal.valueOf(MAX_MICROS)) > 0
                ? INVALID
                : micros.longValueExact();
    }

    private static long unitMicros(TimestampEncoding.Epoch epoch) {
        return epoch.unit().toNanos() / 1000;
    }

    static long micros(
            TimestampEncoding.Formatted formatted, Optional<ZoneId> defaultZone, String text) {
        return formatted.pattern().equals(FieldType.ISO)
                ? isoMicros(text, defaultZone)
                : patternMicros(formatted.formatter(), text, defaultZone);
    }

    private static long patternMicros(
            DateTimeFormatter formatter, String text, Optional<ZoneId> defaultZone) {
        try {
            TemporalAccessor parsed =
                    formatter.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
            if (parsed instanceof ZonedDateTime zoned) {
                return inRange(zoned);
            }
            return defaultZone.isEmpty()
                    ? ZONELESS
                    : inRange(LocalDateTime.from(parsed).atZone(defaultZone.get()));
        } catch (DateTimeException _) {
            return INVALID;
        }
    }

    private static long inRange(ZonedDateTime time) {
        long year = time.getYear();
        if (year < -1 || year > 10_000) {
            return INVALID;
        }
        long micros = micros(time.toInstant().truncatedTo(ChronoUnit.MICROS));
        return micros < MIN_MICROS || micros > MAX_MICROS ? INVALID : micros;
    }

    /// RFC 3339 with upper-case `T` and `Z`, without leap seconds: `2026-11-21T01:02:03.5Z` or
    /// `…+01:00`; the zone may be missing where there is a default.
    private static long isoMicros(String text, Optional<ZoneId> defaultZone) {
        if (text.length() < SECONDS_CHARS
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return INVALID;
        }
        long day = isoEpochDay(text);
        int hour = twoDigits(text, 11, 23);
        int minute = twoDigits(text, 14, 59);
        int second = twoDigits(text, 17, 59);
        if (day == INVALID || hour < 0 || minute < 0 || second < 0) {
            return INVALID;
        }
        int at = SECONDS_CHARS;
        long fraction = 0;
        if (at < text.length() && text.charAt(at) == '.') {
            int end = fractionEnd(text, at + 1);
            if (end < 0) {
                return INVALID;
            }
            fraction = fractionMicros(text, at + 1, end);
            at = end;
        }
        long local = (day * 86_400L + hour * 3600L + minute * 60L + second) * 1_000_000L + fraction;
        return zoned(text, at, local, defaultZone);
    }

    private static long zoned(String text, int at, long local, Optional<ZoneId> defaultZone) {
        int rest = text.length() - at;
        if (rest == 0) {
            return defaultZone.isEmpty()
                    ? ZONELESS
                    : local - offsetMicros(local, defaultZone.get());
        }
        char sign = text.charAt(at);
        if (rest == 1 && sign == 'Z') {
            return local;
        }
        if (rest != 6 || (sign != '+' && sign != '-') || text.charAt(at + 3) != ':') {
            return INVALID;
        }
        int hours = twoDigits(text, at + 1, 23);
        int minutes = twoDigits(text, at + 4, 59);
        if (hours < 0 || minutes < 0) {
            return INVALID;
        }
        long offset = (hours * 60L + minutes) * 60_000_000L;
        return sign == '-' ? local + offset : local - offset;
    }

    private static long offsetMicros(long local, ZoneId zone) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(local, 1_000_000L), 0, java.time.ZoneOffset.UTC);
        return zone.getRules().getOffset(time).getTotalSeconds() * 1_000_000L;
    }

    private static int fractionEnd(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end > from && end - from <= 9 ? end : -1;
    }

    private static long fractionMicros(String text, int from, int end) {
        long micros = 0;
        for (int i = from; i < from + 6; i++) {
            micros = micros * 10 + (i < end ? text.charAt(i) - '0' : 0);
        }
        return micros;
    }

    /// The day of `uuuu-MM-dd` at the start of a text of at least ten characters.
    private static long isoEpochDay(String text) {
        int century = twoDigits(text, 0, 99);
        int yearOfCentury = twoDigits(text, 2, 99);
        int month = twoDigits(text, 5, 12);
        int day = twoDigits(text, 8, 31);
        if (century < 0
                || yearOfCentury < 0
                || month < 1
                || day < 1
                || text.charAt(4) != '-'
                || text.charAt(7) != '-') {
            return INVALID;
        }
        int year = century * 100 + yearOfCentury;
        if (day > 28 && day > YearMonth.of(year, month).lengthOfMonth()) {
            return INVALID;
        }
        return LocalDate.of(year, month, day).toEpochDay();
    }

    private static int twoDigits(String text, int at, int highest) {
        char tens = text.charAt(at);
        char ones = text.charAt(at + 1);
        if (!isDigit(tens) || !isDigit(ones)) {
            return -1;
        }
        int value = (tens - '0') * 10 + ones - '0';
        return value <= highest ? value : -1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// Reads a day; ISO means exactly `uuuu-MM-dd`.
    ///
    /// @throws IllegalArgumentException when it is not one
    public static LocalDate date(String pattern, DateTimeFormatter formatter, String text) {
        if (pattern.equals(FieldType.ISO)) {
            long day = text.length() == DATE_CHARS ? isoEpochDay(text) : INVALID;
            if (day == INVALID) {
                throw new IllegalArgumentException("'" + text + "' is not a date, yyyy-MM-dd");
            }
            return LocalDate.ofEpochDay(day);
        }
        try {
            return LocalDate.parse(text, formatter);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is not a date, " + pattern, e);
        }
    }

    /// Reads a time of day to the microsecond; ISO means `HH:mm:ss` with up to nine more digits.
    ///
    /// @throws IllegalArgumentException when it is not one
    public static LocalTime time(String pattern, DateTimeFormatter formatter, String text) {
        try {
            if (pattern.equals(FieldType.ISO) && (text.length() < 8 || text.endsWith("."))) {
                throw new DateTimeException("not whole");
            }
            return LocalTime.parse(text, formatter).truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            String form = pattern.equals(FieldType.ISO) ? "HH:mm:ss" : pattern;
            throw new IllegalArgumentException("'" + text + "' is not a time of day, " + form, e);
        }
    }
}
