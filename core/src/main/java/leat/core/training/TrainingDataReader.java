package leat.core.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.enrich.RowExpression;
import leat.core.feature.CompiledView;
import leat.core.feature.LabelKeys;
import leat.core.feature.ModelFeature;
import leat.core.prediction.ModelKeys;
import leat.core.prediction.ModelSource;
import leat.core.prediction.ScoringReader;
import leat.core.yaml.Keys;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;

/// Reads `data` of a training.
///
/// @param training the keys that it stands among
/// @param scoring what the file says of scoring
/// @param known what may be named
record TrainingDataReader(Keys training, Optional<Mapping> scoring, ScoringReader.Known known) {

    private static final Set<String> DATA_KEYS =
            Set.of(
                    "view",
                    "set",
                    "features",
                    "missing",
                    "from",
                    "until",
                    "last",
                    "label",
                    "max-rows");
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
        Optional<ModelSource> source = source(keys);
        Optional<CompiledView> view = source.map(ModelSource::view);
        Optional<Instant> from = TrainingReader.instant(keys, "from");
        Optional<Instant> until = until(keys, from);
        Optional<Duration> last = TrainingReader.duration(keys, "last");
        int mostRows = keys.integer("max-rows", 1, MOST_ROWS_AT_ALL).orElse(MOST_ROWS);
        boolean nan = nanForMissing(keys);
        boolean labelled = keys.mapping().find("label").isPresent();
        Optional<Label> label =
                keys.keys("label").flatMap(one -> view.flatMap(known -> label(one, known)));
        if (view.isEmpty() || (labelled && label.isEmpty())) {
            return Optional.empty();
        }
        List<ModelFeature> taken = taken(keys, source.get());
        return Optional.of(
                new TrainingData(
                        view.get(),
                        source.get().set(),
                        taken,
                        nan,
                        from,
                        until,
                        last,
                        label,
                        mostRows,
                        definition(keys, source.get(), taken, nan)));
    }

    private Optional<Instant> until(Keys keys, Optional<Instant> from) {
        Optional<Instant> until = TrainingReader.instant(keys, "until");
        until.filter(end -> from.isPresent() && !from.get().isBefore(end))
                .ifPresent(_ ->
                        keys.complain(
                                "until",
                                "is not after from",
                                "write a later time: rows are taken from from on, and before"
                                        + " until"));
        if (until.isPresent() && training.mapping().find(TriggersReader.KEY).isPresent()) {
            keys.complain(
                    "until",
                    "is where the data end, and triggers train on what comes later",
                    "leave one of the two out");
        }
        return until;
    }

    /// A set's names say nothing by themselves: the set may give one to another feature.
    private static String definition(
            Keys keys, ModelSource source, List<ModelFeature> taken, boolean nan) {
        String features =
                taken.stream()
                        .map(one -> source.set().isPresent() ? ofSet(source, one) : one.name())
                        .collect(Collectors.joining(","));
        return "{\"view\":"
                + CanonicalKeys.quoted(source.view().view().nameAndVersion())
                + ",\"features\":"
                + CanonicalKeys.quoted(features)
                + ",\"missing\":"
                + CanonicalKeys.quoted(nan ? "nan" : "skip")
                + ",\"keys\":"
                + CanonicalKeys.text(keys.mapping())
                + "}";
    }

    private static String ofSet(ModelSource source, ModelFeature feature) {
        boolean byEvent = TrainingData.isByEvent(source.view(), feature.view());
        return feature.name() + "=" + feature.from() + (byEvent ? "@event" : "");
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

    private Optional<ModelSource> source(Keys keys) {
        ModelKeys named = new ModelKeys(keys, known);
        Optional<String> set = set(keys);
        if (set.isPresent()) {
            Optional<String> view =
                    set.equals(ofScoring("set"))
                            ? keys.text("view").or(() -> ofScoring("view"))
                            : keys.text("view");
            return named.ofSet(set.get(), view);
        }
        if (keys.mapping().find("set").isPresent()) {
            return Optional.empty();
        }
        Optional<String> view = keys.text("view");
        if (keys.mapping().find("view").isEmpty()) {
            view = ofScoring("view");
            if (view.isEmpty()) {
                keys.complain(
                        "view",
                        "is missing",
                        "name the feature view to learn from, or a set of several");
            }
        }
        return named.ofView(view);
    }

    /// The one that is named, else the one of the scoring, whose model can take nothing else.
    private Optional<String> set(Keys keys) {
        Optional<String> scored = ofScoring("set");
        if (keys.mapping().find("set").isEmpty()) {
            return isOfScoring() || keys.mapping().find("view").isEmpty()
                    ? scored
                    : Optional.empty();
        }
        Optional<String> set = keys.text("set");
        if (isOfScoring() && set.isPresent() && !set.equals(scored)) {
            keys.complain(
                    "set",
                    "the scoring of the same file gives its model "
                            + scored.map(other -> "the set " + other)
                                    .orElse("the vectors of one view"),
                    "name the same in both, or leave the scoring out");
        }
        return set;
    }

    /// Whether it is the scoring of the same file that has the model predict.
    private boolean isOfScoring() {
        Optional<String> scored = ofScoring("model");
        return scored.isPresent() && training.text("model").or(() -> scored).equals(scored);
    }

    /// Those of the scoring of the same view or set, else all, where none are named.
    private List<ModelFeature> taken(Keys keys, ModelSource source) {
        List<ModelFeature> named =
                keys.mapping().find("features").isPresent()
                        ? new ModelKeys(keys, known).features(keys.scalars("features"), source)
                        : scored(source).orElse(source.offered());
        List<ModelFeature> taken = new ArrayList<>();
        for (ModelFeature one : named) {
            if (isNumber(one)) {
                taken.add(one);
            } else {
                keys.complain(
                        "features",
                        "the feature '" + one.name() + "' is neither a number nor a boolean",
                        "leave it out, or let the view make numbers of it, e.g. event.type == 'L'");
            }
        }
        return taken;
    }

    /// What is wrong with them, the scoring says.
    private Optional<List<ModelFeature>> scored(ModelSource source) {
        boolean same =
                source.set().isPresent()
                        ? source.set().map(ContractName::value).equals(ofScoring("set"))
                        : ofScoring("view")
                                .filter(source.view().view().name().value()::equals)
                                .isPresent();
        return scoring.filter(_ -> same)
                .flatMap(mapping -> mapping.find("features"))
                .map(TrainingDataReader::texts)
                .map(names ->
                        names.stream()
                                .distinct()
                                .flatMap(name ->
                                        source.offered().stream()
                                                .filter(one -> one.name().equals(name)))
                                .toList());
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

    private static boolean isNumber(ModelFeature feature) {
        return switch (feature.type()) {
            case FieldType.Real _, FieldType.Int _, FieldType.Bool _ -> true;
            default -> false;
        };
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
