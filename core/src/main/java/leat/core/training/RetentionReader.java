package leat.core.training;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import leat.core.config.DurationText;
import leat.core.model.ModelLimits;
import leat.core.model.Retention;
import leat.core.yaml.Keys;

/// Reads `retention` of a training.
final class RetentionReader {

    static final String KEY = "retention";

    private static final Set<String> KEYS = Set.of("versions", "age");

    private RetentionReader() {}

    /// Empty where nothing is to be deleted.
    static Optional<Retention> read(Keys training) {
        Optional<Keys> found = training.keys(KEY);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Keys keys = found.get();
        keys.allow(KEYS);
        if (keys.mapping().entries().isEmpty()) {
            training.complain(
                    KEY, "says nothing", "write e.g. versions: 10, or remove it to keep all");
        }
        int versions =
                keys.integer("versions", 1, ModelLimits.VERSIONS)
                        .orElse(Retention.DEFAULT.versions());
        return Optional.of(new Retention(versions, age(keys)));
    }

    private static Duration age(Keys keys) {
        Duration age = TrainingReader.duration(keys, "age").orElse(Retention.DEFAULT.age());
        if (age.compareTo(Retention.LONGEST) > 0) {
            keys.complain(
                    "age",
                    "is " + DurationText.of(age),
                    "write at most " + DurationText.of(Retention.LONGEST));
            return Retention.DEFAULT.age();
        }
        return age;
    }
}
