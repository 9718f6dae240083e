package leat.core.artifact;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.tracking.TrackingRefused;

/// All files: what the records of the topic fold to. For one thread.
public final class ArtifactFold {

    private final TreeMap<String, Artifact> files = new TreeMap<>();

    /// Takes one more record in.
    ///
    /// @param artifact empty where the file was deleted
    public void apply(ArtifactPath path, Optional<Artifact> artifact) {
        artifact.ifPresentOrElse(
                file -> files.put(path.text(), file), () -> files.remove(path.text()));
    }

    public Optional<Artifact> file(ArtifactPath path) {
        return Optional.ofNullable(files.get(path.text()));
    }

    /// The files below a folder, however deep, by their paths.
    public List<Artifact> below(ArtifactPath folder) {
        return List.copyOf(tree(folder).values());
    }

    private SortedMap<String, Artifact> tree(ArtifactPath folder) {
        // Behind a slash comes a zero.
        return files.subMap(folder.prefix(), folder.text() + "0");
    }

    /// What a folder has, by its names; nothing where it is none.
    public List<ArtifactEntry> list(ArtifactPath folder) {
        SortedMap<String, ArtifactEntry> entries = new TreeMap<>();
        tree(folder)
                .values()
                .forEach(file -> {
                    String below = file.path().below(folder);
                    int slash = below.indexOf('/');
                    String name = slash < 0 ? below : below.substring(0, slash);
                    entries.put(
                            name,
                            new ArtifactEntry(
                                    name,
                                    slash < 0
                                            ? OptionalLong.of(file.sizeBytes())
                                            : OptionalLong.empty()));
                });
        return List.copyOf(entries.values());
    }

    /// Refuses a file that cannot be where it wants to.
    ///
    /// @throws TrackingRefused when it would be a folder too, or one file too many
    public void checkRoom(ArtifactPath path) {
        if (!tree(path).isEmpty()) {
            throw TrackingRefused.invalid("'" + path + "' is a folder, so no file can be there");
        }
        for (String folder : path.folders()) {
            if (files.containsKey(folder)) {
                throw TrackingRefused.invalid(
                        "'" + folder + "' is a file, so '" + path + "' cannot be in it");
            }
        }
        if (!files.containsKey(path.text()) && files.size() >= ArtifactLimits.FILES) {
            throw TrackingRefused.invalid(
                    "There are " + ArtifactLimits.FILES + " artifacts, more may not be");
        }
    }
}
