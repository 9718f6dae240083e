package leat.core.score;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// How evidence is worded.
final class Phrases {

    private static final int NAMED = 4;

    private Phrases() {}

    static Finding passed(String format, Object... values) {
        return new Finding.Passed(text(format, values));
    }

    static Finding failed(String remedy, String format, Object... values) {
        return new Finding.Failed(text(format, values), remedy);
    }

    static Finding unknown(String remedy, String format, Object... values) {
        return new Finding.Unknown(text(format, values), remedy);
    }

    @SuppressWarnings("AnnotateFormatMethod") // the core knows no annotations of Error Prone
    static String text(String format, Object... values) {
        return values.length == 0 ? format : String.format(Locale.ROOT, format, values);
    }

    /// Some of many things.
    static String some(Collection<String> all) {
        List<String> few = all.stream().limit(NAMED).toList();
        return String.join(", ", few)
                + (all.size() > NAMED ? " and " + (all.size() - NAMED) + " more" : "");
    }

    /// `3 features`, `1 feature`.
    static String count(long count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    /// `40 d`, `7 h`, `12 s`, in whole units.
    static String time(Duration time) {
        if (time.toDays() >= 2) {
            return time.toDays() + " d";
        }
        if (time.toHours() >= 2) {
            return time.toHours() + " h";
        }
        if (time.toMinutes() >= 2) {
            return time.toMinutes() + " min";
        }
        return time.toMillis() < 10_000
                ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3)
                : time.toSeconds() + " s";
    }
}
