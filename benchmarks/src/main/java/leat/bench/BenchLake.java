package leat.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeLoaderSettings;
import leat.stream.lake.LakeStoreSettings;
import leat.stream.lake.LakeTables;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/// A lake in a folder of its own, and its loader.
final class BenchLake {

    private BenchLake() {}

    /// Opens a catalogue and tables under `folder`, which must be there.
    static LakeCatalog open(Path folder, Names names) {
        return LakeCatalog.open(
                LakeStoreSettings.at(
                        "jdbc:sqlite:" + folder.resolve("lake.db"),
                        folder.resolve("tables").toAbsolutePath().toUri().toString()),
                names);
    }

    static LakeLoader loader(
            Workbench bench, Names names, LakeCatalog catalog, LakeLoaderSettings settings) {
        return LakeLoader.start(
                new LakeLoader.Place(bench.log(), names, catalog),
                settings,
                List.of(bench.contract()));
    }

    /// The defaults, but for what ends an append.
    static LakeLoaderSettings committing(Duration interval, DataSize size) {
        LakeLoaderSettings defaults = LakeLoaderSettings.DEFAULT;
        return new LakeLoaderSettings(
                interval,
                size,
                defaults.fileSize(),
                defaults.writers(),
                defaults.openFiles(),
                defaults.skipDeleted());
    }

    static Table table(Workbench bench, LakeCatalog catalog) {
        return new LakeTables(catalog).enriched(bench.contract()).orElseThrow();
    }

    /// The rows of the table as it is now.
    static long rows(Table table) {
        table.refresh();
        Snapshot newest = table.currentSnapshot();
        return newest == null
                ? 0
                : Long.parseLong(
                        newest.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"));
    }
}
