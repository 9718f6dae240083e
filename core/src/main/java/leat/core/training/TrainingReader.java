package leat.core.training;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.config.DurationText;
import leat.core.contract.ContractName;
import leat.core.feature.DefinitionFile;
import leat.core.model.Retention;
import leat.core.prediction.ModelKeys;
import leat.core.prediction.ScoringReader.Known;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
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
                    "seed",
                    TriggersReader.KEY,
                    RetentionReader.KEY);

    /// What says when it is trained, and what becomes of versions later, but nothing of one.
    private static final Set<String> BESIDE_THE_DEFINITION =
            Set.of(TriggersReader.KEY, RetentionReader.KEY);

    private static final Set<String> SPLIT_KEYS = Set.of("test", "validation");
    static final String BASELINE = "baseline";

    private static final int MOST_SLICES = 10;
    private static final double DEFAULT_TEST = 0.3;
    private static final double DEFAULT_VALIDATION = 0.25;

    private final DefinitionFile definition;
    private final Known known;

    private TrainingReader(DefinitionFile definition, Known known) {
        this.definition = definition;
        this.known = known;
    }

    /// Reads the training of every file of a folder that has one, or says everything that is wrong
    /// with any of them. What is wrong with the file as a whole,
    /// [leat.core.prediction.ScoringReader] says. A folder that is not there holds none.
    public static Checked<List<Training>> readFolder(Path folder, Known known) {
        Problems problems = new Problems();
        List<Training> trainings = new ArrayList<>();
        for (Path file : YamlReader.files(folder, DefinitionFile.SUFFIX)) {
            // The same file is read for its scoring, which tells what is no YAML.
            YamlReader.read(file, new Problems())
                    .flatMap(node -> read(file, node, known, problems))
                    .ifPresent(trainings::add);
        }
        return DefinitionFile.checked(Optional.of(List.copyOf(trainings)), problems);
    }

    /// Reads a training from text as if it stood in `file`.
    public static Checked<Training> read(Path file, String text, Known known) {
        Problems problems = new Problems();
        return DefinitionFile.checked(
                YamlReader.read(file, text, problems)
                        .flatMap(node -> read(file, node, known, problems)),
                problems);
    }

    private static Optional<Training> read(
            Path file, YamlNode node, Known known, Problems problems) {
        return node instanceof Mapping mapping && mapping.find(KEY).isPresent()
                ? Keys.of(node, "", problems)
                        .flatMap(root ->
                                new TrainingReader(new DefinitionFile(file, root), known).read())
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
        ContractName name = definition.name("model", "failure-risk.yaml");
        Path folder = definition.file().resolveSibling(name.value());
        Optional<AlgorithmChoice> algorithm = AlgorithmReader.read(keys, "algorithm", folder);
        if (keys.mapping().find("algorithm").isEmpty()) {
            keys.complain("algorithm", "is missing", "name what learns, e.g. xgboost");
        }
        Optional<AlgorithmChoice> baseline = AlgorithmReader.read(keys, BASELINE, folder);
        Split split = split(keys);
        Optional<Threshold> threshold = threshold(keys);
        List<Gate> gates = GatesReader.read(keys, baseline.isPresent());
        Optional<String> alias = ModelKeys.alias(keys, "alias");
        long seed = keys.integer("seed", 0, Integer.MAX_VALUE).orElse(0);
        Triggers triggers = TriggersReader.read(keys);
        Optional<Retention> retention = RetentionReader.read(keys);
        Optional<TrainingData> data = new TrainingDataReader(keys, scoring(), known).read();
        Checks checks = ChecksReader.read(keys, data);
        List<String> slices = slices(keys, data);
        if (data.isEmpty() || algorithm.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Training(
                        name,
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
                        triggers,
                        retention,
                        definitionText(
                                keys,
                                model,
                                data.get(),
                                Training.command(algorithm.get(), baseline)),
                        definition.file()));
    }

    /// With what the keys leave to others.
    private static String definitionText(
            Keys keys, String model, TrainingData data, Optional<TrainingCommand> command) {
        return "{\"model\":"
                + CanonicalKeys.quoted(model)
                + command.map(one -> ",\"files\":" + CanonicalKeys.quoted(one.digest())).orElse("")
                + ",\"data\":"
                + data.definition()
                + ",\"training\":"
                + CanonicalKeys.textWithout(BESIDE_THE_DEFINITION, keys.mapping())
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
        return ModelKeys.model(keys, model, "write the name alone; the version is counted");
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

    /// `30%`, above 0% and below 100%.
    static Optional<Double> share(Keys keys, String key) {
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
