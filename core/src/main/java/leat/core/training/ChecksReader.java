package leat.core.training;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode.Entry;

/// Reads `checks` of a training.
final class ChecksReader {

    private static final Set<String> CHECK_KEYS =
            Set.of("rows", "unreadable", "missing", "drift", "features");
    private static final Set<String> BOUND_KEYS = Set.of("min", "max", "missing");
    private static final int LEAST_ROWS = 10;

    /// What a schema promises is broken by one record already.
    private static final double MOST_UNREADABLE = 0;

    private ChecksReader() {}

    /// @param data of the training, whose features are known; empty where it is faulty
    static Checks read(Keys keys, Optional<TrainingData> data) {
        Optional<Keys> found = keys.keys("checks");
        if (found.isEmpty()) {
            return new Checks(
                    LEAST_ROWS,
                    MOST_UNREADABLE,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    new TreeMap<>());
        }
        Keys checks = found.get();
        checks.allow(CHECK_KEYS);
        SortedMap<String, Checks.Bounds> features = new TreeMap<>();
        checks.keys("features")
                .ifPresent(all ->
                        all.mapping()
                                .entries()
                                .forEach(entry ->
                                        all.keys(entry.key().text())
                                                .ifPresent(bounds ->
                                                        features.put(
                                                                entry.key().text(),
                                                                bounds(
                                                                        all, bounds, entry,
                                                                        data)))));
        return new Checks(
                checks.integer("rows", 2, Integer.MAX_VALUE).orElse(LEAST_ROWS),
                TrainingReader.share(checks, "unreadable").orElse(MOST_UNREADABLE),
                optional(TrainingReader.share(checks, "missing")),
                optional(positive(checks, "drift")),
                features);
    }

    private static Checks.Bounds bounds(
            Keys all, Keys bounds, Entry entry, Optional<TrainingData> data) {
        String name = entry.key().text();
        bounds.allow(BOUND_KEYS);
        data.filter(known -> !known.features().contains(name))
                .ifPresent(known ->
                        all.complain(
                                name,
                                "is no feature of the training",
                                NearestName.remedy(name, known.features())));
        OptionalDouble min = optional(bounds.decimal("min").map(BigDecimal::doubleValue));
        OptionalDouble max = optional(bounds.decimal("max").map(BigDecimal::doubleValue));
        if (min.isPresent() && max.isPresent() && min.getAsDouble() > max.getAsDouble()) {
            bounds.complain("min", "is above max", "swap the two");
        }
        return new Checks.Bounds(min, max, optional(TrainingReader.share(bounds, "missing")));
    }

    private static Optional<Double> positive(Keys keys, String key) {
        Optional<Double> value = keys.decimal(key).map(BigDecimal::doubleValue);
        value.filter(number -> number <= 0)
                .ifPresent(_ -> keys.complain(key, "is not above 0", "write e.g. 0.2"));
        return value;
    }

    private static OptionalDouble optional(Optional<Double> value) {
        return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
    }
}
