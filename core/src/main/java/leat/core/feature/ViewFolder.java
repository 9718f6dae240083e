package leat.core.feature;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import leat.core.contract.Contracts;
import leat.core.contract.TableOwners;
import leat.core.yaml.Checked;
import leat.core.yaml.Location;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlReader;

/// Reads the views of a folder, a view's source before the view.
final class ViewFolder implements SourceViews {

    private final Checked<Contracts> contracts;
    private final Problems problems;
    private final Map<String, Path> files = new LinkedHashMap<>();
    private final Map<String, Optional<CompiledView>> read = new HashMap<>();

    /// Those that wait for their sources, each for the one behind it.
    private final List<String> reading = new ArrayList<>();

    ViewFolder(Path folder, Checked<Contracts> contracts, Problems problems) {
        this.contracts = contracts;
        this.problems = problems;
        for (Path file : YamlReader.files(folder, DefinitionFile.SUFFIX)) {
            String name = file.getFileName().toString();
            files.put(name.substring(0, name.length() - DefinitionFile.SUFFIX.length()), file);
        }
    }

    /// All that are sound, in the order of their files' names.
    List<CompiledView> all() {
        TableOwners tables = new TableOwners();
        if (contracts instanceof Checked.Sound<Contracts>(Contracts sound)) {
            sound.all().forEach(tables::claim);
        }
        List<CompiledView> views = new ArrayList<>();
        for (String name : files.keySet()) {
            read(name)
                    .ifPresent(view -> {
                        views.add(view);
                        claim(tables, view);
                    });
        }
        return List.copyOf(views);
    }

    /// The names of those that could not be read, or whose files have problems, once [#all] has
    /// read them.
    Set<String> faulty() {
        Set<Path> complained =
                problems.list().stream()
                        .map(problem -> problem.location().file())
                        .collect(Collectors.toSet());
        return files.entrySet().stream()
                .filter(file ->
                        read(file.getKey()).isEmpty() || complained.contains(file.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// All others, in the order of their files' names.
    List<CompiledView> sound() {
        Set<String> faulty = faulty();
        return files.keySet().stream()
                .filter(name -> !faulty.contains(name))
                .flatMap(name -> read(name).stream())
                .toList();
    }

    @Override
    public Collection<String> names() {
        return files.keySet();
    }

    @Override
    public Found find(String name) {
        int waits = reading.indexOf(name);
        if (waits >= 0) {
            List<String> way = new ArrayList<>(reading.subList(waits, reading.size()));
            way.add(name);
            return new Found.Circular(way);
        }
        return read(name).<Found>map(Found.Sound::new).orElseGet(Found.Faulty::new);
    }

    private Optional<CompiledView> read(String name) {
        Path file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("there is no file of a view " + name);
        }
        if (!read.containsKey(name)) {
            reading.add(name);
            Optional<CompiledView> view =
                    YamlReader.read(file, problems)
                            .flatMap(node ->
                                    FeatureViewReader.read(file, node, contracts, this, problems));
            reading.removeLast();
            read.put(name, view);
        }
        return read.getOrDefault(name, Optional.empty());
    }

    private void claim(TableOwners tables, CompiledView view) {
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
}
