package leat.stream.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import leat.core.event.TopicId;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakePositions;
import leat.stream.lake.LakeTables;
import leat.stream.lake.LocalFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/// Plans which files make up a table. A snapshot never changes, so its plan is made once.
final class LakeReader {

    private final LakeCatalog lake;
    private final Map<String, Planned> planned = new ConcurrentHashMap<>();

    LakeReader(LakeCatalog lake) {
        this.lake = lake;
    }

    private static final class Planned {
        private @Nullable Table table;
        private LakeFiles files = LakeFiles.NONE;
    }

    /// The files of the newest snapshot.
    ///
    /// @throws SqlRefused when the table has rows that only another engine could leave out
    LakeFiles newest(SqlTable table) {
        Planned last = planned.computeIfAbsent(table.name(), _ -> new Planned());
        synchronized (last) {
            Table iceberg = last.table;
            try {
                if (iceberg == null) {
                    iceberg = lake.catalog().loadTable(identifier(table));
                    last.table = iceberg;
                } else {
                    iceberg.refresh();
                }
            } catch (NoSuchTableException _) {
                last.table = null;
                last.files = LakeFiles.NONE;
                return last.files;
            }
            Snapshot snapshot = iceberg.currentSnapshot();
            if (snapshot == null) {
                return LakeFiles.NONE;
            }
            Optional<Long> id = Optional.of(snapshot.snapshotId());
            if (!last.files.snapshotId().equals(id)) {
                last.files = plan(table, iceberg, snapshot);
            }
            return last.files;
        }
    }

    private TableIdentifier identifier(SqlTable table) {
        return switch (table.content()) {
            case EVENTS -> lake.enriched(table.contract());
            case DEAD_LETTERS -> lake.dead(table.contract());
            case VECTORS, PREDICTIONS -> lake.vectors(table.contract());
        };
    }

    private static LakeFiles plan(SqlTable table, Table iceberg, Snapshot snapshot) {
        List<LakeFiles.LakeColumn> columns = new ArrayList<>();
        for (Types.NestedField field : iceberg.schema().columns()) {
            columns.add(
                    new LakeFiles.LakeColumn(
                            field.fieldId(),
                            new SqlColumn(field.name(), TableColumns.type(field.type()))));
        }
        Map<String, TopicId> pinned = new HashMap<>();
        iceberg.properties()
                .forEach((key, value) -> {
                    if (key.startsWith(LakeTables.TOPIC_ID)) {
                        pinned.put(key.substring(LakeTables.TOPIC_ID.length()), new TopicId(value));
                    }
                });
        List<String> whole = new ArrayList<>();
        List<LakeFiles.PrunedFile> pruned = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                iceberg.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
            for (FileScanTask task : tasks) {
                add(table, iceberg, task, whole, pruned);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot plan " + table.name(), e);
        }
        return new LakeFiles(
                Optional.of(snapshot.snapshotId()),
                Instant.ofEpochMilli(snapshot.timestampMillis()),
                LakePositions.of(iceberg, snapshot.snapshotId()),
                Map.copyOf(pinned),
                List.copyOf(columns),
                List.copyOf(whole),
                List.copyOf(pruned));
    }

    private static void add(
            SqlTable table,
            Table iceberg,
            FileScanTask task,
            List<String> whole,
            List<LakeFiles.PrunedFile> pruned) {
        if (task.file().format() != FileFormat.PARQUET) {
            throw unreadable(table, "a file of format " + task.file().format());
        }
        String path = localPath(table, task.file().location());
        if (task.deletes().isEmpty()) {
            whole.add(path);
            return;
        }
        for (DeleteFile delete : task.deletes()) {
            if (delete.content() == FileContent.EQUALITY_DELETES) {
                throw unreadable(
                        table,
                        "equality deletes, which compare every row with every deleted value");
            }
        }
        PositionDeleteIndex index =
                new BaseDeleteLoader(delete -> iceberg.io().newInputFile(delete.location()))
                        .loadPositionDeletes(task.deletes(), task.file().location());
        List<Long> deleted = new ArrayList<>();
        index.forEach(deleted::add);
        pruned.add(new LakeFiles.PrunedFile(path, deleted));
    }

    private static SqlRefused unreadable(SqlTable table, String what) {
        return new SqlRefused(
                SqlRefused.Code.UNREADABLE,
                "the lake's table " + table.name() + " has " + what,
                "rewrite the table's files with the engine that made them, then ask again");
    }

    private static String localPath(SqlTable table, String location) {
        try {
            return LocalFiles.path(location).toString();
        } catch (IllegalArgumentException _) {
            throw unreadable(table, "files at " + location + ", which is not a local folder");
        }
    }
}
