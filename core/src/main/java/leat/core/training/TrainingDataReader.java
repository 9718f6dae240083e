package leat.core.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.enrich.RowExpression;
import leat.core.feature.CompiledView;
import leat.core.feature.LabelKeys;
import leat.core.prediction.ModelKeys;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;

/// Reads `data` of a training.
///
/// @param training the keys that it stands among
/// @param scoring what the file says of scoring
record TrainingDataReader(
        Keys training,
        Optional<Mapping> scoring,
        Checked<Contracts> contracts,
        Checked<List<CompiledView>> views) {

    private static final Set<String> DATA_KEYS =
            Set.of("view", "features", "missing", "from", "last", "label", "max-rows");
    private static final Set<String> LABEL_KEYS =
            Set.of("contract", "when", "field", "within", "key");
    private static final int MOST_ROWS = 1_000_000;
    private static final int MOST_ROWS_AT_ALL = 50_000_000;

    Optional<TrainingData> read() {
        Keys keys = training.keys("data").orElse(null);
        if (keys == null) {
            if (training.mapping().find("data").isEmpty()) {
                training.complain("data", "is missing", "say what is learned from: view and label");
            }
            return Optional.empty();
        }
        keys.allow(DATA_KEYS);
        Optional<CompiledView> view = view(keys);
        Optional<Instant> from = TrainingReader.instant(keys, "from");
        Optional<Duration> last = TrainingReader.duration(keys, "last");
        int mostRows = keys.integer("max-rows", 1, MOST_ROWS_AT_ALL).orElse(MOST_ROWS);
        boolean nan = nanForMissing(keys);
        boolean labelled = keys.mapping().find("label").isPresent();
        Optional<Label> label =
                keys.keys("label").flatMap(one -> view.flatMap(known -> label(one, known)));
        if (view.isEmpty() || (labelled && label.isEmpty())) {
            return Optional.empty();
        }
        List<String> features = features(keys, view.get());
        return Optional.of(
                new TrainingData(
                        view.get(),
                        features,
                        nan,
                        from,
                        last,
                        label,
                        mostRows,
                        definition(keys, view.get(), features, nan)));
    }

    private static String definition(
            Keys keys, CompiledView view, List<String> features, boolean nan) {
        return "{\"view\":"
                + CanonicalKeys.quoted(view.view().nameAndVersion())
                + ",\"features\":"
                + CanonicalKeys.quoted(String.join(",", features))
                + ",\"missing\":"
                + CanonicalKeys.quoted(nan ? "nan" : "skip")
                + ",\"keys\":"
                + CanonicalKeys.text(keys.mapping())
                + "}";
    }

    private Optional<String> ofScoring(String key) {
        return scoring.flatMap(mapping -> mapping.find(key))
                .filter(Scalar.class::isInstance)
                .map(node -> ((Scalar) node).text());
    }

    private boolean nanForMissing(Keys keys) {
        Optional<String> missing = keys.text("missing");
        missing.filter(text -> !text.equals("skip") && !text.equals("nan"))
                .ifPresent(text ->
                        keys.complain(
                                "missing",
                                "'" + text + "' is neither skip nor nan",
                                "write skip to leave such vectors out, or nan to learn from them"));
        return missing.or(() -> ofScoring("missing")).filter("nan"::equals).isPresent();
    }

    private Optional<CompiledView> view(Keys keys) {
        Optional<String> named = keys.text("view");
        if (keys.mapping().find("view").isEmpty()) {
            named = ofScoring("view");
            if (named.isEmpty()) {
                keys.complain("view", "is missing", "name the feature view to learn from");
            }
        }
        return ModelKeys.view(keys, named, views);
    }

    /// Those of the scoring of the same view, else all of the view, where none are named.
    private List<String> features(Keys keys, CompiledView view) {
        List<String> known = view.fields().stream().map(Field::name).toList();
        List<String> wanted =
                keys.scalars("features").stream().map(Scalar::text).distinct().toList();
        if (keys.mapping().find("features").isEmpty()) {
            wanted = scored(view).orElse(known);
        } else if (wanted.isEmpty()) {
            keys.complain("features", "names none", "name some, or leave the key out for all");
        }
        List<String> features = new ArrayList<>();
        for (String name : wanted) {
            Optional<Field> field =
                    view.fields().stream().filter(one -> one.name().equals(name)).findFirst();
            if (field.isEmpty()) {
                keys.complain(
                        "features",
                        "the view has no feature '" + name + "'",
                        NearestName.remedy(name, known));
            } else if (!isNumber(field.get().type())) {
                keys.complain(
                        "features",
                        "the feature '" + name + "' is neither a number nor a boolean",
                        "leave it out, or let the view make numbers of it, e.g. event.type == 'L'");
            } else {
                features.add(name);
            }
        }
        return features;
    }

    private Optional<List<String>> scored(CompiledView view) {
        return ofScoring("view")
                .filter(name -> name.equals(view.view().name().value()))
                .flatMap(_ -> scoring.orElseThrow().find("features"))
                .map(TrainingDataReader::texts);
    }

    private static List<String> texts(YamlNode node) {
        return switch (node) {
            case Scalar scalar -> List.of(scalar.text());
            case Sequence sequence ->
                    sequence.items().stream()
                            .filter(Scalar.class::isInstance)
                            .map(item -> ((Scalar) item).text())
                            .toList();
            case Mapping _ -> List.of();
        };
    }

    private static boolean isNumber(FieldType type) {
        return type instanceof FieldType.Real
                || type instanceof FieldType.Int
                || type instanceof FieldType.Bool;
    }

    private Optional<Label> label(Keys keys, CompiledView view) {
        keys.allow(LABEL_KEYS);
        LabelKeys label = new LabelKeys(keys, view);
        Optional<Duration> within = TrainingReader.duration(keys, "within");
        Optional<Contract> contract =
                label.contract(contracts).filter(one -> isApt(keys, view, one, within.isPresent()));
        if (contract.isEmpty()) {
            return Optional.empty();
        }
        Contract events = contract.get();
        Optional<RowExpression> value = label.truth(events);
        Optional<FieldPath> key = label.key(events);
        return value.flatMap(truth -> key.map(path -> new Label(events, truth, within, path)));
    }

    private static boolean isApt(Keys keys, CompiledView view, Contract events, boolean within) {
        boolean own = view.sourceView().isEmpty() && view.source().name().equals(events.name());
        if (!within && !own) {
            keys.complain(
                    "contract",
                    view.sourceView().isPresent()
                            ? "a vector of a view of a view has no event of its own"
                            : "vectors of " + view.view().name() + " are not made with its events",
                    "write within: DURATION for what comes after a vector, or "
                            + view.origin().name());
        }
        return within || own;
    }
}
