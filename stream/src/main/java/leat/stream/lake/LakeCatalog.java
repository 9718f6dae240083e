package leat.stream.lake;

import java.util.HashMap;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.event.Names;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.jdbc.JdbcCatalog;

/// The Iceberg catalogue that a store's settings name, opened. Every user of the lake gets its
/// catalogue here, so that another kind of catalogue is a change in one place.
///
/// @param catalog Iceberg's catalogue
/// @param namespace where Leat's tables are: the prefix of [Names]
public record LakeCatalog(Catalog catalog, Namespace namespace) implements AutoCloseable {

    /// Opens the catalogue and makes the namespace where it is missing.
    ///
    /// @throws IllegalArgumentException when the settings leave out the catalogue or the warehouse;
    ///   whoever knows the workspace fills both in
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
            properties.put("jdbc.busy_timeout", "30000");
            properties.put("jdbc.journal_mode", "WAL");
        }
        properties.putAll(settings.properties());
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.initialize("leat", properties);
        Namespace namespace = Namespace.of(names.prefix());
        createIfMissing(catalog, namespace);
        return new LakeCatalog(catalog, namespace);
    }

    /// The table of a contract's enriched events, `car_telemetry_v1`.
    public TableIdentifier enriched(Contract contract) {
        return TableIdentifier.of(namespace, contract.tableName());
    }

    /// The table of a contract's dead letters of all stages, `car_telemetry_v1_dead`.
    public TableIdentifier dead(Contract contract) {
        return TableIdentifier.of(namespace, contract.tableName() + "_dead");
    }

    @Override
    public void close() {
        if (catalog instanceof JdbcCatalog jdbc) {
            jdbc.close();
        }
    }

    private static void createIfMissing(JdbcCatalog catalog, Namespace namespace) {
        if (catalog.namespaceExists(namespace)) {
            return;
        }
        try {
            catalog.createNamespace(namespace, Map.of());
        } catch (AlreadyExistsException e) {
            // Another process was first; the namespace is there, which is all we want.
            return;
        }
    }

    private static IllegalArgumentException missing(String key) {
        return new IllegalArgumentException("the lake's settings name no " + key);
    }
}
