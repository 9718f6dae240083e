package leat.stream.lake;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import leat.core.contract.Contract;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compacts, expires and tidies the lake's tables, round after round. Of several processes the one
/// whose loader has a table's first partition does it; if two did, the commits' validation would
/// still keep the table right.
public final class LakeMaintenance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LakeMaintenance.class);

    private final LakeTables tables;
    private final LakeMaintenanceSettings settings;
    private final Tables contents;
    private final Predicate<String> leads;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    private LakeMaintenance(
            LakeTables tables,
            LakeMaintenanceSettings settings,
            Tables contents,
            Predicate<String> leads) {
        this.tables = tables;
        this.settings = settings;
        this.contents = contents;
        this.leads = leads;
        this.thread = Thread.ofPlatform().daemon().name("lake-maintenance").unstarted(this::run);
    }

    /// Whose tables are cared for.
    ///
    /// @param vectors the contracts of the feature views' vectors
    public record Tables(List<Contract> contracts, List<Contract> vectors) {
        public Tables {
            contracts = List.copyOf(contracts);
            vectors = List.copyOf(vectors);
        }
    }

    /// What one round did to a table.
    public record Report(int filesRewritten, boolean expired, int orphansRemoved) {}

    /// Starts the rounds beside a loader of this process.
    public static LakeMaintenance start(
            LakeCatalog catalog,
            LakeMaintenanceSettings settings,
            Tables contents,
            LakeLoader loader) {
        LakeMaintenance maintenance =
                new LakeMaintenance(new LakeTables(catalog), settings, contents, loader::leads);
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
            while (!stopping.await(settings.interval().toMillis(), TimeUnit.MILLISECONDS)) {
                for (Contract contract : contents.contracts()) {
                    round(contract.nameAndMajor() + "-enriched", tables.enriched(contract));
                    round(contract.nameAndMajor() + "-dead", tables.dead(contract));
                }
                for (Contract view : contents.vectors()) {
                    round(view.nameAndMajor() + "-vectors", tables.vectors(view));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(String label, Optional<Table> table) {
        if (table.isEmpty() || !leads.test(label) || stopping.getCount() == 0) {
            return;
        }
        try {
            Report report = maintain(table.get(), settings, Clock.systemUTC());
            LOG.atInfo()
                    .addKeyValue("table", table.get().name())
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
        stopping.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
