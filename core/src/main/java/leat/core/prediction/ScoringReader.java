package leat.core.prediction;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.Contracts;
import leat.core.contract.FieldType;
import leat.core.contract.TableOwners;
import leat.core.feature.CompiledView;
import leat.core.feature.DefinitionFile;
import leat.core.feature.FeatureSet;
import leat.core.feature.ModelFeature;
import leat.core.monitor.MonitoringReader;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlReader;

/// Reads scorings from the files `models/NAME.yaml`.
public final class ScoringReader {

    private static final String SCORING = "scoring";
    private static final String TRAINING = "training";
    private static final String MONITORING = "monitoring";
    private static final Set<String> FILE_KEYS =
            Set.of("description", "owner", "tags", SCORING, TRAINING, MONITORING, "score");
    private static final Set<String> SCORING_KEYS =
            Set.of(
                    "version",
                    "model",
                    "view",
                    "set",
                    "features",
                    "missing",
                    "outputs",
                    "champion",
                    "challengers");
    private static final int MOST_VERSIONS = 999_999;

    private final DefinitionFile definition;
    private final Known known;
    private final Problems problems;

    private ScoringReader(DefinitionFile definition, Known known) {
        this.definition = definition;
        this.known = known;
        this.problems = definition.root().problems();
    }

    /// What files of models may name; where it is faulty, less can be said of them.
    ///
    /// @param contracts what labels may be of; no predictions may have their tables
    /// @param sets of these views
    public record Known(
            Checked<Contracts> contracts,
            Checked<List<CompiledView>> views,
            Checked<List<FeatureSet>> sets) {

        /// All of it sound.
        public static Known sound(
                Contracts contracts, List<CompiledView> views, List<FeatureSet> sets) {
            return new Known(
                    new Checked.Sound<>(contracts),
                    new Checked.Sound<>(views),
                    new Checked.Sound<>(sets));
        }
    }

    /// Reads every scoring of a folder, or says everything that is wrong with any of them. A folder
    /// that is not there holds none.
    public static Checked<List<Scoring>> readFolder(Path folder, Known known) {
        Problems problems = new Problems();
        TableOwners tables = new TableOwners();
        if (known.contracts() instanceof Checked.Sound<Contracts>(Contracts sound)) {
            sound.all().forEach(tables::claim);
        }
        if (known.views() instanceof Checked.Sound<List<CompiledView>>(List<CompiledView> sound)) {
            sound.forEach(view -> tables.claim(view.contract()));
        }
        List<Scoring> scorings = new ArrayList<>();
        for (Path file : YamlReader.files(folder, DefinitionFile.SUFFIX)) {
            YamlReader.read(file, problems)
                    .flatMap(node -> read(file, node, known, problems))
                    .ifPresent(scoring -> {
                        scorings.add(scoring);
                        claim(tables, scoring, problems);
                    });
        }
        return DefinitionFile.checked(Optional.of(List.copyOf(scorings)), problems);
    }

    /// Reads a scoring from text as if it stood in `file`.
    public static Checked<Scoring> read(Path file, String text, List<CompiledView> views) {
        return read(file, text, Known.sound(new Contracts(List.of()), views, List.of()));
    }

    /// The same with all that may be named.
    public static Checked<Scoring> read(Path file, String text, Known known) {
        Problems problems = new Problems();
        return DefinitionFile.checked(
                YamlReader.read(file, text, problems)
                        .flatMap(node -> read(file, node, known, problems)),
                problems);
    }

    private static Optional<Scoring> read(
            Path file, YamlNode node, Known known, Problems problems) {
        return Keys.of(node, "", problems)
                .flatMap(root -> new ScoringReader(new DefinitionFile(file, root), known).read());
    }

    private static void claim(TableOwners tables, Scoring scoring, Problems problems) {
        for (Contract contract : scoring.contracts()) {
            tables.claim(contract)
                    .ifPresent(taken ->
                            problems.add(
                                    Location.startOf(scoring.file()),
                                    "",
                                    "the table "
                                            + taken.table()
                                            + " belongs to "
                                            + taken.owner().file().getFileName()
                                            + " already",
                                    "rename the file"));
        }
    }

    /// Empty where the view is not known, which is a problem here or elsewhere.
    private Optional<Scoring> read() {
        Keys root = definition.root();
        root.allow(FILE_KEYS);
        ContractName name = name();
        Optional<Keys> found = scoring(root);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Keys keys = found.get();
        keys.allow(SCORING_KEYS);
        int version = keys.integer("version", 1, MOST_VERSIONS).orElse(1);
        String model = model(keys);
        boolean nanForMissing = nanForMissing(keys);
        List<Scoring.Output> outputs = OutputsReader.read(keys);
        String champion = ModelKeys.alias(keys, "champion").orElse("champion");
        List<Challenger> challengers = ChallengersReader.read(keys, champion);
        Optional<Keys> monitoring = root.keys(MONITORING);
        return source(keys)
                .map(source ->
                        new Scoring(
                                name,
                                version,
                                root.text("description").orElse(""),
                                root.text("owner"),
                                definition.tags(),
                                model,
                                source.view(),
                                source.set(),
                                taken(keys, source),
                                nanForMissing,
                                outputs,
                                champion,
                                challengers,
                                monitoring.map(one ->
                                        MonitoringReader.read(
                                                one, watched(source.view(), outputs))),
                                definition.file()));
    }

    private Optional<ModelSource> source(Keys keys) {
        ModelKeys named = new ModelKeys(keys, known);
        if (keys.mapping().find("set").isPresent()) {
            return keys.text("set").flatMap(set -> named.ofSet(set, keys.text("view")));
        }
        return named.ofView(
                keys.requiredText("view", "name the feature view to score, or a set of several"));
    }

    /// Empty also where the file is there for its training.
    private static Optional<Keys> scoring(Keys root) {
        boolean scored = root.mapping().find(SCORING).isPresent();
        if (!scored && root.mapping().find(TRAINING).isEmpty()) {
            root.complain(SCORING, "is missing", "say what is scored: model, view and outputs");
        }
        if (!scored && root.mapping().find(MONITORING).isPresent()) {
            root.complain(
                    MONITORING,
                    "has no predictions to watch",
                    "say beside it what is scored, or remove it");
        }
        return root.keys(SCORING);
    }

    private MonitoringReader.Subject watched(CompiledView view, List<Scoring.Output> outputs) {
        return new MonitoringReader.Subject(
                view,
                outputs.stream()
                        .filter(output -> !(output.type() instanceof FieldType.Text))
                        .map(Scoring.Output::name)
                        .toList(),
                known.contracts());
    }

    private ContractName name() {
        ContractName name = definition.name("model", "failure-risk.yaml");
        try {
            ContractName _ = new ContractName(name.value() + Scoring.SHADOW_SUFFIX);
        } catch (IllegalArgumentException _) {
            problems.add(
                    Location.startOf(definition.file()),
                    "",
                    "the name of the file is too long",
                    "use a shorter one");
            return new ContractName("unnamed");
        }
        return name;
    }

    private static String model(Keys keys) {
        return ModelKeys.model(
                keys,
                keys.requiredText("model", "name the registered model, e.g. failure-risk"),
                "write the name alone; which version answers, its aliases say");
    }

    private static boolean nanForMissing(Keys keys) {
        Optional<String> missing = keys.text("missing");
        missing.filter(text -> !text.equals("fail") && !text.equals("nan"))
                .ifPresent(text ->
                        keys.complain(
                                "missing",
                                "'" + text + "' is neither fail nor nan",
                                "write fail for no prediction, or nan to give the model NaN"));
        return missing.filter("nan"::equals).isPresent();
    }

    /// All features of the view or set where none are named.
    private List<ModelFeature> taken(Keys keys, ModelSource source) {
        boolean all = keys.mapping().find("features").isEmpty();
        List<Scalar> wanted = keys.scalars("features");
        List<ModelFeature> taken =
                all ? source.offered() : new ModelKeys(keys, known).features(wanted, source);
        for (ModelFeature feature : taken) {
            if (feature.type() instanceof FieldType.Timestamp) {
                String key = all ? source.word() : "features";
                problems.add(
                        wanted.stream()
                                .filter(scalar -> scalar.text().equals(feature.name()))
                                .map(Scalar::location)
                                .findFirst()
                                .orElseGet(() -> keys.location(key)),
                        keys.path(key),
                        "the feature '" + feature.name() + "' is a time, which no model takes",
                        "leave it out of features");
            }
        }
        List<CompiledView> views = taken.stream().map(ModelFeature::view).distinct().toList();
        views.stream()
                .filter(view -> !view.equals(source.view()) && !view.isBeside(source.view()))
                .forEach(view -> complain(keys, source.view(), view, views));
        return taken;
    }

    /// @param all the views that features are taken of
    private static void complain(
            Keys keys, CompiledView view, CompiledView other, List<CompiledView> all) {
        Optional<CompiledView> apt =
                all.stream()
                        .filter(one ->
                                all.stream()
                                        .allMatch(each -> each.equals(one) || each.isBeside(one)))
                        .findFirst();
        keys.complain(
                "set",
                "not every event that writes a vector of "
                        + view.view().name()
                        + " writes one of "
                        + other.view().name(),
                apt.map(one ->
                                "write view: "
                                        + one.view().name()
                                        + ", with each of whose vectors the others write one")
                        .orElse(
                                "name in features those of views that see the same events by the"
                                        + " key of their contract, or ask the model by entity"));
    }
}
