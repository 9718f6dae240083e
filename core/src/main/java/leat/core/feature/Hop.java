package leat.core.feature;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.config.DurationText;

/// By what the windows of a view move, and which windows that allows.
record Hop(Duration width) {

    static final Duration LONGEST = Duration.ofDays(366);

    /// Windows that move with every microsecond.
    static final Hop EXACT = new Hop(Duration.ofNanos(1_000));

    static final Hop DEFAULT = new Hop(Duration.ofSeconds(1));

    private static final List<Duration> USUAL =
            List.of(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1));

    /// What speaks against a window.
    Optional<Objection> objection(Duration window) {
        if (equals(EXACT)) {
            return Optional.empty();
        }
        String shown = "'" + DurationText.of(window) + "'";
        if (!isMultiple(window, width)) {
            return Optional.of(
                    new Objection(
                            shown + " is no multiple of the hop, " + DurationText.of(width),
                            "write a multiple of it, or another hop, which may be exact"));
        }
        if (window.dividedBy(width) > Layout.WINDOW_HOPS_LIMIT) {
            return Optional.of(
                    new Objection(
                            shown + " is longer than 100,000 hops of " + DurationText.of(width),
                            "write hop: " + enough(window)));
        }
        return Optional.empty();
    }

    private static boolean isMultiple(Duration window, Duration width) {
        return width.multipliedBy(window.dividedBy(width)).equals(window);
    }

    /// The narrowest usual hop for a window.
    private static String enough(Duration window) {
        return USUAL.stream()
                .filter(hop ->
                        isMultiple(window, hop)
                                && window.dividedBy(hop) <= Layout.WINDOW_HOPS_LIMIT)
                .findFirst()
                .map(DurationText::of)
                .orElse("exact");
    }
}
