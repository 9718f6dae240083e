package leat.core.feature;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlReader;

/// Reads feature sets from the files `features/sets/NAME.yaml`.
public final class FeatureSetReader {

    /// The folder of the sets, in that of the views.
    public static final String FOLDER = "sets";

    private FeatureSetReader() {}

    /// Reads every set of a folder, or says everything that is wrong with any of them. A folder
    /// that is not there holds no set.
    ///
    /// @param views what sets may name; of entries that name faulty ones less can be said
    public static Checked<List<FeatureSet>> readFolder(Path folder, ReadViews views) {
        Problems problems = new Problems();
        List<FeatureSet> sets = new ArrayList<>();
        for (Path file : YamlReader.files(folder, DefinitionFile.SUFFIX)) {
            YamlReader.read(file, problems)
                    .flatMap(node -> read(file, node, views, problems))
                    .ifPresent(sets::add);
        }
        return DefinitionFile.checked(Optional.of(List.copyOf(sets)), problems);
    }

    /// Reads a set from text as if it stood in `file`.
    public static Checked<FeatureSet> read(Path file, String text, List<CompiledView> views) {
        Problems problems = new Problems();
        ReadViews sound = ReadViews.of(views);
        return DefinitionFile.checked(
                YamlReader.read(file, text, problems)
                        .flatMap(node -> read(file, node, sound, problems)),
                problems);
    }

    private static Optional<FeatureSet> read(
            Path file, YamlNode node, ReadViews views, Problems problems) {
        return Keys.of(node, "", problems).map(root -> set(new DefinitionFile(file, root), views));
    }

    private static FeatureSet set(DefinitionFile definition, ReadViews views) {
        Keys root = definition.root();
        root.allow(SetKeys.SET);
        ContractName name = definition.name("set", "breakdown.yaml");
        String entity = definition.entity();
        return new FeatureSet(
                name,
                root.text("description").orElse(""),
                root.text("owner"),
                definition.tags(),
                entity,
                new MembersReader(root, entity, views).read(),
                definition.file());
    }
}
