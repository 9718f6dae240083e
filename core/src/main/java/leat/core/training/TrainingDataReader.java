package leat.core.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.enrich.RowExpression;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.LabelKeys;
import leat.core.feature.NamedSets;
import leat.core.feature.NamedViews;
import leat.core.prediction.ModelKeys;
import leat.core.training.TrainingData.Taken;
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
/// @param known what may be named
record TrainingDataReader(Keys training, Optional<Mapping> scoring, TrainingReader.Known known) {

    private static final Set<String> DATA_KEYS =
            Set.of("view", "set", "features", "missing", "from", "last", "label", "max-rows");
    private static final Set<String> LABEL_KEYS =
            Set.of("contract", "when", "field", "within", "key");
    private static final int MOST_ROWS = 1_000_000;
    private static final int MOST_ROWS_AT_ALL = 50_000_000;

    Optional<TrainingData> read() {
        Keys keys = training.keys("data").orElse(null);
        if (keys == null) {
            if (training.mapping().find("data").isEmpty()) {
                training.complain(
                        "data", "is missing", "say what is learned from: view or set, and label");
            }
            return Optional.empty();
        }
        keys.allow(DATA_KEYS);
        boolean ofSet = keys.mapping().find("set").isPresent();
        Optional<FeatureSet> set = set(keys);
        Optional<CompiledView> view = ofSet ? set.flatMap(one -> view(keys, one)) : view(keys);
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
        List<Taken> taken = taken(keys, view.get(), set);
        return Optional.of(
                new TrainingData(
                        view.get(),
                        set.map(FeatureSet::name),
                        taken,
                        nan,
                        from,
                        last,
                        label,
                        mostRows,
                        definition(keys, view.get(), set.isPresent(), taken, nan)));
    }

    /// A set's names say nothing by themselves: the set may give one to another feature.
    private static String definition(
            Keys keys, CompiledView view, boolean ofSet, List<Taken> taken, boolean nan) {
        String features =
                taken.stream()
                        .map(one -> ofSet ? one.name() + "=" + one.from() : one.name())
                        .collect(Collectors.joining(","));
        return "{\"view\":"
                + CanonicalKeys.quoted(view.view().nameAndVersion())
                + ",\"features\":"
                + CanonicalKeys.quoted(features)
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
        return ModelKeys.view(keys, named, known.views());
    }

    /// The set that is named; empty where none is, or sets are faulty.
    private Optional<FeatureSet> set(Keys keys) {
        Optional<String> named = keys.text("set");
        if (named.isEmpty()
                || !(known.sets()
                        instanceof Checked.Sound<List<FeatureSet>>(List<FeatureSet> sound))) {
            return Optional.empty();
        }
        NamedSets sets = new NamedSets(sound);
        Optional<FeatureSet> set = sets.find(named.get());
        if (set.isEmpty()) {
            keys.complain(
                    "set",
                    "there is no feature set '" + named.get() + "'",
                    sets.remedy(named.get()));
        }
        Optional<String> scored = ofScoring("model");
        if (scored.isPresent() && training.text("model").or(() -> scored).equals(scored)) {
            keys.complain(
                    "set",
                    "the scoring of the same file gives its model the vectors of one view",
                    "learn from that view, or leave the scoring out");
        }
        return set;
    }

    /// Whose vectors are rows: one of the set's, the first where none is named. A set of faulty
    /// views has none.
    private Optional<CompiledView> view(Keys keys, FeatureSet set) {
        List<CompiledView> ofSet =
                set.views().stream().flatMap(name -> found(name).stream()).toList();
        if (keys.mapping().find("view").isEmpty()) {
            return ofSet.stream().findFirst();
        }
        Optional<CompiledView> view = ModelKeys.view(keys, keys.text("view"), known.views());
        view.filter(one -> !ofSet.contains(one))
                .ifPresent(one ->
                        keys.complain(
                                "view",
                                "the set " + set.name() + " has no feature of " + one.view().name(),
                                "name one of its views, at whose vectors' times it is taken: "
                                        + ofSet.stream()
                                                .map(each -> each.view().name().value())
                                                .collect(Collectors.joining(", "))));
        return view.filter(ofSet::contains);
    }

    /// A view as a set calls it; empty where views are faulty.
    private Optional<CompiledView> found(String name) {
        return known.views() instanceof Checked.Sound<List<CompiledView>>(List<CompiledView> sound)
                ? new NamedViews(sound).find(name)
                : Optional.empty();
    }

    /// Those of the scoring of the same view, else all of the view or set, where none are named.
    private List<Taken> taken(Keys keys, CompiledView view, Optional<FeatureSet> set) {
        List<Taken> offered =
                set.map(this::offered)
                        .orElseGet(() ->
                                view.fields().stream()
                                        .map(field -> new Taken(field.name(), view, field.name()))
                                        .toList());
        List<String> all = offered.stream().map(Taken::name).toList();
        List<String> wanted =
                keys.scalars("features").stream().map(Scalar::text).distinct().toList();
        if (keys.mapping().find("features").isEmpty()) {
            wanted = set.isPresent() ? all : scored(view).orElse(all);
        } else if (wanted.isEmpty()) {
            keys.complain("features", "names none", "name some, or leave the key out for all");
        }
        List<Taken> taken = new ArrayList<>();
        for (String name : wanted) {
            Optional<Taken> one =
                    offered.stream().filter(each -> each.name().equals(name)).findFirst();
            if (one.isEmpty()) {
                keys.complain(
                        "features",
                        (set.isPresent() ? "the set" : "the view")
                                + " has no feature '"
                                + name
                                + "'",
                        NearestName.remedy(name, all));
            } else if (!isNumber(one.get())) {
                keys.complain(
                        "features",
                        "the feature '" + name + "' is neither a number nor a boolean",
                        "leave it out, or let the view make numbers of it, e.g. event.type == 'L'");
            } else {
                taken.add(one.get());
            }
        }
        return taken;
    }

    private List<Taken> offered(FeatureSet set) {
        return set.members().stream()
                .flatMap(member ->
                        found(member.view()).stream()
                                .map(view -> new Taken(member.name(), view, member.feature())))
                .toList();
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

    private static boolean isNumber(Taken taken) {
        return taken.view().fields().stream()
                .filter(field -> field.name().equals(taken.feature()))
                .map(Field::type)
                .anyMatch(type ->
                        type instanceof FieldType.Real
                                || type instanceof FieldType.Int
                                || type instanceof FieldType.Bool);
    }

    private Optional<Label> label(Keys keys, CompiledView view) {
        keys.allow(LABEL_KEYS);
        LabelKeys label = new LabelKeys(keys, view);
        Optional<Duration> within = TrainingReader.duration(keys, "within");
        Optional<Contract> contract =
                label.contract(known.contracts())
                        .filter(one -> isApt(keys, view, one, within.isPresent()));
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
