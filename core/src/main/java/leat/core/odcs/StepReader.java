package leat.core.odcs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import leat.core.config.DurationText;
import leat.core.contract.EnrichQuestion;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.EnrichStep;
import leat.core.contract.EnrichStep.Fallback;
import leat.core.contract.EnrichStep.Taken;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.ModelQuestion;
import leat.core.model.ModelReference;
import leat.core.scoring.OutputValue;
import leat.core.tracking.TrackingRefused;
import leat.core.validate.Fault;
import leat.core.validate.ValueCheck;
import leat.core.validate.ValueTexts;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;

/// Reads the steps of `leat.enrich`. First the names of the fields that are added, which the
/// reading of the properties needs; then, with the fields, the steps themselves.
final class StepReader {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    /// The key that says what kind of step it is, with the keys that may stand beside it.
    private static final Map<String, Set<String>> KINDS =
            Map.of(
                    "constant", Set.of("field", "constant"),
                    "expression", Set.of("field", "expression", "onFailure", "default"),
                    "lookup",
                            Set.of("lookup", "key", "fields", "onMissing", "onFailure", "defaults"),
                    "api",
                            Set.of(
                                    "api",
                                    "key",
                                    "send",
                                    "fields",
                                    "timeout",
                                    "onMissing",
                                    "onFailure",
                                    "defaults"),
                    "model",
                            Set.of(
                                    "model",
                                    "features",
                                    "fields",
                                    "timeout",
                                    "onMissing",
                                    "onFailure",
                                    "defaults"));

    private final List<Keys> steps;
    private final ProtectionReader protections;

    StepReader(LeatProperties ours) {
        this.protections = new ProtectionReader(ours.values().list("leat.enrich"));
        this.steps = protections.otherSteps();
        Set<String> set = new HashSet<>();
        for (Keys step : steps) {
            checkKind(step);
            for (Taken taken : taken(step)) {
                if (!set.add(taken.field())) {
                    step.complain(
                            step.mapping().find("field").isPresent() ? "field" : "fields",
                            "'" + taken.field() + "' is set twice",
                            "remove one step");
                }
            }
        }
    }

    private static void checkKind(Keys step) {
        List<String> kinds =
                KINDS.keySet().stream().filter(kind -> has(step, kind)).sorted().toList();
        if (kinds.size() == 1) {
            step.allow(KINDS.getOrDefault(kinds.getFirst(), Set.of()));
            return;
        }
        step.complain(
                "field",
                kinds.isEmpty() ? "has no value" : "has " + String.join(" and ", kinds),
                "write one of constant, expression, lookup, api and model");
    }

    private static boolean has(Keys step, String key) {
        return step.mapping().find(key).isPresent();
    }

    /// The fields that the steps add.
    Set<String> added() {
        Set<String> added = new HashSet<>();
        steps.forEach(step -> taken(step).forEach(taken -> added.add(taken.field())));
        return added;
    }

    /// What a step sets: `field`, or `fields` as a list of names or as ours to theirs.
    private static List<Taken> taken(Keys step) {
        if (has(step, "field")) {
            return step.text("field").map(name -> List.of(new Taken(name, name))).orElse(List.of());
        }
        return switch (step.mapping().find("fields").orElse(null)) {
            case Sequence list ->
                    list.items().stream()
                            .filter(Scalar.class::isInstance)
                            .map(item -> ((Scalar) item).text())
                            .map(name -> new Taken(name, name))
                            .toList();
            case YamlNode.Mapping mapping ->
                    mapping.entries().stream()
                            .filter(entry -> entry.value() instanceof Scalar)
                            .map(entry ->
                                    new Taken(entry.key().text(), ((Scalar) entry.value()).text()))
                            .toList();
            case Scalar scalar -> List.of(new Taken(scalar.text(), scalar.text()));
            case null -> List.of();
        };
    }

    /// What is done to values after the steps.
    ProtectionReader protections() {
        return protections;
    }

    /// The steps, over the contract's fields.
    List<EnrichStep> read(List<Field> fields) {
        List<EnrichStep> read = new ArrayList<>();
        for (Keys step : steps) {
            new OneStep(step, fields).read().ifPresent(read::add);
        }
        return read;
    }

    /// One step while it is read.
    private record OneStep(Keys step, List<Field> fields) {

        Optional<EnrichStep> read() {
            List<Taken> taken = taken(step);
            if (taken.isEmpty()) {
                step.complain(
                        has(step, "constant") || has(step, "expression") ? "field" : "fields",
                        "is missing",
                        "name what is added");
                return Optional.empty();
            }
            boolean declared = true;
            for (Taken one : taken) {
                declared &= declared(one.field());
            }
            if (!declared) {
                return Optional.empty();
            }
            if (has(step, "constant")) {
                return step.parsed("constant", scalar -> constant(taken.getFirst(), scalar));
            }
            if (has(step, "expression")) {
                return derived(taken);
            }
            refuseComposed(taken);
            return has(step, "model") ? predicted(taken) : fetched(taken);
        }

        private boolean declared(String name) {
            if (find(name).isEmpty()) {
                step.complain(
                        "field",
                        "there is no field '" + name + "'",
                        "declare it with its type in the schema's properties");
                return false;
            }
            return true;
        }

        private Optional<Field> find(String name) {
            return fields.stream().filter(field -> field.name().equals(name)).findFirst();
        }

        private EnrichStep constant(Taken taken, Scalar scalar) {
            return new EnrichStep.Constant(
                    taken.field(), value(taken.field(), scalar), step.location("constant"));
        }

        /// @throws IllegalArgumentException when it is none of the field's
        private Object value(String name, Scalar scalar) {
            FieldType type = find(name).orElseThrow().type();
            Object value = ValueTexts.parse(type, scalar.text());
            Fault fault = ValueCheck.of(type).check(value);
            if (fault != null) {
                throw new IllegalArgumentException(fault.message());
            }
            return value;
        }

        private Optional<EnrichStep> derived(List<Taken> taken) {
            String field = taken.getFirst().field();
            Map<String, Object> defaults = new HashMap<>();
            step.parsed("default", scalar -> value(field, scalar))
                    .ifPresent(value -> defaults.put(field, value));
            Fallback onFailure = fallback("onFailure", new Fallback.Dead(), defaults, "default");
            return step.parsed(
                    "expression",
                    scalar ->
                            new EnrichStep.Derived(
                                    field, scalar.text(), onFailure, scalar.location()));
        }

        private void refuseComposed(List<Taken> taken) {
            for (Taken one : taken) {
                FieldType type = find(one.field()).orElseThrow().type();
                if (type instanceof FieldType.Struct || type instanceof FieldType.Array) {
                    step.complain(
                            "fields",
                            "'" + one.field() + "' is an object or a list",
                            "take single values; declare a field for each");
                }
            }
        }

        private Optional<EnrichStep> predicted(List<Taken> taken) {
            for (Taken one : taken) {
                try {
                    OutputValue.parse(one.name());
                } catch (IllegalArgumentException e) {
                    step.complain("fields", String.valueOf(e.getMessage()), "write e.g. score");
                }
            }
            List<String> features = named("features");
            if (step.mapping().find("features").map(OneStep::isEmpty).orElse(true)) {
                step.complain(
                        "features",
                        "is missing",
                        "name the fields that the model takes, in its order");
            }
            features.forEach(this::checkFeature);
            Map<String, Object> defaults = defaults(taken);
            Fallback onMissing = fallback("onMissing", new Fallback.Skip(), defaults, "defaults");
            Fallback onFailure = fallback("onFailure", new Fallback.Dead(), defaults, "defaults");
            Duration timeout = timeout();
            return step.parsed("model", scalar -> model(scalar.text()))
                    .map(model ->
                            new EnrichStep.Predicted(
                                    new ModelQuestion(model, features, timeout),
                                    taken,
                                    onFailure,
                                    onMissing,
                                    step.location("model")));
        }

        private static ModelReference model(String text) {
            try {
                return ModelReference.parse(text);
            } catch (TrackingRefused e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        private static boolean isEmpty(YamlNode node) {
            return node instanceof Sequence list && list.items().isEmpty();
        }

        private void checkFeature(String name) {
            switch (find(name).orElseThrow().type()) {
                case FieldType.Int _,
                        FieldType.Real _,
                        FieldType.Decimal _,
                        FieldType.Bool _,
                        FieldType.Text _ -> {}
                case FieldType.Date _,
                        FieldType.Time _,
                        FieldType.Timestamp _,
                        FieldType.Struct _,
                        FieldType.Array _ ->
                        step.complain(
                                "features",
                                "'" + name + "' is no number, boolean or text",
                                "make one of it by an expression step before");
            }
        }

        private Optional<EnrichStep> fetched(List<Taken> taken) {
            Optional<String> key = step.requiredText("key", "write e.g. key: event.car");
            List<String> sent = named("send");
            Duration timeout = timeout();
            Map<String, Object> defaults = defaults(taken);
            Fallback onMissing = fallback("onMissing", new Fallback.Skip(), defaults, "defaults");
            Fallback onFailure = fallback("onFailure", new Fallback.Dead(), defaults, "defaults");
            return key.map(expression ->
                    new EnrichStep.Fetched(
                            new EnrichQuestion(source(), expression, sent, timeout),
                            taken,
                            onFailure,
                            onMissing,
                            step.location("key")));
        }

        private Source source() {
            return has(step, "lookup")
                    ? new Source.Reference(step.text("lookup").orElse(""))
                    : new Source.Service(step.text("api").orElse(""));
        }

        private Map<String, Object> defaults(List<Taken> taken) {
            Map<String, Object> defaults = new HashMap<>();
            List<String> names = taken.stream().map(Taken::field).toList();
            step.keys("defaults")
                    .ifPresent(values -> {
                        values.allow(Set.copyOf(names));
                        for (String name : names) {
                            values.parsed(name, scalar -> value(name, scalar))
                                    .ifPresent(value -> defaults.put(name, value));
                        }
                    });
            return defaults;
        }

        private Fallback fallback(
                String key, Fallback absent, Map<String, Object> defaults, String defaultsKey) {
            return step.parsed(
                            key,
                            scalar ->
                                    switch (scalar.text()) {
                                        case "dead" -> new Fallback.Dead();
                                        case "skip" -> new Fallback.Skip();
                                        case "default" -> given(defaults, defaultsKey);
                                        case String other ->
                                                throw new IllegalArgumentException(
                                                        "is '"
                                                                + other
                                                                + "', use dead, default or skip");
                                    })
                    .orElse(absent);
        }

        private static Fallback given(Map<String, Object> defaults, String key) {
            if (defaults.isEmpty()) {
                throw new IllegalArgumentException("needs " + key + " beside it");
            }
            return new Fallback.Default(defaults);
        }

        /// A list of names of fields.
        private List<String> named(String key) {
            List<String> names = new ArrayList<>();
            switch (step.mapping().find(key).orElse(null)) {
                case Sequence list -> {
                    for (YamlNode item : list.items()) {
                        if (item instanceof Scalar scalar && find(scalar.text()).isPresent()) {
                            names.add(scalar.text());
                        } else {
                            unknown(key, item);
                        }
                    }
                }
                case null -> {}
                case YamlNode other -> unknown(key, other);
            }
            return names;
        }

        private void unknown(String key, YamlNode item) {
            String name = item instanceof Scalar scalar ? scalar.text() : item.kind();
            step.complain(
                    key,
                    "there is no field '" + name + "'",
                    NearestName.remedy(name, fields.stream().map(Field::name).toList()));
        }

        private Duration timeout() {
            return step.parsed(
                            "timeout",
                            scalar -> {
                                Duration timeout = DurationText.parse(scalar.text());
                                if (timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
                                    throw new IllegalArgumentException(
                                            "'" + scalar.text() + "' is not within 1ms to 30s");
                                }
                                return timeout;
                            })
                    .orElse(DEFAULT_TIMEOUT);
        }
    }
}
