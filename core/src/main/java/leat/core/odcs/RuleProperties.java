package leat.core.odcs;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import leat.core.config.DurationText;
import leat.core.contract.Expectation;
import leat.core.contract.QualityRule.AlertPolicy;
import leat.core.yaml.Keys;

/// What the entry of a rule says in properties of ours: its window, whether it quarantines, and
/// when it raises an alert.
final class RuleProperties {

    static final Set<String> KEYS = Set.of("leat.window", "leat.quarantine", "leat.alert");
    private static final Duration DEFAULT_WINDOW = Duration.ofMinutes(1);
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
    static final Duration LONGEST_WINDOW = Duration.ofDays(1);
    private static final int MAX_STREAK = 1_000;
    private static final int MAX_ID = 100;

    private final Keys entry;
    private final LeatProperties ours;

    RuleProperties(Keys entry) {
        this.entry = entry;
        this.ours = LeatProperties.of(entry, KEYS);
    }

    /// @param freshness as in [#window(Keys, String, Optional)]
    Duration window(Optional<Expectation> freshness) {
        return window(ours.values(), "leat.window", freshness);
    }

    /// A window's length, else what it is where nothing is said.
    ///
    /// @param freshness the demand of a rule on freshness, whose window is not shorter than what it
    ///   allows; empty for other rules
    static Duration window(Keys keys, String key, Optional<Expectation> freshness) {
        Duration least =
                freshness
                        .map(bound -> Duration.ofMillis(Math.round(bound.high() * 1e3)))
                        .orElse(SHORTEST_WINDOW);
        Duration standard = least.compareTo(DEFAULT_WINDOW) > 0 ? least : DEFAULT_WINDOW;
        return window(keys, key, least).orElse(standard);
    }

    /// A window's length.
    private static Optional<Duration> window(Keys keys, String key, Duration least) {
        Duration lowest = least.compareTo(SHORTEST_WINDOW) > 0 ? least : SHORTEST_WINDOW;
        return keys.parsed(
                key,
                scalar -> {
                    Duration window = DurationText.parse(scalar.text());
                    if (window.compareTo(lowest) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
                        throw new IllegalArgumentException(
                                "a window is from "
                                        + DurationText.of(lowest)
                                        + " to "
                                        + DurationText.of(LONGEST_WINDOW)
                                        + " here");
                    }
                    return window;
                });
    }

    /// Whether the number is a share.
    static boolean percent(Keys entry) {
        String unit = entry.text("unit").orElse("rows");
        boolean percent = unit.equals("percent");
        if (!percent && !unit.equals("rows")) {
            entry.complain("unit", "unknown unit '" + unit + "'", "use rows or percent");
        }
        return percent;
    }

    /// The id of a name.
    ///
    /// @param noun what has the name
    static String id(Keys entry, String name, String noun) {
        String id = QualityReader.id(name);
        if (id.isEmpty() || id.length() > MAX_ID) {
            entry.complain(
                    "name",
                    "'" + name + "' gives no id of 1 to " + MAX_ID + " letters and digits",
                    "name the " + noun + " with letters and digits");
        }
        return id;
    }

    boolean quarantine() {
        return ours.values().bool("leat.quarantine").orElse(false);
    }

    /// A rule with a severity, or with `leat.alert`, raises an alert.
    Optional<AlertPolicy> alert() {
        Optional<String> severity = entry.text("severity");
        Optional<Keys> streaks = ours.values().keys("leat.alert");
        if (severity.isEmpty() && streaks.isEmpty()) {
            return Optional.empty();
        }
        streaks.ifPresent(keys -> keys.allow(Set.of("for", "resolveAfter")));
        return Optional.of(policy(severity, streaks));
    }

    static AlertPolicy policy(Optional<String> severity, Optional<Keys> streaks) {
        return new AlertPolicy(
                severity.orElse("error"),
                streaks.flatMap(keys -> keys.integer("for", 1, MAX_STREAK)).orElse(1),
                streaks.flatMap(keys -> keys.integer("resolveAfter", 1, MAX_STREAK)).orElse(1));
    }
}
