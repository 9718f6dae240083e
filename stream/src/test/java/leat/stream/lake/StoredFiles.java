package leat.stream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.CloseableIterable;

/// The files of a table on a local disk, held against those that the table needs.
final class StoredFiles {

    private StoredFiles() {}

    /// What one of the table's snapshots needs and is not there.
    static Set<Path> missing(Table table) {
        Set<Path> missing = new TreeSet<>(needed(table));
        missing.removeIf(Files::exists);
        return missing;
    }

    /// What is there, and neither a snapshot nor the table's history of metadata names.
    static Set<Path> orphans(Table table) {
        Set<Path> named = needed(table);
        TableMetadata metadata = ((BaseTable) table).operations().current();
        metadata.previousFiles().forEach(entry -> named.add(LocalFiles.path(entry.file())));
        try (Stream<Path> all = Files.walk(LocalFiles.path(table.location()))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !named.contains(file))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Path> needed(Table table) {
        Set<Path> needed = new TreeSet<>();
        TableMetadata metadata = ((BaseTable) table).operations().current();
        needed.add(LocalFiles.path(metadata.metadataFileLocation()));
        for (Snapshot snapshot : table.snapshots()) {
            needed.add(LocalFiles.path(snapshot.manifestListLocation()));
            for (ManifestFile manifest : snapshot.allManifests(table.io())) {
                needed.add(LocalFiles.path(manifest.path()));
                needed.addAll(live(table, manifest));
            }
        }
        return needed;
    }

    private static Set<Path> live(Table table, ManifestFile manifest) {
        Set<Path> files = new TreeSet<>();
        try (CloseableIterable<String> paths =
                ManifestFiles.readPaths(manifest, table.io(), table.specs())) {
            paths.forEach(path -> files.add(LocalFiles.path(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}
