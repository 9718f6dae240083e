package leat.core.training;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import leat.core.config.DurationText;
import leat.core.yaml.Keys;

/// Reads `triggers` of a training.
final class TriggersReader {

    static final String KEY = "triggers";

    private static final Set<String> KEYS = Set.of("schedule", "new-labels", "max-age", "drift");
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private TriggersReader() {}

    static Triggers read(Keys training) {
        Optional<Keys> found = training.keys(KEY);
        if (found.isEmpty()) {
            return Triggers.NONE;
        }
        Keys keys = found.get();
        keys.allow(KEYS);
        Optional<Integer> labels = keys.integer("new-labels", 1, Integer.MAX_VALUE);
        Triggers triggers =
                new Triggers(
                        period(keys, "schedule"),
                        labels.isPresent() ? OptionalLong.of(labels.get()) : OptionalLong.empty(),
                        period(keys, "max-age"),
                        keys.bool("drift").orElse(false));
        if (triggers.isEmpty() && keys.mapping().entries().isEmpty()) {
            training.complain(KEY, "names none", "name one, e.g. schedule: 24h");
        }
        return triggers;
    }

    private static Optional<Duration> period(Keys keys, String key) {
        Optional<Duration> period = TrainingReader.duration(keys, key);
        period.filter(one -> one.compareTo(SHORTEST) < 0 || one.compareTo(LONGEST) > 0)
                .ifPresent(one ->
                        keys.complain(
                                key,
                                "is " + DurationText.of(one),
                                "write from "
                                        + DurationText.of(SHORTEST)
                                        + " to "
                                        + DurationText.of(LONGEST)));
        return period;
    }
}
