package leat.launcher.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.OptionalLong;

/// Times as files of metrics have them: `2014-02-14`, `2014-02-14 14:27`, `2014-02-14 14:27:00.5`,
/// `2014-02-14T14:27:00Z`, `2014-02-14T14:27:00+01:00`. Without an offset they are UTC.
final class MetricTime {

    private static final int DATE_LENGTH = 10;
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendValue(ChronoField.YEAR, 4, 4, SignStyle.NEVER)
                    .appendPattern("-MM-dd['T'HH:mm[:ss]]")
                    .optionalStart()
                    .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
                    .optionalEnd()
                    .appendOptional(offset("+HH:MM"))
                    .appendOptional(offset("+HHMM"))
                    .appendOptional(offset("+HHmm"))
                    .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                    .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                    .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                    .parseDefaulting(ChronoField.NANO_OF_SECOND, 0)
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private MetricTime() {}

    private static DateTimeFormatter offset(String pattern) {
        return new DateTimeFormatterBuilder().appendOffset(pattern, "Z").toFormatter(Locale.ROOT);
    }

    /// Milliseconds since 1970, or empty if the text is no such time.
    static OptionalLong parse(String text) {
        String time = text.strip();
        if (time.length() > DATE_LENGTH && time.charAt(DATE_LENGTH) == ' ') {
            time = time.substring(0, DATE_LENGTH) + 'T' + time.substring(DATE_LENGTH + 1);
        }
        try {
            return OptionalLong.of(instant(FORMAT.parse(time)).toEpochMilli());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static Instant instant(TemporalAccessor parsed) {
        ZoneOffset offset =
                parsed.isSupported(ChronoField.OFFSET_SECONDS)
                        ? ZoneOffset.from(parsed)
                        : ZoneOffset.UTC;
        return LocalDateTime.from(parsed).toInstant(offset);
    }
}
