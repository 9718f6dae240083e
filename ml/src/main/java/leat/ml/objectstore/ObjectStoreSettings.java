package leat.ml.objectstore;

import java.time.Duration;
import java.util.Optional;
import leat.core.config.Bounds;
import leat.core.config.HttpAddress;
import leat.core.config.Secrets;
import leat.core.config.Setting;

/// Where the object store is that has files of models, and who reads there.
public record ObjectStoreSettings(
        @Setting(
                        description =
                                "Address of a store that speaks S3, e.g."
                                        + " `https://minio.example:9000`; absent means Amazon's")
                Optional<String> endpoint,
        @Setting(
                        description =
                                "Its region, e.g. `eu-central-1`; absent means that of the"
                                        + " environment (`AWS_REGION`, a profile), and `us-east-1`"
                                        + " where there is an `endpoint`")
                Optional<String> region,
        @Setting(
                        description =
                                "Place of the id of the access key, `${env:NAME}` or"
                                        + " `${file:PATH}`; absent means that both halves are found"
                                        + " as Amazon's SDK finds them (`AWS_ACCESS_KEY_ID`, a"
                                        + " profile, the machine's role)")
                Optional<String> accessKey,
        @Setting(
                        description =
                                "Place of the secret half of `access-key`, `${env:NAME}` or"
                                        + " `${file:PATH}`")
                Optional<String> secretKey,
        @Setting(
                        description =
                                "How long the store may take to begin an answer, and between two"
                                        + " parts of it, 1s to 2m",
                        defaultValue = "15s")
                Duration requestTimeout) {

    /// What may read there.
    ///
    /// @param id of the access key
    record Credentials(String id, String secret) {

        /// Without the secret.
        @Override
        public String toString() {
            return "Credentials[" + id + "]";
        }
    }

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range, or a secret stands in it
    public ObjectStoreSettings {
        endpoint.ifPresent(text -> HttpAddress.require("endpoint", text));
        accessKey.ifPresent(place -> Secrets.requirePlace("access-key", place));
        secretKey.ifPresent(place -> Secrets.requirePlace("secret-key", place));
        if (accessKey.isPresent() != secretKey.isPresent()) {
            throw new IllegalArgumentException("access-key and secret-key must be given together");
        }
        Bounds.within(
                "request-timeout", requestTimeout, Duration.ofSeconds(1), Duration.ofMinutes(2));
    }

    /// The access key, with its halves from their places now; empty where none is named.
    ///
    /// @throws Secrets.Missing when one is not there
    Optional<Credentials> credentials(Secrets secrets) {
        return accessKey.map(place ->
                new Credentials(
                        secrets.resolve("models.object-store.access-key", place),
                        secrets.resolve(
                                "models.object-store.secret-key", secretKey.orElseThrow())));
    }

    /// The settings without their secrets.
    @Override
    public String toString() {
        return "ObjectStoreSettings[endpoint=" + endpoint + ", region=" + region + "]";
    }
}
