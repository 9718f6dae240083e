package leat.core.feature;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.config.DurationText;
import leat.core.feature.FeatureView.Feature;
import leat.core.feature.FeatureView.Windowed;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode.Scalar;

/// Reads one entry of `features`: a feature of the newest event, or one an aggregate and window.
///
/// @param hop the view's, which windows have to go with
record EntryReader(Keys entry, Hop hop) {

    static final int DEFAULT_LIMIT = 1_000;
    private static final int MAX_LIMIT = 10_000;
    private static final String WINDOWS = "windows";
    private static final String AGGREGATE = "aggregate";

    /// What aggregates are called in SQL and elsewhere.
    private static final Map<String, String> ELSEWHERE =
            Map.of("avg", "mean", "average", "mean", "std", "stddev", "nunique", "distinct");

    private static final List<String> AGGREGATES =
            Arrays.stream(Aggregate.values()).map(Aggregate::word).toList();

    /// The features of the entry. Where something is wrong with it, a problem was added, and what
    /// is yielded serves to look for more of them.
    List<Feature> read() {
        entry.allow(ViewKeys.FEATURE);
        String name = name();
        String description = entry.text("description").orElse("");
        Optional<String> expression = entry.text("expression");
        Optional<String> where = entry.text("where");
        if (entry.mapping().find(AGGREGATE).isEmpty() && entry.mapping().find(WINDOWS).isEmpty()) {
            checkLimit(List.of());
            where.ifPresent(_ ->
                    entry.complain(
                            "where",
                            "a feature of the newest event has no condition of its own",
                            "add aggregate: last and windows, or move it to the where of the view"));
            return List.of(new Feature(name, description, expression, Optional.empty()));
        }
        List<Aggregate> aggregates = aggregates();
        checkLimit(aggregates);
        int limit = entry.integer("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        Map<Duration, String> windows = windows();
        List<Feature> features = new ArrayList<>();
        for (Aggregate aggregate : aggregates) {
            windows.forEach((window, text) ->
                    features.add(
                            new Feature(
                                    name + "_" + aggregate.word() + "_" + text,
                                    description,
                                    expression,
                                    Optional.of(new Windowed(aggregate, where, window, limit)))));
        }
        checkLengths(features);
        return features;
    }

    private String name() {
        Optional<String> name = entry.requiredText("name", "name the feature, e.g. speed");
        if (name.isEmpty()) {
            return entry.path();
        }
        String text = name.get();
        FeatureNames.objection(text)
                .ifPresent(found -> entry.complain("name", found.message(), found.remedy()));
        return text;
    }

    private void checkLengths(List<Feature> features) {
        features.stream()
                .map(Feature::name)
                .filter(name -> name.length() > FeatureNames.MAX_CHARS)
                .findFirst()
                .ifPresent(name ->
                        entry.complain(
                                "name",
                                "'"
                                        + name
                                        + "' has more than "
                                        + FeatureNames.MAX_CHARS
                                        + " characters",
                                "use a shorter name"));
    }

    private List<Aggregate> aggregates() {
        int before = entry.problems().count();
        List<Aggregate> aggregates = new ArrayList<>();
        for (Scalar scalar : entry.scalars(AGGREGATE)) {
            Optional<Aggregate> aggregate = Aggregate.of(scalar.text());
            if (aggregate.isEmpty()) {
                complain(
                        scalar,
                        AGGREGATE,
                        "there is no aggregate '" + scalar.text() + "'",
                        NearestName.remedy(
                                ELSEWHERE.getOrDefault(scalar.text(), scalar.text()), AGGREGATES));
            } else if (aggregates.contains(aggregate.get())) {
                complain(
                        scalar,
                        AGGREGATE,
                        "'" + scalar.text() + "' stands twice",
                        "remove one of the two");
            } else {
                aggregates.add(aggregate.get());
            }
        }
        if (aggregates.isEmpty() && entry.problems().count() == before) {
            entry.complain(AGGREGATE, "names none for the windows", "write e.g. aggregate: mean");
        }
        return aggregates.isEmpty() ? List.of(Aggregate.COUNT) : aggregates;
    }

    /// The windows, with the text that stands in names.
    private Map<Duration, String> windows() {
        int before = entry.problems().count();
        Map<Duration, String> windows = new LinkedHashMap<>();
        Map<Duration, String> written = new LinkedHashMap<>();
        for (Scalar scalar : entry.scalars(WINDOWS)) {
            Optional<Duration> window = window(scalar);
            if (window.isEmpty()) {
                continue;
            }
            String earlier = written.putIfAbsent(window.get(), scalar.text());
            if (earlier == null) {
                windows.put(window.get(), DurationText.of(window.get()));
            } else {
                complain(
                        scalar,
                        WINDOWS,
                        "'" + scalar.text() + "' is the same window as '" + earlier + "'",
                        "remove one of the two");
            }
        }
        if (windows.isEmpty() && entry.problems().count() == before) {
            entry.complain(WINDOWS, "names none for the aggregate", "write e.g. windows: [5m]");
        }
        return windows.isEmpty() ? Map.of(hop.width(), "?") : windows;
    }

    private Optional<Duration> window(Scalar scalar) {
        Optional<Duration> window = new DurationReader(entry, WINDOWS).read(scalar, Hop.LONGEST);
        Optional<Objection> objection = window.flatMap(hop::objection);
        objection.ifPresent(found -> complain(scalar, WINDOWS, found.message(), found.remedy()));
        return objection.isPresent() ? Optional.empty() : window;
    }

    private void checkLimit(List<Aggregate> aggregates) {
        if (entry.mapping().find("limit").isPresent() && !aggregates.contains(Aggregate.DISTINCT)) {
            entry.complain(
                    "limit", "only distinct counts up to a limit", "remove it, or add distinct");
        }
    }

    private void complain(Scalar scalar, String key, String message, String remedy) {
        entry.problems().add(scalar.location(), entry.path(key), message, remedy);
    }
}
