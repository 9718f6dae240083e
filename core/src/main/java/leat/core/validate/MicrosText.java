package leat.core.validate;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times in microseconds since 1970 as ISO 8601 in UTC with six digits of a second. Times of one
/// second often follow each other; its text is kept. For one thread.
public final class MicrosText {

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int MICROS = 1_000_000;

    private long second = Long.MIN_VALUE;
    private String secondText = "";

    public String text(long micros) {
        long wanted = Math.floorDiv(micros, MICROS);
        if (wanted != second) {
            secondText = SECOND.format(Instant.ofEpochSecond(wanted));
            second = wanted;
        }
        // A leading one that is cut off keeps the zeros.
        String fraction = Integer.toString(MICROS + Math.floorMod(micros, MICROS));
        return secondText + "." + fraction.substring(1) + "Z";
    }
}
