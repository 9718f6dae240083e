package leat.launcher.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import leat.core.feature.FeatureSetReader;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Location;
import leat.core.yaml.Problem;
import leat.core.yaml.YamlReader;

/// Files of a workspace that look as if they were read, and are not, since their names end
/// otherwise.
final class UnreadFiles {

    private static final String ENDING = ".yml";
    private static final String READ = ".yaml";
    private static final String ODCS = ".odcs";

    private UnreadFiles() {}

    /// One problem a file.
    static List<Problem> problems(Path workspace) {
        Path features = workspace.resolve(Workspace.FEATURES_FOLDER);
        Path contracts = workspace.resolve(Workspace.CONTRACTS_FOLDER);
        return Stream.of(
                        contracts,
                        features,
                        features.resolve(FeatureSetReader.FOLDER),
                        workspace.resolve(Workspace.MODELS_FOLDER),
                        workspace.resolve(ExtractionFiles.FOLDER))
                .flatMap(folder ->
                        YamlReader.files(folder, ENDING).stream()
                                .map(file -> problem(file, folder.equals(contracts))))
                .toList();
    }

    private static Problem problem(Path file, boolean isContract) {
        String name = file.getFileName().toString();
        String base = name.substring(0, name.length() - ENDING.length());
        String stem = base.endsWith(ODCS) ? base.substring(0, base.length() - ODCS.length()) : base;
        return new Problem(
                Location.startOf(file),
                "",
                "is not read: its name ends with " + ENDING,
                "rename it to " + stem + (isContract ? OdcsReader.SUFFIX : READ));
    }
}
