package leat.stream.lake;

import java.time.Clock;
import leat.stream.log.LoaderThread;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compacts, expires and tidies the lake's tables, round after round. Of several processes the one
/// whose loader has a table's first partition does it; if two did, the commits' validation would
/// still keep the table right.
public final class LakeMaintenance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LakeMaintenance.class);

    private final LakeMaintenanceSettings settings;
    private final LakeLoader loader;
    private final LoaderThread thread;

    private LakeMaintenance(LakeMaintenanceSettings settings, LakeLoader loader) {
        this.settings = settings;
        this.loader = loader;
        this.thread = new LoaderThread("lake-maintenance", this::run);
    }

    /// What one round did to a table.
    public record Report(int filesRewritten, boolean expired, int orphansRemoved) {}

    /// Starts the rounds beside a loader of this process, for the tables that it loads.
    public static LakeMaintenance start(LakeMaintenanceSettings settings, LakeLoader loader) {
        LakeMaintenance maintenance = new LakeMaintenance(settings, loader);
        maintenance.thread.start();
        return maintenance;
    }

    /// One round on one table, now.
    public static Report maintain(Table table, LakeMaintenanceSettings settings, Clock clock) {
        int rewritten = new Compaction(table, settings).run();
        Expiry expiry = new Expiry(table, settings, clock);
        boolean expired = expiry.expire();
        return new Report(rewritten, expired, expiry.removeOrphans());
    }

    private void run() {
        try {
            thread.pause(settings.interval());
            while (thread.isGoingOn()) {
                loader.tables().forEach(this::round);
                thread.pause(settings.interval());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(TableLoader table) {
        if (!table.leading() || !thread.isGoingOn()) {
            return;
        }
        String label = table.source().label();
        try {
            Report report = maintain(table.source().existing(), settings, Clock.systemUTC());
            LOG.atInfo()
                    .addKeyValue("table", label)
                    .addKeyValue("filesRewritten", report.filesRewritten())
                    .addKeyValue("expired", report.expired())
                    .addKeyValue("orphansRemoved", report.orphansRemoved())
                    .log("Maintained a lake table");
        } catch (RuntimeException e) {
            // The next round tries again; the loaders are not concerned.
            LOG.atWarn().setCause(e).addKeyValue("table", label).log("Maintenance failed");
        }
    }

    /// Ends after the table under way.
    @Override
    public void close() {
        thread.close();
    }
}
