package leat.stream.sql;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Times in answers, all in one form: ISO 8601, always with seconds, and a fraction of three or six
/// digits only where there is one. The types' own texts leave zero seconds out.
final class TimeText {

    private static final int TIME = "1970-01-01T".length();

    private TimeText() {}

    /// `2026-11-21T10:00:00Z`, whatever the offset.
    static String of(OffsetDateTime instant) {
        return instant.toInstant().toString();
    }

    /// `2026-11-21T10:00:00`.
    static String of(LocalDateTime local) {
        String instant = local.toInstant(ZoneOffset.UTC).toString();
        return instant.substring(0, instant.length() - 1);
    }

    /// `10:00:00`.
    static String of(LocalTime time) {
        return of(time.atDate(LocalDate.EPOCH)).substring(TIME);
    }
}
