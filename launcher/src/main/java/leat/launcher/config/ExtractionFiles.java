package leat.launcher.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import leat.core.config.SettingsReader;
import leat.core.contract.Contracts;
import leat.core.yaml.Checked;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlReader;
import leat.stream.extract.ExtractionSettings;

/// The files `extractions/NAME.yaml` of a workspace.
final class ExtractionFiles {

    static final String FOLDER = "extractions";
    private static final String SUFFIX = ".yaml";
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,79}";

    private ExtractionFiles() {}

    /// Reads all files of the folder; none where it is not there.
    ///
    /// @param contracts those that they may name
    static Checked<Map<String, ExtractionSettings>> read(
            Path folder, Checked<Contracts> contracts) {
        Map<String, ExtractionSettings> read = new TreeMap<>();
        Problems problems = new Problems();
        for (Path file : YamlReader.files(folder, SUFFIX)) {
            String name = file.getFileName().toString().replace(SUFFIX, "");
            if (!name.matches(NAME)) {
                problems.add(
                        Location.startOf(file),
                        "",
                        "the name of the file is no name of an extraction",
                        "use lower case letters, digits and hyphens: orders.yaml");
            }
            switch (SettingsReader.read(file, ExtractionSettings.class)) {
                case Checked.Sound<ExtractionSettings>(ExtractionSettings settings) -> {
                    read.put(name, settings);
                    requireContract(file, settings, contracts, problems);
                }
                case Checked.Faulty<ExtractionSettings> faulty ->
                        problems.addAll(faulty.problems());
            }
        }
        return problems.isEmpty()
                ? new Checked.Sound<>(read)
                : new Checked.Faulty<>(problems.list());
    }

    private static void requireContract(
            Path file,
            ExtractionSettings settings,
            Checked<Contracts> contracts,
            Problems problems) {
        if (contracts instanceof Checked.Sound<Contracts>(Contracts sound)
                && sound.named(settings.contract()).isEmpty()) {
            problems.add(
                    Location.startOf(file),
                    "contract",
                    "there is no contract " + settings.contract(),
                    NearestName.remedy(settings.contract(), sound.names()));
        }
    }
}
