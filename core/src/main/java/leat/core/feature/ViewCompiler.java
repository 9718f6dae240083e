package leat.core.feature;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.enrich.RowExpression;
import leat.core.enrich.RowExpressions;
import leat.core.feature.CompiledView.Taken;
import leat.core.feature.FeatureView.Feature;
import leat.core.feature.FeatureView.Windowed;
import leat.core.feature.Shape.ValueKind;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problem;
import leat.core.yaml.Problems;

/// Compiles the expressions of one view and finds out which values its features share.
final class ViewCompiler {

    private final FeatureView view;
    private final ViewSource source;
    private final ViewPlaces places;
    private final Problems problems;
    private final List<Field> fields;
    private final RowExpressions expressions;

    private final Set<Problem> complaints = new HashSet<>();
    private final Map<String, RowExpression> values = new HashMap<>();
    private final Map<Wanted, Set<Aggregate>> series = new LinkedHashMap<>();
    private final List<Shape.Output> outputs = new ArrayList<>();
    private final List<Field> features = new ArrayList<>();
    private final List<List<FieldPath>> reads = new ArrayList<>();

    ViewCompiler(FeatureView view, ViewSource source, ViewPlaces places, Problems problems) {
        this.view = view;
        this.source = source;
        this.places = places;
        this.problems = problems;
        this.fields = source.contract().publishedFields();
        this.expressions = new RowExpressions(fields);
    }

    /// Features that want the same share a series.
    private record Wanted(
            Optional<String> expression, Optional<String> where, ValueKind kind, int limit) {}

    Optional<CompiledView> compile() {
        int before = problems.count();
        checkKey();
        Optional<RowExpression> where =
                view.where().flatMap(text -> condition(text, places.ofView("where")));
        view.features().forEach(this::add);
        if (problems.count() > before) {
            return Optional.empty();
        }
        List<String> conditions =
                series.keySet().stream()
                        .flatMap(wanted -> wanted.where().stream())
                        .distinct()
                        .toList();
        List<Taken> taken = new ArrayList<>();
        List<Shape.Series> kept = new ArrayList<>();
        series.forEach((wanted, needs) -> {
            taken.add(
                    new Taken(
                            wanted.expression().map(this::compiled).orElse(null),
                            wanted.where().map(conditions::indexOf).orElse(-1),
                            wanted.kind()));
            kept.add(new Shape.Series(wanted.kind(), needs, wanted.limit()));
        });
        return Optional.of(
                new CompiledView(
                        view,
                        source,
                        new Shape(view.hop().toNanos() / 1_000, kept, outputs),
                        features,
                        new Lineage(where.map(RowExpression::reads).orElse(List.of()), reads),
                        conditions.stream().map(this::compiled).toList(),
                        where,
                        taken));
    }

    private RowExpression compiled(String text) {
        return Objects.requireNonNull(values.get(text), text);
    }

    /// An entity's events need not be kept together by the source: the view can do that itself.
    private void checkKey() {
        Optional<Field> field = view.key().in(fields);
        if (field.isEmpty()) {
            complain(
                    places.ofView("key"),
                    "there is no field '" + view.key() + "' in " + source.contract().nameAndMajor(),
                    NearestName.remedy(
                            view.key().toString(), fields.stream().map(Field::name).toList()));
        } else if (!field.get().type().hasOneText()) {
            complain(
                    places.ofView("key"),
                    "'"
                            + view.key()
                            + "' cannot be a key: objects, arrays and floating-point"
                            + " numbers have no single text",
                    "name a text, an integer, a time or a boolean");
        }
    }

    private void add(Feature feature) {
        Optional<RowExpression> value = feature.expression().flatMap(text -> value(text, feature));
        if (feature.expression().isPresent() && value.isEmpty()) {
            return;
        }
        Optional<String> where = feature.window().flatMap(Windowed::where);
        Optional<RowExpression> seen =
                where.flatMap(text -> condition(text, places.ofFeature(feature.name(), "where")));
        if (where.isPresent() && seen.isEmpty()) {
            return;
        }
        if (feature.window().isEmpty()) {
            if (value.isEmpty()) {
                complain(
                        places.ofFeature(feature.name(), "expression"),
                        "is missing",
                        "write e.g. expression: event.speed, or an aggregate to count events");
                return;
            }
            int index = series(feature, kind(value.get().type()), Optional.empty());
            outputs.add(new Shape.Newest(index));
            field(feature, value.get().reads(), value.get().type());
            return;
        }
        Windowed window = feature.window().get();
        Aggregate aggregate = window.aggregate();
        Optional<ValueKind> kind = kind(feature, aggregate, value);
        if (kind.isEmpty()) {
            return;
        }
        int index = series(feature, kind.get(), Optional.of(window));
        outputs.add(new Shape.Window(index, aggregate, window.window().toNanos() / 1_000));
        List<FieldPath> read =
                Stream.of(value, seen)
                        .flatMap(Optional::stream)
                        .flatMap(expression -> expression.reads().stream())
                        .distinct()
                        .toList();
        field(feature, read, type(aggregate, value));
    }

    private int series(Feature feature, ValueKind kind, Optional<Windowed> window) {
        Wanted wanted =
                new Wanted(
                        feature.expression(),
                        window.flatMap(Windowed::where),
                        kind,
                        window.map(Windowed::limit).orElse(EntryReader.DEFAULT_LIMIT));
        Set<Aggregate> needs = series.computeIfAbsent(wanted, _ -> EnumSet.noneOf(Aggregate.class));
        window.map(Windowed::aggregate).ifPresent(needs::add);
        return List.copyOf(series.keySet()).indexOf(wanted);
    }

    private void field(Feature feature, List<FieldPath> read, FieldType type) {
        reads.add(read);
        features.add(
                new Field(
                        feature.name(),
                        type,
                        false,
                        false,
                        Optional.empty(),
                        Classification.strictest(fields, read),
                        feature.description()));
    }

    private Optional<RowExpression> value(String text, Feature feature) {
        return expression(text, places.ofFeature(feature.name(), "expression"));
    }

    private Optional<RowExpression> condition(String text, ViewPlaces.Place place) {
        Optional<RowExpression> condition = expression(text, place);
        if (condition.isPresent() && !(condition.get().type() instanceof FieldType.Bool)) {
            complain(
                    place,
                    "yields " + noun(kind(condition.get().type())) + ", but is a condition",
                    "let it yield true or false, e.g. event.speed > 0.0");
            return Optional.empty();
        }
        return condition;
    }

    private Optional<RowExpression> expression(String text, ViewPlaces.Place place) {
        RowExpression known = values.get(text);
        if (known != null) {
            return Optional.of(known);
        }
        Problems found = new Problems();
        Optional<RowExpression> compiled =
                expressions.value(text, place.location(), place.path(), found);
        compiled.ifPresent(sound -> values.put(text, sound));
        found.list().forEach(this::complain);
        return compiled;
    }

    private void complain(ViewPlaces.Place place, String message, String remedy) {
        complain(new Problem(place.location(), place.path(), message, remedy));
    }

    /// Each once, since the features of one entry have the same faults.
    private void complain(Problem problem) {
        if (complaints.add(problem)) {
            problems.addAll(List.of(problem));
        }
    }

    /// The kind of an aggregate's values. Numbers are doubles; only where the value itself comes
    /// out an integer stays one.
    private Optional<ValueKind> kind(
            Feature feature, Aggregate aggregate, Optional<RowExpression> value) {
        if (value.isEmpty()) {
            if (aggregate == Aggregate.COUNT || aggregate == Aggregate.AGE) {
                return Optional.of(ValueKind.BOOLEAN);
            }
            complain(
                    places.ofFeature(feature.name(), "expression"),
                    "is missing, which " + aggregate.word() + " is made of",
                    "write e.g. expression: event.speed");
            return Optional.empty();
        }
        ValueKind natural = kind(value.get().type());
        if (aggregate.numeric() && natural != ValueKind.NUMBER && natural != ValueKind.INTEGER) {
            complain(
                    places.ofFeature(feature.name(), "expression"),
                    "yields " + noun(natural) + ", but " + aggregate.word() + " is made of numbers",
                    "let it yield a number, or use count, first, last, distinct or age");
            return Optional.empty();
        }
        boolean itself =
                switch (aggregate) {
                    case FIRST, LAST, DISTINCT -> true;
                    case COUNT, SUM, MEAN, STDDEV, MIN, MAX, RATE, AGE -> false;
                };
        return Optional.of(natural == ValueKind.INTEGER && !itself ? ValueKind.NUMBER : natural);
    }

    private static FieldType type(Aggregate aggregate, Optional<RowExpression> value) {
        return switch (aggregate) {
            case COUNT, DISTINCT -> FieldType.Int.any();
            case SUM, MEAN, STDDEV, MIN, MAX, RATE, AGE -> FieldType.Real.any();
            case FIRST, LAST -> value.orElseThrow().type();
        };
    }

    private static ValueKind kind(FieldType type) {
        return switch (type) {
            case FieldType.Int _ -> ValueKind.INTEGER;
            case FieldType.Real _, FieldType.Decimal _ -> ValueKind.NUMBER;
            case FieldType.Bool _ -> ValueKind.BOOLEAN;
            case FieldType.Timestamp _ -> ValueKind.TIMESTAMP;
            case FieldType.Text _, FieldType.Date _, FieldType.Time _ -> ValueKind.TEXT;
            case FieldType.Struct _, FieldType.Array _ ->
                    throw new IllegalStateException("an expression yields single values");
        };
    }

    private static String noun(ValueKind kind) {
        return switch (kind) {
            case NUMBER, INTEGER -> "a number";
            case TEXT -> "a text";
            case BOOLEAN -> "a boolean";
            case TIMESTAMP -> "a timestamp";
        };
    }
}
