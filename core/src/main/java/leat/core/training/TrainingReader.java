package leat.core.training;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import leat.core.config.DurationText;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.DefinitionFile;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Entry;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlReader;

/// Reads trainings from the files `models/NAME.yaml`. What `training` does not say of model, view
/// and features, the same file's `scoring` does, so that a model is given what it has learned from.
public final class TrainingReader {

    /// The key of such a file under which a training stands.
    public static final String KEY = "training";

    static final String SCORING = "scoring";

    private static final Set<String> TRAINING_KEYS =
            Set.of(
                    "model",
                    "data",
                    "checks",
                    "split",
                    "algorithm",
                    "baseline",
                    "threshold",
                    "slices",
                    "gates",
                    "alias",
                    "seed");
    private static final Set<String> CHECK_KEYS = Set.of("rows", "missing", "drift", "features");
    private static final Set<String> BOUND_KEYS = Set.of("min", "max", "missing");
    private static final Set<String> SPLIT_KEYS = Set.of("test", "validation");
    private static final Set<String> ALGORITHM_KEYS = Set.of("name", "parameters", "sweep");
    private static final Set<String> GATE_KEYS =
            Set.of("metric", "at-least", "at-most", "better-than");
    private static final String BASELINE = "baseline";

    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]{1,255}");
    private static final Pattern MODEL = Pattern.compile("[^/:@]{1,255}");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final int MOST_CANDIDATES = 100;
    private static final int MOST_GATES = 100;
    private static final int MOST_SLICES = 10;
    private static final int LEAST_ROWS = 10;
    private static final double DEFAULT_TEST = 0.3;
    private static final double DEFAULT_VALIDATION = 0.25;

    private final DefinitionFile definition;
    private final Checked<Contracts> contracts;
    private final Checked<List<CompiledView>> views;

    private TrainingReader(
            DefinitionFile definition,
            Checked<Contracts> contracts,
            Checked<List<CompiledView>> views) {
        this.definition = definition;
        this.contracts = contracts;
        this.views = views;
    }

    /// Reads the training of every file of a folder that has one, or says everything that is wrong
    /// with any of them. What is wrong with the file as a whole,
    /// [leat.core.prediction.ScoringReader] says. A folder that is not there holds none.
    ///
    /// @param contracts what labels may be of
    /// @param views what trainings may name; where they are faulty, less can be said of trainings
    public static Checked<List<Training>> readFolder(
            Path folder, Checked<Contracts> contracts, Checked<List<CompiledView>> views) {
        Problems problems = new Problems();
        List<Training> trainings = new ArrayList<>();
        for (Path file : YamlReader.files(folder, DefinitionFile.SUFFIX)) {
            // The same file is read for its scoring, which tells what is no YAML.
            YamlReader.read(file, new Problems())
                    .flatMap(node -> read(file, node, contracts, views, problems))
                    .ifPresent(trainings::add);
        }
        return DefinitionFile.checked(Optional.of(List.copyOf(trainings)), problems);
    }

    /// Reads a training from text as if it stood in `file`.
    public static Checked<Training> read(
            Path file, String text, Contracts contracts, List<CompiledView> views) {
        Problems problems = new Problems();
        return DefinitionFile.checked(
                YamlReader.read(file, text, problems)
                        .flatMap(node ->
                                read(
                                        file,
                                        node,
                                        new Checked.Sound<>(contracts),
                                        new Checked.Sound<>(views),
                                        problems)),
                problems);
    }

    private static Optional<Training> read(
            Path file,
            YamlNode node,
            Checked<Contracts> contracts,
            Checked<List<CompiledView>> views,
            Problems problems) {
        return node instanceof Mapping mapping && mapping.find(KEY).isPresent()
                ? Keys.of(node, "", problems)
                        .flatMap(root ->
                                new TrainingReader(new DefinitionFile(file, root), contracts, views)
                                        .read())
                : Optional.empty();
    }

    /// Empty where the view or the label's contract is not known, which is a problem here or
    /// elsewhere.
    private Optional<Training> read() {
        Keys root = definition.root();
        Optional<Keys> found = root.keys(KEY);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Keys keys = found.get();
        keys.allow(TRAINING_KEYS);
        String model = model(keys);
        Optional<AlgorithmChoice> algorithm = algorithm(keys, "algorithm");
        if (keys.mapping().find("algorithm").isEmpty()) {
            keys.complain("algorithm", "is missing", "name what learns, e.g. xgboost");
        }
        Optional<AlgorithmChoice> baseline = algorithm(keys, BASELINE);
        Split split = split(keys);
        Optional<Threshold> threshold = threshold(keys);
        List<Gate> gates = gates(keys, baseline.isPresent());
        Optional<String> alias = alias(keys);
        long seed = keys.integer("seed", 0, Integer.MAX_VALUE).orElse(0);
        Optional<TrainingData> data =
                new TrainingDataReader(keys, scoring(), contracts, views).read();
        Checks checks = checks(keys, data);
        List<String> slices = slices(keys, data);
        if (data.isEmpty() || algorithm.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Training(
                        definition.name("model", "failure-risk.yaml"),
                        root.text("description").orElse(""),
                        root.text("owner"),
                        definition.tags(),
                        model,
                        data.get(),
                        checks,
                        split,
                        algorithm.get(),
                        baseline,
                        threshold,
                        slices,
                        gates,
                        alias,
                        seed,
                        definitionText(keys, model, data.get()),
                        definition.file()));
    }

    /// With what the keys leave to others.
    private static String definitionText(Keys keys, String model, TrainingData data) {
        return "{\"model\":"
                + CanonicalKeys.quoted(model)
                + ",\"data\":"
                + data.definition()
                + ",\"training\":"
                + CanonicalKeys.text(keys.mapping())
                + "}";
    }

    /// What the same file says of scoring.
    private Optional<Mapping> scoring() {
        return definition
                .root()
                .mapping()
                .find(SCORING)
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast);
    }

    private String model(Keys keys) {
        Optional<String> model = keys.text("model");
        if (keys.mapping().find("model").isEmpty()) {
            model =
                    scoring()
                            .flatMap(mapping -> mapping.find("model"))
                            .filter(Scalar.class::isInstance)
                            .map(node -> ((Scalar) node).text());
            if (model.isEmpty()) {
                keys.complain(
                        "model", "is missing", "name the registered model, e.g. failure-risk");
            }
        }
        model.filter(text -> !MODEL.matcher(text).matches())
                .ifPresent(text ->
                        keys.complain(
                                "model",
                                "'" + text + "' is no model's name",
                                "write the name alone; the version is counted"));
        return model.orElse("");
    }

    /// `name`, or `{name: …, parameters: {…}, sweep: {…}}`.
    private Optional<AlgorithmChoice> algorithm(Keys keys, String key) {
        YamlNode node = keys.mapping().find(key).orElse(null);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof Scalar scalar) {
            return word(keys, key, scalar.text())
                    .map(name -> new AlgorithmChoice(name, new TreeMap<>(), new TreeMap<>()));
        }
        Optional<Keys> mapping = keys.keys(key);
        if (mapping.isEmpty()) {
            return Optional.empty();
        }
        Keys choice = mapping.get();
        choice.allow(ALGORITHM_KEYS);
        SortedMap<String, String> parameters = new TreeMap<>();
        choice.keys("parameters")
                .ifPresent(all ->
                        all.mapping()
                                .entries()
                                .forEach(entry ->
                                        all.text(entry.key().text())
                                                .ifPresent(text ->
                                                        parameters.put(entry.key().text(), text))));
        SortedMap<String, List<String>> sweep = sweep(choice);
        if (key.equals(BASELINE) && !sweep.isEmpty()) {
            choice.complain("sweep", "a baseline is one model", "give its parameters");
        }
        return choice.requiredText("name", "name what learns, e.g. xgboost")
                .flatMap(name -> word(choice, "name", name))
                .map(name -> new AlgorithmChoice(name, parameters, sweep));
    }

    private static SortedMap<String, List<String>> sweep(Keys choice) {
        SortedMap<String, List<String>> sweep = new TreeMap<>();
        Optional<Keys> found = choice.keys("sweep");
        long candidates = 1;
        for (Entry entry : found.map(all -> all.mapping().entries()).orElse(List.of())) {
            Keys all = found.orElseThrow();
            String key = entry.key().text();
            List<String> values =
                    List.copyOf(
                            new LinkedHashSet<>(
                                    all.scalars(key).stream().map(Scalar::text).toList()));
            if (values.isEmpty()) {
                all.complain(key, "has no values", "list those that are to be tried");
                continue;
            }
            sweep.put(key, values);
            candidates = Math.min(candidates * values.size(), Integer.MAX_VALUE);
        }
        if (candidates > MOST_CANDIDATES) {
            choice.complain(
                    "sweep",
                    "has "
                            + candidates
                            + " combinations, at most "
                            + MOST_CANDIDATES
                            + " are tried",
                    "leave some values out");
        }
        return sweep;
    }

    private static Optional<String> word(Keys keys, String key, String text) {
        if (WORD.matcher(text).matches()) {
            return Optional.of(text);
        }
        keys.complain(key, "'" + text + "' is no algorithm's name", "write e.g. xgboost");
        return Optional.empty();
    }

    private static Split split(Keys keys) {
        Optional<Keys> found = keys.keys("split");
        found.ifPresent(split -> split.allow(SPLIT_KEYS));
        return new Split(
                found.flatMap(split -> share(split, "test")).orElse(DEFAULT_TEST),
                found.flatMap(split -> share(split, "validation")).orElse(DEFAULT_VALIDATION));
    }

    private static Optional<Threshold> threshold(Keys keys) {
        return keys.text("threshold").filter("best"::equals).isPresent()
                ? Optional.of(new Threshold.Best())
                : keys.decimal("threshold")
                        .map(number -> new Threshold.Fixed(number.doubleValue()));
    }

    private Checks checks(Keys keys, Optional<TrainingData> data) {
        Optional<Keys> found = keys.keys("checks");
        if (found.isEmpty()) {
            return new Checks(
                    LEAST_ROWS, OptionalDouble.empty(), OptionalDouble.empty(), new TreeMap<>());
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
                optional(share(checks, "missing")),
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
        return new Checks.Bounds(min, max, optional(share(bounds, "missing")));
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

    private static List<String> slices(Keys keys, Optional<TrainingData> data) {
        List<String> slices = new ArrayList<>();
        for (Scalar scalar : keys.scalars("slices")) {
            String name = scalar.text();
            if (data.isPresent() && !data.get().features().contains(name)) {
                keys.complain(
                        "slices",
                        "'" + name + "' is no feature of the training",
                        NearestName.remedy(name, data.get().features()));
            } else if (!slices.contains(name)) {
                slices.add(name);
            }
        }
        if (slices.size() > MOST_SLICES) {
            keys.complain("slices", "are more than " + MOST_SLICES, "remove some");
        }
        return slices;
    }

    private static List<Gate> gates(Keys keys, boolean hasBaseline) {
        List<Gate> gates = new ArrayList<>();
        for (Keys gate : keys.list("gates")) {
            gate.allow(GATE_KEYS);
            Optional<String> metric = gate.requiredText("metric", "name the metric, e.g. f1");
            metric.filter(name -> !Gate.METRICS.contains(name))
                    .ifPresent(name ->
                            gate.complain(
                                    "metric",
                                    "there is no metric '" + name + "'",
                                    NearestName.remedy(name, Gate.METRICS)));
            Optional<Gate.Bound> bound = bound(gate, hasBaseline);
            metric.ifPresent(name -> bound.ifPresent(one -> gates.add(new Gate(name, one))));
        }
        if (gates.size() > MOST_GATES) {
            keys.complain("gates", "are more than " + MOST_GATES, "remove some");
        }
        return gates;
    }

    private static Optional<Gate.Bound> bound(Keys gate, boolean hasBaseline) {
        List<Gate.Bound> bounds = new ArrayList<>();
        gate.decimal("at-least")
                .ifPresent(value -> bounds.add(new Gate.Bound.AtLeast(value.doubleValue())));
        gate.decimal("at-most")
                .ifPresent(value -> bounds.add(new Gate.Bound.AtMost(value.doubleValue())));
        Optional<String> better = gate.text("better-than");
        better.ifPresent(word -> {
            if (!word.equals(BASELINE)) {
                gate.complain(
                        "better-than",
                        "'" + word + "' is nothing to compare with",
                        "write " + BASELINE);
            } else if (!hasBaseline) {
                gate.complain(
                        "better-than",
                        "there is no baseline",
                        "name one beside algorithm, e.g. baseline: logistic");
            }
            bounds.add(new Gate.Bound.BetterThanBaseline());
        });
        if (bounds.size() == 1) {
            return Optional.of(bounds.getFirst());
        }
        gate.complain(
                "metric",
                bounds.isEmpty() ? "has no bound" : "has more than one bound",
                "write at-least, at-most or better-than, one in each gate");
        return Optional.empty();
    }

    private static Optional<String> alias(Keys keys) {
        Optional<String> alias = keys.text("alias");
        alias.filter(text -> !ALIAS.matcher(text).matches())
                .ifPresent(text ->
                        keys.complain(
                                "alias",
                                "'" + text + "' is no alias",
                                "use letters, digits, hyphens and underscores"));
        return alias;
    }

    /// `30%`, above 0% and below 100%.
    private static Optional<Double> share(Keys keys, String key) {
        return keys.parsed(
                key,
                scalar -> {
                    String text = scalar.text().strip();
                    try {
                        if (text.endsWith("%")) {
                            BigDecimal share =
                                    new BigDecimal(text.substring(0, text.length() - 1).strip())
                                            .movePointLeft(2);
                            if (share.signum() >= 0 && share.compareTo(BigDecimal.ONE) < 0) {
                                return share.doubleValue();
                            }
                        }
                    } catch (NumberFormatException _) {
                        // the complaint below says it
                    }
                    throw new IllegalArgumentException(
                            "'" + text + "' is no share of less than 100%, as 30%");
                });
    }

    static Optional<Instant> instant(Keys keys, String key) {
        return keys.parsed(
                key,
                scalar -> {
                    try {
                        return Instant.parse(scalar.text());
                    } catch (DateTimeException _) {
                        throw new IllegalArgumentException(
                                "'" + scalar.text() + "' is no time, as 2026-01-01T00:00:00Z");
                    }
                });
    }

    static Optional<Duration> duration(Keys keys, String key) {
        return keys.parsed(
                key,
                scalar -> {
                    Duration duration = DurationText.parse(scalar.text());
                    if (duration.isZero()) {
                        throw new IllegalArgumentException("is nothing; write e.g. 24h");
                    }
                    return duration;
                });
    }
}
