package leat.core.feature;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.Contracts;
import leat.core.contract.FieldPath;
import leat.core.contract.TableOwners;
import leat.core.feature.FeatureView.Feature;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlReader;

/// Reads feature views from the files `features/NAME.yaml`.
public final class FeatureViewReader {

    private static final int MAX_FEATURES = 500;
    private static final int MAX_VERSION = 999_999;
    private static final Duration LONGEST_TTL = Duration.ofDays(3_660);
    private static final String SOURCE = "[a-z0-9-]+(\\.v[0-9]+)?";
    private final Path file;
    private final Keys root;
    private final Checked<Contracts> contracts;
    private final Problems problems;
    private final Map<String, Keys> entries = new HashMap<>();

    private FeatureViewReader(Path file, Keys root, Checked<Contracts> contracts) {
        this.file = file;
        this.root = root;
        this.contracts = contracts;
        this.problems = root.problems();
    }

    /// The name of the file that a view of that name is written in.
    public static String fileName(String view) {
        return view + DefinitionFile.SUFFIX;
    }

    /// Reads every view of a folder, or says everything that is wrong with any of them. A folder
    /// that is not there holds no view.
    ///
    /// @param contracts what views may name; where they are faulty, less can be said of views, and
    ///   none is compiled
    public static Checked<List<CompiledView>> readFolder(
            Path folder, Checked<Contracts> contracts) {
        Problems problems = new Problems();
        List<CompiledView> views = new ArrayList<>();
        TableOwners tables = new TableOwners();
        if (contracts instanceof Checked.Sound<Contracts>(Contracts sound)) {
            sound.all().forEach(tables::claim);
        }
        for (Path file : YamlReader.files(folder, DefinitionFile.SUFFIX)) {
            YamlReader.read(file, problems)
                    .flatMap(node -> read(file, node, contracts, problems))
                    .ifPresent(compiled -> {
                        views.add(compiled);
                        claim(tables, compiled, problems);
                    });
        }
        return DefinitionFile.checked(Optional.of(List.copyOf(views)), problems);
    }

    /// Reads a view from text as if it stood in `file`.
    public static Checked<CompiledView> read(Path file, String text, Contracts contracts) {
        Problems problems = new Problems();
        return DefinitionFile.checked(
                YamlReader.read(file, text, problems)
                        .flatMap(
                                node -> read(file, node, new Checked.Sound<>(contracts), problems)),
                problems);
    }

    private static void claim(TableOwners tables, CompiledView view, Problems problems) {
        tables.claim(view.contract())
                .filter(taken -> !taken.owner().name().equals(view.view().name()))
                .ifPresent(taken ->
                        problems.add(
                                Location.startOf(view.view().file()),
                                "",
                                "the table "
                                        + taken.table()
                                        + " belongs to "
                                        + taken.owner().file().getFileName()
                                        + " already",
                                "rename the file"));
    }

    private static Optional<CompiledView> read(
            Path file, YamlNode node, Checked<Contracts> contracts, Problems problems) {
        return Keys.of(node, "", problems)
                .flatMap(root -> new FeatureViewReader(file, root, contracts).view());
    }

    private Optional<CompiledView> view() {
        root.allow(ViewKeys.VIEW);
        DefinitionFile definition = new DefinitionFile(file, root);
        ContractName name = name(definition);
        int version = root.integer("version", 1, MAX_VERSION).orElse(1);
        String entity = definition.entity();
        Optional<String> named = root.requiredText("source", "name a contract");
        Optional<Contract> source = named.flatMap(this::source);
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
                        file);
        return source.filter(_ -> key.isPresent())
                .flatMap(contract -> CompiledView.compile(view, contract, new Places(), problems));
    }

    private Optional<FieldPath> key(Optional<Contract> source) {
        if (root.scalar("key").isPresent()) {
            return root.parsed("key", scalar -> FieldPath.parse(scalar.text()));
        }
        Optional<FieldPath> key = source.flatMap(Contract::key);
        if (source.isPresent() && key.isEmpty()) {
            root.complain(
                    "key",
                    "is missing, and '" + source.get().nameAndMajor() + "' has no key either",
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

    private Optional<Contract> source(String name) {
        if (!(contracts instanceof Checked.Sound<Contracts>(Contracts sound))) {
            return Optional.empty();
        }
        Optional<Contract> source = sound.named(name);
        if (source.isEmpty()) {
            boolean isView =
                    name.matches(SOURCE)
                            && Files.exists(
                                    file.resolveSibling(
                                            NamedViews.bare(name) + DefinitionFile.SUFFIX));
            root.complain(
                    "source",
                    isView
                            ? "'"
                                    + name
                                    + "' is a view, and views of views are not supported"
                                    + " yet"
                            : "there is no contract '" + name + "'",
                    NearestName.remedy(name, sound.names()));
        }
        return source;
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
