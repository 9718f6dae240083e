package leat.core.odcs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
import leat.core.validate.ValueTexts;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;

/// Reads one entry of `quality`.
final class RuleReader {

    private static final Set<String> METRICS =
            Set.of("nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount");
    private static final Set<String> OURS = Set.of("range", "condition", "freshness", "lateness");

    private final Keys entry;
    private final Optional<Target> target;
    private final List<Field> fields;
    private final boolean registered;
    private final RuleProperties ours;

    /// The property that a rule stands on.
    record Target(FieldPath path, Field field) {}

    /// @param registered whether the contract has run already: what an older program took is read
    RuleReader(Keys entry, Optional<Target> target, List<Field> fields, boolean registered) {
        this.entry = entry;
        this.target = target;
        this.fields = fields;
        this.registered = registered;
        this.ours = new RuleProperties(entry);
    }

    /// As the contract names it, else after what it is about.
    String name() {
        String what = entry.text("metric").or(() -> entry.text("type")).orElse("rule");
        return entry.text("name")
                .or(() -> entry.text("id"))
                .orElse(field().isEmpty() ? what : field() + " " + what);
    }

    private String field() {
        return target.map(Target::path).map(FieldPath::toString).orElse("");
    }

    Optional<QualityRule> read() {
        int before = entry.problems().count();
        Optional<Measure> measure =
                entry.text("type").orElse("library").equals("library") ? library() : custom();
        if (measure.isEmpty()) {
            return Optional.empty();
        }
        boolean counts = !(measure.get() instanceof Measure.Freshness);
        Optional<Expectation> expectation =
                counts ? new ExpectationReader(entry).read(measure) : freshness();
        boolean percent = percent(measure);
        Duration window = ours.window(expectation.filter(_ -> !counts));
        boolean quarantine = ours.quarantine();
        if (quarantine && !measure.get().judgesSingleEvents()) {
            entry.complain(
                    "customProperties",
                    "a rule that needs the events of a whole window cannot quarantine one",
                    "take leat.quarantine away");
        }
        String id = RuleProperties.id(entry, name(), "rule");
        if (entry.problems().count() > before || expectation.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new QualityRule(
                        id,
                        name(),
                        field(),
                        measure.get(),
                        expectation.get(),
                        percent,
                        window,
                        quarantine,
                        ours.alert(),
                        entry.location()));
    }

    private boolean percent(Optional<Measure> measure) {
        boolean percent = RuleProperties.percent(entry);
        if (percent
                && measure.isPresent()
                && (measure.get() instanceof Measure.RowCount
                        || measure.get() instanceof Measure.Freshness)) {
            entry.complain("unit", "has no share of the events", "take it away");
        }
        return percent;
    }

    private Optional<Measure> library() {
        String metric = entry.text("metric").orElse("");
        if (!METRICS.contains(metric)) {
            entry.complain(
                    entry.mapping().find("metric").isPresent() ? "metric" : "type",
                    metric.isEmpty()
                            ? "a rule of type library needs a metric"
                            : "unknown metric '" + metric + "'",
                    NearestName.remedy(metric, new TreeSet<>(METRICS)));
            return Optional.empty();
        }
        Optional<Keys> arguments = entry.keys("arguments");
        return switch (metric) {
            case "rowCount" -> rowCount();
            case "duplicateValues" -> duplicates(arguments);
            case "nullValues" -> onField().map(on -> new Measure.NullValues(on.path()));
            case "missingValues" -> onField().map(on -> missing(on, arguments));
            default -> onField().map(on -> invalid(on, arguments));
        };
    }

    private Optional<Measure> rowCount() {
        if (target.isPresent()) {
            entry.complain("metric", "rowCount is about events", "move the rule to the object");
        }
        return Optional.of(new Measure.RowCount());
    }

    private Optional<Target> onField() {
        if (target.isEmpty()) {
            entry.complain(
                    entry.mapping().find("metric").isPresent() ? "metric" : "implementation",
                    "the rule is about a field",
                    "move it to the property it is about");
        }
        return target;
    }

    private Optional<Measure> duplicates(Optional<Keys> arguments) {
        if (target.isPresent()) {
            return Optional.of(new Measure.DuplicateValues(List.of(target.get().path())));
        }
        List<FieldPath> paths = new ArrayList<>();
        for (Scalar name : scalars(arguments, "properties")) {
            FieldPath path = new FieldPath(List.of(name.text().split("\\.")));
            if (path.in(fields).isEmpty()) {
                arguments
                        .orElseThrow()
                        .complain(
                                "properties",
                                "there is no field '" + name.text() + "'",
                                NearestName.remedy(
                                        name.text(), fields.stream().map(Field::name).toList()));
            }
            paths.add(path);
        }
        if (paths.isEmpty()) {
            entry.complain(
                    "arguments",
                    "duplicateValues of the object needs to know of which fields",
                    "write arguments: {properties: [a, b]}");
            return Optional.empty();
        }
        return Optional.of(new Measure.DuplicateValues(paths));
    }

    private Measure missing(Target on, Optional<Keys> arguments) {
        Set<Object> values = new HashSet<>();
        boolean absent = false;
        for (Scalar value : scalars(arguments, "missingValues")) {
            if (value.isNull()) {
                absent = true;
            } else {
                value(on, value, "missingValues", arguments).ifPresent(values::add);
            }
        }
        if (values.isEmpty() && !absent) {
            entry.complain(
                    "arguments",
                    "missingValues needs the values that stand for nothing",
                    "write e.g. arguments: {missingValues: [null, '', 'N/A']}");
        }
        return new Measure.MissingValues(on.path(), values, absent);
    }

    private Measure invalid(Target on, Optional<Keys> arguments) {
        Set<Object> values = new HashSet<>();
        for (Scalar value : scalars(arguments, "validValues")) {
            value(on, value, "validValues", arguments).ifPresent(values::add);
        }
        Optional<com.google.re2j.Pattern> pattern =
                arguments.flatMap(keys ->
                        keys.parsed("pattern", text -> PatternDialect.compile(text.text())));
        if (pattern.isPresent() && !(on.field().type() instanceof FieldType.Text)) {
            entry.complain("arguments", "a pattern is for strings", "take it away");
        }
        if (arguments.isEmpty()
                || !(arguments.get().mapping().find("validValues").isPresent()
                        || arguments.get().mapping().find("pattern").isPresent())) {
            entry.complain(
                    "arguments",
                    "invalidValues needs to know what is valid",
                    "write arguments with validValues or a pattern");
        }
        return new Measure.InvalidValues(on.path(), values, pattern);
    }

    private static Optional<Object> value(
            Target on, Scalar text, String key, Optional<Keys> arguments) {
        try {
            return Optional.of(ValueTexts.parse(on.field().type(), text.text()));
        } catch (IllegalArgumentException e) {
            arguments.orElseThrow().complain(key, String.valueOf(e.getMessage()), "");
            return Optional.empty();
        }
    }

    private static List<Scalar> scalars(Optional<Keys> arguments, String key) {
        Optional<YamlNode> node =
                arguments.flatMap(keys -> keys.mapping().entry(key)).map(YamlNode.Entry::value);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof Sequence list
                && list.items().stream().allMatch(Scalar.class::isInstance)) {
            return list.items().stream().map(Scalar.class::cast).toList();
        }
        arguments.orElseThrow().complain(key, "is not a list of values", "write e.g. [a, b]");
        return List.of();
    }

    private Optional<Measure> custom() {
        Optional<Keys> implementation = entry.keys("implementation");
        if (implementation.isEmpty()) {
            if (entry.mapping().find("implementation").isEmpty()) {
                entry.complain("type", "implementation is missing", "write e.g. {freshness: 5m}");
            }
            return Optional.empty();
        }
        Keys keys = implementation.get();
        keys.allow(OURS);
        if (keys.mapping().entries().size() != 1) {
            entry.complain("implementation", "needs one key", "use one of " + new TreeSet<>(OURS));
            return Optional.empty();
        }
        Optional<Measure> range = keys.keys("range").flatMap(this::range);
        Optional<Measure> condition = keys.text("condition").map(Measure.Breaches::new);
        Optional<Measure> lateness = duration(keys, "lateness").map(Measure.LateEvents::new);
        Optional<Measure> freshness = keys.text("freshness").map(_ -> new Measure.Freshness());
        return range.or(() -> condition).or(() -> lateness).or(() -> freshness);
    }

    private Optional<Measure> range(Keys range) {
        Optional<Target> on = onField();
        if (on.isPresent() && !isNumber(on.get().field().type())) {
            entry.complain("implementation", "a range is for numbers", "take it away");
        }
        Range<Double> bounds = bounds(range);
        if (bounds.isAll()) {
            entry.complain("implementation", "the range has no bounds", "write e.g. {minimum: 0}");
        }
        return on.map(target -> new Measure.OutOfRange(target.path(), bounds));
    }

    /// Whether values of the type can be outside of a range.
    static boolean isNumber(FieldType type) {
        return type instanceof FieldType.Int
                || type instanceof FieldType.Real
                || type instanceof FieldType.Decimal;
    }

    /// The bounds of `range`.
    static Range<Double> bounds(Keys range) {
        range.allow(Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"));
        return Ranges.of(range, RuleReader::number);
    }

    private static Double number(Scalar scalar) {
        if (!scalar.isNumber()) {
            throw new IllegalArgumentException("'" + scalar.text() + "' is not a number");
        }
        return Double.parseDouble(scalar.text());
    }

    /// The duration that a key says.
    static Optional<Duration> duration(Keys keys, String key) {
        return keys.parsed(key, scalar -> DurationText.parse(scalar.text()));
    }

    /// The longest that there is, since a window is not shorter.
    private Optional<Duration> freshness(Keys implementation) {
        Optional<Duration> bound = duration(implementation, "freshness");
        if (!registered
                && bound.filter(it -> it.compareTo(RuleProperties.LONGEST_WINDOW) > 0)
                        .isPresent()) {
            implementation.complain(
                    "freshness",
                    "is longer than " + DurationText.of(RuleProperties.LONGEST_WINDOW),
                    "write e.g. 5m");
            return Optional.empty();
        }
        return bound;
    }

    /// The newest event may be so old at the end of a window.
    private Optional<Expectation> freshness() {
        for (Operator operator : new ExpectationReader(entry).given()) {
            entry.complain(operator.key(), "freshness has its bound in itself", "take it away");
        }
        return entry.keys("implementation")
                .flatMap(this::freshness)
                .map(bound -> Expectation.of(Operator.BE_LESS_OR_EQUAL_TO, bound.toMillis() / 1e3));
    }
}
