package leat.stream.lake;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.Backoff;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The Iceberg catalogue that a store's settings name, opened. Every user of the lake gets its
/// catalogue here, so that another kind of catalogue is a change in one place.
///
/// @param catalog Iceberg's catalogue
/// @param namespace where Leat's tables are: the prefix of [Names]
/// @param warehouse the folder of all tables
public record LakeCatalog(Catalog catalog, Namespace namespace, String warehouse)
        implements AutoCloseable {

    /// More than the statements that make an empty catalogue.
    private static final int STEPS = 6;

    /// How long one waits for others that write to a catalogue in a file of SQLite.
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(30);

    /// Opens the catalogue and makes the namespace where it is missing.
    ///
    /// @throws IllegalArgumentException when the settings leave out the catalogue or the warehouse;
    ///   whoever knows the workspace fills both in
    /// @throws LakeUnavailable when the catalogue does not answer
    public static LakeCatalog open(LakeStoreSettings settings, Names names) {
        String address = settings.catalog().orElseThrow(() -> missing("catalog"));
        Map<String, String> properties = new HashMap<>();
        properties.put(CatalogProperties.URI, address);
        properties.put(
                CatalogProperties.WAREHOUSE_LOCATION,
                settings.warehouse().orElseThrow(() -> missing("warehouse")));
        properties.put(CatalogProperties.FILE_IO_IMPL, LocalFiles.class.getName());
        properties.put("jdbc.schema-version", "V1");
        if (address.startsWith("jdbc:sqlite:")) {
            // Loaders of one process and a process that is being replaced wait for each other.
            properties.put("jdbc.busy_timeout", Long.toString(BUSY_TIMEOUT.toMillis()));
            properties.put("jdbc.journal_mode", "WAL");
        }
        properties.putAll(settings.properties());
        Namespace namespace = Namespace.of(names.prefix());
        return new LakeCatalog(
                opened(properties, namespace),
                namespace,
                String.valueOf(properties.get(CatalogProperties.WAREHOUSE_LOCATION)));
    }

    /// The table of a contract's enriched events, `car_telemetry_v1`.
    public TableIdentifier enriched(Contract contract) {
        return TableIdentifier.of(namespace, contract.tableName());
    }

    /// The table of a contract's dead letters of all stages, `car_telemetry_v1_dead`.
    public TableIdentifier dead(Contract contract) {
        return TableIdentifier.of(namespace, contract.tableName() + "_dead");
    }

    /// The table of a feature view's vectors, `car_driving_v1`; no contract has that name.
    public TableIdentifier vectors(Contract vectors) {
        return TableIdentifier.of(namespace, vectors.tableName());
    }

    /// The table of a training set, in a namespace that no contract or view has: `leat_training`.
    TableIdentifier trainingSet(String name) {
        return TableIdentifier.of(Namespace.of(namespace + "_training"), name);
    }

    /// The folder of a table that is to be made.
    String location(TableIdentifier table) {
        return warehouse + "/" + table.namespace() + "/" + table.name();
    }

    @Override
    public void close() {
        if (catalog instanceof JdbcCatalog jdbc) {
            jdbc.close();
        }
    }

    /// Iceberg looks whether the catalogue's tables, columns and namespace are there, and makes
    /// what is not. Of two processes that do so at once the later one is refused at one of those
    /// steps, finds it done when it looks again, and may be refused at the next.
    private static JdbcCatalog opened(Map<String, String> properties, Namespace namespace) {
        long deadline = System.nanoTime() + BUSY_TIMEOUT.toNanos();
        Backoff backoff = new Backoff();
        int refusals = 0;
        while (true) {
            JdbcCatalog catalog = new JdbcCatalog();
            try {
                catalog.initialize("leat", properties);
                if (!catalog.namespaceExists(namespace)) {
                    catalog.createNamespace(namespace, Map.of());
                }
                return catalog;
            } catch (UncheckedSQLException | AlreadyExistsException e) {
                catalog.close();
                if (isBusy(e)) {
                    if (System.nanoTime() - deadline > 0) {
                        throw new LakeUnavailable(e);
                    }
                    LockSupport.parkNanos(backoff.next().toNanos());
                } else if (++refusals == STEPS) {
                    throw new LakeUnavailable(e);
                }
            }
        }
    }

    /// Whether somebody else writes to the file. SQLite waits for that by itself, but not before it
    /// gives a file the journal that lets others read meanwhile.
    private static boolean isBusy(RuntimeException e) {
        return e.getCause() instanceof SQLiteException cause
                && cause.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    private static IllegalArgumentException missing(String key) {
        return new IllegalArgumentException("the lake's settings name no " + key);
    }
}
