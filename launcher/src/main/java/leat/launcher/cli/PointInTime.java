package leat.launcher.cli;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import leat.core.config.DurationText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A time as people write it in an option: `2026-11-21T10:00:00Z`, `2026-11-21` (its start in UTC),
/// or how long ago, `90s`, `15m`, `2h`, `7d`.
final class PointInTime implements ITypeConverter<Instant> {

    private final InstantSource clock = InstantSource.system();

    @Override
    public Instant convert(String text) {
        if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        try {
            return Character.isLetter(text.charAt(text.length() - 1)) && !text.endsWith("Z")
                    ? clock.instant().minus(DurationText.parse(text))
                    : Instant.parse(text);
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw new TypeConversionException(
                    "'"
                            + text
                            + "' is not a time: write 2026-11-21T10:00:00Z, 2026-11-21, or how long"
                            + " ago, e.g. 15m or 2h");
        }
    }
}
