package leat.stream.lake;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import leat.core.config.Secrets;
import leat.core.config.Setting;

/// Where the lake's tables and their catalogue are.
public record LakeStoreSettings(
        @Setting(
                        description =
                                "JDBC address of the Iceberg catalogue, e.g. `jdbc:sqlite:/data/lake.db`,"
                                        + " without a password; absent means SQLite in the"
                                        + " workspace's `.leat` folder")
                Optional<String> catalog,
        @Setting(
                        description =
                                "Folder of the tables as an absolute `file:///` location; absent means"
                                        + " `.leat/lake`")
                Optional<String> warehouse,
        @Setting(
                        description =
                                "Iceberg catalogue properties passed through as they are, e.g."
                                        + " `jdbc.user`. Secrets, e.g. `jdbc.password`, stand in"
                                        + " their places: `${env:NAME}`, `${file:PATH}`")
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

    /// Refuses secrets where their places should stand. Not when the settings are made, since those
    /// that are [#resolved] hold them.
    ///
    /// @throws IllegalArgumentException that names the property and not its value
    public void refuseSecrets() {
        properties.forEach((name, text) -> {
            if (Secrets.isSecretName(name)) {
                Secrets.requirePlace("store.properties: " + name, text);
            } else {
                Secrets.checkPlaces("store.properties: " + name, text);
            }
        });
        if (catalog.isPresent() && Secrets.hasSecretPart(catalog.get())) {
            throw new IllegalArgumentException(
                    "store.catalog must not hold a password: name its place with jdbc.password in"
                            + " store.properties");
        }
    }

    /// The same with the secrets that the properties name.
    ///
    /// @throws Secrets.Missing when one is not in its place
    public LakeStoreSettings resolved(Secrets secrets) {
        Map<String, String> resolved = new HashMap<>();
        properties.forEach((name, text) ->
                resolved.put(name, secrets.resolve("lake.store.properties: " + name, text)));
        return new LakeStoreSettings(catalog, warehouse, resolved);
    }

    /// The properties' names only: some of them are secret.
    @Override
    public String toString() {
        return "LakeStoreSettings["
                + catalog
                + ", "
                + warehouse
                + ", properties="
                + new TreeSet<>(properties.keySet())
                + "]";
    }

    /// A catalogue and tables at the given places.
    public static LakeStoreSettings at(String catalog, String warehouse) {
        return new LakeStoreSettings(Optional.of(catalog), Optional.of(warehouse), Map.of());
    }
}
