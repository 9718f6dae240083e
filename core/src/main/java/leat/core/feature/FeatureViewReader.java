package leat.core.feature;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import leat.core.contract.ContractName;
import leat.core.contract.Contracts;
import leat.core.contract.FieldPath;
import leat.core.contract.Quality;
import leat.core.feature.FeatureView.Feature;
import leat.core.odcs.TakenFields;
import leat.core.odcs.VectorRules;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlReader;

/// Reads feature views from the files `features/NAME.yaml`.
public final class FeatureViewReader {

    private static final int MAX_FEATURES = 500;
    private static final int MAX_VERSION = 999_999;
    private static final Duration LONGEST_TTL = Duration.ofDays(3_660);
    private final Path file;
    private final Keys root;
    private final Checked<Contracts> contracts;
    private final SourceViews views;
    private final Problems problems;
    private final Map<String, Keys> entries = new HashMap<>();

    private FeatureViewReader(
            Path file, Keys root, Checked<Contracts> contracts, SourceViews views) {
        this.file = file;
        this.root = root;
        this.contracts = contracts;
        this.views = views;
        this.problems = root.problems();
    }

    /// The name of the file that a view of that name is written in.
    public static String fileName(String view) {
        return view + DefinitionFile.SUFFIX;
    }

    /// Reads every view of a folder, or says everything that is wrong with any of them, or with
    /// look-ups of the contracts that name views. A folder that is not there holds no view.
    ///
    /// @param contracts what views may name; where they are faulty, less can be said of views, and
    ///   none is compiled
    public static Checked<List<CompiledView>> readFolder(
            Path folder, Checked<Contracts> contracts) {
        return readViews(folder, contracts).all();
    }

    /// The same, and which views are sound where others are not.
    public static ReadViews readViews(Path folder, Checked<Contracts> contracts) {
        Problems problems = new Problems();
        ViewFolder views = new ViewFolder(folder, contracts, problems);
        List<CompiledView> all = views.all();
        if (contracts instanceof Checked.Sound<Contracts>(Contracts sound)) {
            new ViewLookups(sound, views, new TakenFields(problems)).check();
        }
        return new ReadViews(
                DefinitionFile.checked(Optional.of(all), problems), views.sound(), views.faulty());
    }

    /// Reads a view from text as if it stood in `file`, beside no other view.
    public static Checked<CompiledView> read(Path file, String text, Contracts contracts) {
        return read(file, text, contracts, List.of());
    }

    /// Reads a view from text as if it stood in `file`.
    ///
    /// @param views those that it may read
    public static Checked<CompiledView> read(
            Path file, String text, Contracts contracts, List<CompiledView> views) {
        Problems problems = new Problems();
        return DefinitionFile.checked(
                YamlReader.read(file, text, problems)
                        .flatMap(node ->
                                read(
                                        file,
                                        node,
                                        new Checked.Sound<>(contracts),
                                        SourceViews.of(views),
                                        problems)),
                problems);
    }

    static Optional<CompiledView> read(
            Path file,
            YamlNode node,
            Checked<Contracts> contracts,
            SourceViews views,
            Problems problems) {
        return Keys.of(node, "", problems)
                .flatMap(root -> new FeatureViewReader(file, root, contracts, views).view());
    }

    private Optional<CompiledView> view() {
        root.allow(ViewKeys.VIEW);
        DefinitionFile definition = new DefinitionFile(file, root);
        ContractName name = name(definition);
        int version = root.integer("version", 1, MAX_VERSION).orElse(1);
        String entity = definition.entity();
        Optional<String> named = root.requiredText("source", "name a contract or another view");
        Optional<ViewSource> source = named.flatMap(this::source);
        Optional<FieldPath> key = key(source);
        Hop hop = hop();
        FeatureView view =
                new FeatureView(
                        name,
                        version,
                        root.text("description").orElse(""),
                        root.text("owner"),
                        definition.tags(),
                        entity,
                        named.orElse(""),
                        key.orElse(FieldPath.parse("key")),
                        root.text("where"),
                        hop.width(),
                        new DurationReader(root, "ttl").read(LONGEST_TTL),
                        features(hop),
                        Quality.NONE,
                        file);
        return source.filter(_ -> key.isPresent())
                .flatMap(found -> CompiledView.compile(view, found, new Places(), problems))
                .map(this::expecting);
    }

    /// What is expected of features can be read once their types are known.
    private CompiledView expecting(CompiledView compiled) {
        VectorRules rules = new VectorRules(compiled.contract().fields());
        rules.ofView(root);
        compiled.fields().stream()
                .collect(
                        Collectors.groupingBy(
                                field -> Objects.requireNonNull(entries.get(field.name())),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .forEach(rules::ofFeatures);
        return compiled.expecting(rules.quality(root));
    }

    private Optional<FieldPath> key(Optional<ViewSource> source) {
        if (root.scalar("key").isPresent()) {
            return root.parsed("key", scalar -> FieldPath.parse(scalar.text()));
        }
        Optional<FieldPath> key = source.flatMap(found -> found.contract().key());
        if (source.isPresent() && key.isEmpty()) {
            root.complain(
                    "key",
                    "is missing, and '"
                            + source.get().contract().nameAndMajor()
                            + "' has no key either",
                    "name the field whose value says which entity an event is of");
        }
        return key;
    }

    private ContractName name(DefinitionFile definition) {
        ContractName name = definition.name("view", "driving.yaml");
        if (contracts instanceof Checked.Sound<Contracts>(Contracts sound)
                && sound.find(name.value()).isPresent()) {
            problems.add(
                    Location.startOf(file),
                    "",
                    "'"
                            + name
                            + "' is the name of a contract, whose topics and tables are named alike",
                    "rename the file");
        }
        return name;
    }

    private Optional<ViewSource> source(String name) {
        return contracts instanceof Checked.Sound<Contracts>(Contracts sound)
                ? new SourceReader(root, sound, views).read(name)
                : Optional.empty();
    }

    private Hop hop() {
        Optional<Scalar> hop = root.scalar("hop");
        if (hop.filter(scalar -> scalar.text().equals("exact")).isPresent()) {
            return Hop.EXACT;
        }
        return hop.flatMap(scalar -> new DurationReader(root, "hop").read(scalar, Hop.LONGEST))
                .map(Hop::new)
                .orElse(Hop.DEFAULT);
    }

    private List<Feature> features(Hop hop) {
        int start = problems.count();
        List<Feature> features = new ArrayList<>();
        for (Keys entry : root.list("features")) {
            int before = problems.count();
            List<Feature> read = new EntryReader(entry, hop).read();
            boolean sound = problems.count() == before;
            for (Feature feature : read) {
                Keys earlier = entries.putIfAbsent(feature.name(), entry);
                if (earlier == null) {
                    features.add(feature);
                } else if (sound) {
                    entry.complain(
                            "name",
                            "'"
                                    + feature.name()
                                    + "' comes from the entry in line "
                                    + earlier.location("name").line()
                                    + " too",
                            "rename one of the two");
                }
            }
        }
        if (features.isEmpty() && problems.count() == start) {
            root.complain("features", "names none", "list at least one feature");
        } else if (features.size() > MAX_FEATURES) {
            root.complain(
                    "features",
                    "makes " + features.size() + " features, more than " + MAX_FEATURES,
                    "split the view");
        }
        return features;
    }

    /// Where the view's parts stand in its file.
    private final class Places implements ViewPlaces {
        @Override
        public Place ofView(String key) {
            return place(root, key);
        }

        @Override
        public Place ofFeature(String feature, String key) {
            return place(entries.getOrDefault(feature, root), key);
        }

        private static Place place(Keys keys, String key) {
            return new Place(keys.location(key), keys.path(key));
        }
    }
}
