package leat.stream.lake;

import java.util.Map;
import java.util.Optional;
import leat.core.config.Setting;

/// Where the lake's tables and their catalogue are.
public record LakeStoreSettings(
        @Setting(
                        description =
                                "JDBC address of the Iceberg catalogue, e.g. `jdbc:sqlite:/data/lake.db`;"
                                        + " absent means SQLite in the workspace's `.leat` folder")
                Optional<String> catalog,
        @Setting(
                        description =
                                "Folder of the tables as an absolute `file:///` location; absent means"
                                        + " `.leat/lake`")
                Optional<String> warehouse,
        @Setting(
                        description =
                                "Iceberg catalogue properties passed through as they are, e.g."
                                        + " `jdbc.user`")
                Map<String, String> properties) {

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when an address or location is of a kind that Leat does not
    ///   serve
    public LakeStoreSettings {
        properties = Map.copyOf(properties);
        catalog.filter(address -> !address.startsWith("jdbc:"))
                .ifPresent(address -> {
                    throw new IllegalArgumentException(
                            "catalog '"
                                    + address
                                    + "' is not a JDBC address, e.g."
                                    + " jdbc:sqlite:/data/lake.db");
                });
        warehouse.ifPresent(LocalFiles::path);
    }

    /// A catalogue and tables at the given places.
    public static LakeStoreSettings at(String catalog, String warehouse) {
        return new LakeStoreSettings(Optional.of(catalog), Optional.of(warehouse), Map.of());
    }
}
