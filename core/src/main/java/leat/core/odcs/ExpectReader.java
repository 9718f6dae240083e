package leat.core.odcs;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leat.core.config.DurationText;
import leat.core.contract.Expectation;
import leat.core.contract.Expectation.Operator;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Measure;
import leat.core.contract.PatternDialect;
import leat.core.contract.QualityRule;
import leat.core.contract.Range;
import leat.core.enrich.Condition;
import leat.core.validate.ValueTexts;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode.Scalar;

/// Reads one expectation of a feature view: a rule of quality like those of [RuleReader], with all
/// that it says in one mapping.
///
/// @param vectors the fields of a vector
record ExpectReader(Keys entry, List<Field> vectors) {

    private static final String METRIC = "metric";
    private static final String RANGE = "range";
    private static final String VALID_VALUES = "validValues";
    private static final String PATTERN = "pattern";
    private static final String CONDITION = "condition";
    private static final String LATENESS = "lateness";
    private static final String FRESHNESS = "freshness";
    private static final String WINDOW = "window";
    private static final String NULL_VALUES = "nullValues";
    private static final String ROW_COUNT = "rowCount";

    /// What can be expected of a feature, and of whole vectors.
    static final List<String> OF_FEATURES = List.of(METRIC, RANGE, VALID_VALUES, PATTERN);

    static final List<String> OF_VIEW = List.of(METRIC, CONDITION, LATENESS, FRESHNESS);

    private static final Scope FEATURE =
            new Scope(
                    OF_FEATURES,
                    NULL_VALUES,
                    ROW_COUNT,
                    "is expected of whole vectors",
                    "move it to the view's expect");
    private static final Scope VIEW =
            new Scope(
                    OF_VIEW,
                    ROW_COUNT,
                    NULL_VALUES,
                    "is expected of a feature",
                    "move it to the feature's entry");

    /// What somebody may write who forgot that bounds stand in a range.
    private static final Set<String> BOUNDS = Set.of("min", "max", "minimum", "maximum");

    /// How it is judged.
    static final Set<String> JUDGING =
            Set.of("name", "unit", WINDOW, "severity", "for", "resolveAfter");

    /// Where an expectation stands.
    ///
    /// @param keys those that say what is counted there
    /// @param metric the one that there is
    /// @param otherMetric the one of the other place
    /// @param elsewhere what is wrong with the keys of the other place
    /// @param move what to do with them
    private record Scope(
            List<String> keys, String metric, String otherMetric, String elsewhere, String move) {}

    /// What is expected of whole vectors.
    Optional<QualityRule> ofView() {
        int before = entry.problems().count();
        Optional<String> what = what(VIEW);
        if (what.isEmpty()) {
            return Optional.empty();
        }
        Optional<Measure> measure =
                switch (what.get()) {
                    case METRIC -> metric(VIEW).map(_ -> new Measure.RowCount());
                    case CONDITION -> condition();
                    case LATENESS ->
                            RuleReader.duration(entry, LATENESS).map(Measure.LateEvents::new);
                    default -> Optional.of(new Measure.Freshness());
                };
        return rule(what.get(), measure, "", before);
    }

    /// What is expected of each of an entry's features. What is wrong for all of them is told once.
    List<QualityRule> ofFeatures(List<Field> features) {
        int before = entry.problems().count();
        Optional<String> what = what(FEATURE);
        List<QualityRule> rules = new ArrayList<>();
        for (Field feature : features) {
            if (what.isEmpty() || entry.problems().count() > before) {
                return List.of();
            }
            FieldPath path = new FieldPath(List.of(feature.name()));
            Optional<Measure> measure =
                    switch (what.get()) {
                        case METRIC -> metric(FEATURE).map(_ -> new Measure.NullValues(path));
                        case RANGE -> range(feature, path);
                        case VALID_VALUES -> validValues(feature, path);
                        default -> pattern(feature, path);
                    };
            rule(what.get(), measure, feature.name(), before).ifPresent(rules::add);
        }
        return entry.problems().count() > before ? List.of() : rules;
    }

    /// The one key that says what is counted.
    private Optional<String> what(Scope scope) {
        int before = entry.problems().count();
        Set<String> known = new HashSet<>(JUDGING);
        known.addAll(OF_FEATURES);
        known.addAll(OF_VIEW);
        Arrays.stream(Operator.values()).map(Operator::key).forEach(known::add);
        BOUNDS.stream().filter(this::has).forEach(this::complainOfBound);
        entry.allow(Stream.concat(known.stream(), BOUNDS.stream()).collect(Collectors.toSet()));
        Stream.concat(OF_FEATURES.stream(), OF_VIEW.stream())
                .filter(key -> !scope.keys().contains(key) && has(key))
                .sorted()
                .forEach(key -> entry.complain(key, scope.elsewhere(), scope.move()));
        List<String> given =
                scope.keys().stream().filter(key -> entry.mapping().find(key).isPresent()).toList();
        if (given.size() > 1) {
            entry.complain(
                    given.getLast(),
                    "stands beside " + given.getFirst(),
                    "make two expectations of them");
        } else if (given.isEmpty() && entry.problems().count() == before) {
            entry.problems()
                    .add(
                            entry.location(),
                            entry.path(),
                            "does not say what is expected",
                            "use one of " + String.join(", ", scope.keys()));
        }
        return given.size() == 1 ? Optional.of(given.getFirst()) : Optional.empty();
    }

    private boolean has(String key) {
        return entry.mapping().entry(key).isPresent();
    }

    private void complainOfBound(String key) {
        entry.complain(
                key, "is a bound outside of a range", "write range: {minimum: 0, maximum: 1}");
    }

    private Optional<QualityRule> rule(
            String what, Optional<Measure> measure, String field, int before) {
        Optional<Expectation> expectation =
                what.equals(FRESHNESS) ? freshness() : expectation(what, measure);
        String word = what.equals(METRIC) ? entry.text(METRIC).orElse(what) : what;
        boolean percent = percent(word);
        Duration window =
                RuleProperties.window(
                        entry, WINDOW, expectation.filter(_ -> what.equals(FRESHNESS)));
        String given = entry.text("name").orElse(word);
        String name = field.isEmpty() ? given : field + " " + given;
        String id = RuleProperties.id(entry, name, "expectation");
        QualityRule.AlertPolicy policy =
                RuleProperties.policy(entry.text("severity"), Optional.of(entry));
        if (entry.problems().count() > before || measure.isEmpty() || expectation.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new QualityRule(
                        id,
                        name,
                        field,
                        measure.get(),
                        expectation.get(),
                        percent,
                        window,
                        false,
                        Optional.of(policy),
                        entry.location()));
    }

    /// Where no number is named none may be counted, which makes no sense of vectors themselves.
    private Optional<Expectation> expectation(String what, Optional<Measure> measure) {
        ExpectationReader reader = new ExpectationReader(entry);
        if (!reader.given().isEmpty()) {
            return reader.read(measure);
        }
        if (measure.isPresent() && !measure.get().judgesSingleEvents()) {
            entry.complain(
                    what,
                    "says nothing of what the number must be",
                    "write e.g. mustBeGreaterThan: 0");
        }
        return Optional.of(Expectation.of(Operator.BE, 0));
    }

    /// The newest vector may be so old at the end of a window.
    private Optional<Expectation> freshness() {
        for (Operator operator : new ExpectationReader(entry).given()) {
            entry.complain(operator.key(), "freshness has its bound in itself", "take it away");
        }
        Optional<Duration> bound = RuleReader.duration(entry, FRESHNESS);
        if (bound.isPresent() && bound.get().compareTo(RuleProperties.LONGEST_WINDOW) > 0) {
            entry.complain(
                    FRESHNESS,
                    "is longer than " + DurationText.of(RuleProperties.LONGEST_WINDOW),
                    "write e.g. 5m");
            return Optional.empty();
        }
        return bound.map(
                most -> Expectation.of(Operator.BE_LESS_OR_EQUAL_TO, most.toMillis() / 1e3));
    }

    private boolean percent(String word) {
        boolean percent = RuleProperties.percent(entry);
        if (percent && (word.equals(ROW_COUNT) || word.equals(FRESHNESS))) {
            entry.complain("unit", word + " has no share of the vectors", "take it away");
        }
        return percent;
    }

    private Optional<String> metric(Scope scope) {
        Optional<String> metric = entry.text(METRIC);
        String word = metric.orElse("");
        if (word.equals(scope.otherMetric())) {
            entry.complain(METRIC, word + " " + scope.elsewhere(), scope.move());
        } else if (metric.isPresent() && !word.equals(scope.metric())) {
            entry.complain(
                    METRIC,
                    "unknown metric '" + word + "'",
                    NearestName.remedy(word, List.of(scope.metric())));
        }
        return metric.filter(scope.metric()::equals);
    }

    private Optional<Measure> condition() {
        return entry.text(CONDITION)
                .filter(text ->
                        Condition.compile(
                                        vectors,
                                        text,
                                        entry.location(CONDITION),
                                        entry.path(CONDITION),
                                        entry.problems())
                                .isPresent())
                .map(Measure.Breaches::new);
    }

    private Optional<Measure> range(Field feature, FieldPath path) {
        if (!RuleReader.isNumber(feature.type())) {
            unfit(RANGE, "a range is for numbers", feature);
            return Optional.empty();
        }
        return entry.keys(RANGE)
                .flatMap(keys -> {
                    int before = entry.problems().count();
                    Range<Double> bounds = RuleReader.bounds(keys);
                    if (bounds.isAll() && entry.problems().count() == before) {
                        entry.complain(RANGE, "has no bounds", "write e.g. {minimum: 0}");
                    }
                    return Optional.of(new Measure.OutOfRange(path, bounds));
                });
    }

    private Optional<Measure> validValues(Field feature, FieldPath path) {
        Set<Object> values = new HashSet<>();
        List<Scalar> scalars = entry.scalars(VALID_VALUES);
        for (Scalar scalar : scalars) {
            try {
                values.add(ValueTexts.parse(feature.type(), scalar.text()));
            } catch (IllegalArgumentException e) {
                entry.problems()
                        .add(
                                scalar.location(),
                                entry.path(VALID_VALUES),
                                e.getMessage() + ", which '" + feature.name() + "' is",
                                "list values of its type, or give the feature an entry of its own");
                return Optional.empty();
            }
        }
        if (scalars.isEmpty()) {
            entry.complain(VALID_VALUES, "names none", "write e.g. [a, b]");
        }
        return Optional.of(new Measure.InvalidValues(path, values, Optional.empty()));
    }

    private Optional<Measure> pattern(Field feature, FieldPath path) {
        if (!(feature.type() instanceof FieldType.Text)) {
            unfit(PATTERN, "a pattern is for texts", feature);
            return Optional.empty();
        }
        Optional<Pattern> pattern =
                entry.parsed(PATTERN, text -> PatternDialect.compile(text.text()));
        return pattern.map(found -> new Measure.InvalidValues(path, Set.of(), Optional.of(found)));
    }

    private void unfit(String key, String what, Field feature) {
        entry.complain(
                key,
                what + ", and '" + feature.name() + "' is of type " + feature.type().word(),
                "take it away, or give the feature an entry of its own");
    }
}
