package leat.stream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import leat.core.failpoint.FailPoint;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets old snapshots without forgetting a position, and deletes files that no snapshot knows.
final class Expiry {

    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final int CARRY_ATTEMPTS = 20;

    /// Summary property of a snapshot that took over all positions: a mark of its own.
    private static final String CARRIER = "leat.carrier";

    private final Table table;
    private final LakeMaintenanceSettings settings;
    private final Clock clock;

    Expiry(Table table, LakeMaintenanceSettings settings, Clock clock) {
        this.table = table;
        this.settings = settings;
        this.clock = clock;
    }

    /// Expires snapshots older than the age. First a new snapshot takes over all positions; only
    /// ancestors of that one are expired, each by its id, so that the chain from the newest
    /// snapshot back to it stays whole whatever the clocks say and whoever commits meanwhile.
    ///
    /// @return whether anything expired; when a commit lost against others, the next round tries
    ///   again
    boolean expire() {
        table.refresh();
        long cutoff = clock.instant().minus(settings.snapshotAge()).toEpochMilli();
        if (expirable(table.snapshots(), cutoff).isEmpty()) {
            return false;
        }
        try {
            Optional<Snapshot> carrier = carry();
            if (carrier.isEmpty()) {
                return false;
            }
            FailPoint.reach("lake.after-carry");
            tag(carrier.get().snapshotId());
            FailPoint.reach("lake.after-tag");
            table.refresh();
            ExpireSnapshots expiry = table.expireSnapshots().expireOlderThan(0);
            expirable(before(carrier.get()), cutoff).forEach(expiry::expireSnapshotId);
            expiry.commit();
            FailPoint.reach("lake.after-expiry");
            table.refresh();
            return true;
        } catch (CommitFailedException e) {
            LOG.atInfo().setCause(e).addKeyValue("table", table.name()).log("Expiry put off");
            return false;
        }
    }

    private List<Long> expirable(Iterable<Snapshot> snapshots, long cutoff) {
        Set<Long> referenced = new HashSet<>();
        table.refs().values().forEach(ref -> referenced.add(ref.snapshotId()));
        List<Long> old = new ArrayList<>();
        for (Snapshot snapshot : snapshots) {
            if (snapshot.timestampMillis() < cutoff
                    && !referenced.contains(snapshot.snapshotId())) {
                old.add(snapshot.snapshotId());
            }
        }
        return old;
    }

    private Iterable<Snapshot> before(Snapshot carrier) {
        Long parent = carrier.parentId();
        return parent == null ? List.of() : SnapshotUtil.ancestorsOf(parent, table::snapshot);
    }

    /// Writes all positions into a new snapshot, exactly as they stand at that moment; empty when
    /// the loaders are too quick for it.
    private Optional<Snapshot> carry() {
        String mark = UUID.randomUUID().toString();
        for (int attempt = 0; attempt < CARRY_ATTEMPTS; attempt++) {
            table.refresh();
            Positions positions = LakePositions.of(table);
            try {
                table.newAppend()
                        .set(LakePositions.PROPERTY, Advance.format(positions.carried()))
                        .set(CARRIER, mark)
                        .validateWith(LakePositions.demandEqual(table, positions))
                        .commit();
                table.refresh();
                for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
                    if (mark.equals(snapshot.summary().get(CARRIER))) {
                        return Optional.of(snapshot);
                    }
                }
                return Optional.empty();
            } catch (ValidationException e) {
                LOG.atDebug().setCause(e).log("A loader was quicker: carrying its positions too");
            }
        }
        return Optional.empty();
    }

    private void tag(long snapshotId) {
        ManageSnapshots tags = table.manageSnapshots();
        if (table.refs().containsKey(LakePositions.TAG)) {
            tags.replaceTag(LakePositions.TAG, snapshotId).commit();
        } else {
            tags.createTag(LakePositions.TAG, snapshotId).commit();
        }
    }

    /// Deletes the files in the table's folder that are older than the age and that nothing knows:
    /// what killed or refused attempts have left behind.
    ///
    /// @return their number
    int removeOrphans() {
        if (!(table.io() instanceof SupportsPrefixOperations files)) {
            return 0;
        }
        long cutoff = clock.instant().minus(settings.orphanAge()).toEpochMilli();
        List<String> old = new ArrayList<>();
        for (FileInfo file : files.listPrefix(table.location())) {
            if (file.createdAtMillis() < cutoff) {
                old.add(file.location());
            }
        }
        if (old.isEmpty()) {
            return 0;
        }
        // Listed first, looked up second: what is committed in between is known.
        table.refresh();
        Set<String> known = known();
        List<String> orphans = old.stream().filter(file -> !known.contains(path(file))).toList();
        orphans.forEach(table.io()::deleteFile);
        return orphans.size();
    }

    /// One location can be written in several ways, `file:/data` and `file:///data`.
    private static String path(String location) {
        return location.replaceFirst("^[a-zA-Z0-9]+:/*", "/");
    }

    private Set<String> known() {
        Set<String> known = new HashSet<>();
        Set<ManifestFile> manifests = new HashSet<>();
        for (Snapshot snapshot : table.snapshots()) {
            known.add(snapshot.manifestListLocation());
            manifests.addAll(snapshot.allManifests(table.io()));
        }
        for (ManifestFile manifest : manifests) {
            known.add(manifest.path());
            known.addAll(files(manifest));
        }
        TableMetadata metadata = ((BaseTable) table).operations().current();
        known.add(metadata.metadataFileLocation());
        metadata.previousFiles().forEach(entry -> known.add(entry.file()));
        metadata.statisticsFiles().forEach(file -> known.add(file.path()));
        metadata.partitionStatisticsFiles().forEach(file -> known.add(file.path()));
        Set<String> paths = new HashSet<>();
        known.forEach(location -> paths.add(path(location)));
        return paths;
    }

    private List<String> files(ManifestFile manifest) {
        List<String> files = new ArrayList<>();
        try (CloseableIterable<? extends ContentFile<?>> entries =
                manifest.content() == ManifestContent.DATA
                        ? ManifestFiles.read(manifest, table.io(), table.specs())
                        : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
            entries.forEach(file -> files.add(file.location()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + manifest.path(), e);
        }
        return files;
    }
}
