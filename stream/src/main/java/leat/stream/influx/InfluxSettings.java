package leat.stream.influx;

import java.time.Duration;
import java.util.Optional;
import leat.core.config.HttpAddress;
import leat.core.config.Secrets;
import leat.core.config.Setting;

/// Where InfluxDB is and what is loaded. Without `url` nothing is.
public record InfluxSettings(
        @Setting(
                        description =
                                "Address of InfluxDB, e.g. `http://influx.example:8086`; absent"
                                        + " means that no metrics are loaded")
                Optional<String> url,
        @Setting(description = "The database; made where it is missing", defaultValue = "leat")
                String database,
        @Setting(
                        description =
                                "The contract of the data points: `metric-point`, or"
                                        + " `metric-point.v1`",
                        defaultValue = "metric-point")
                String contract,
        @Setting(description = "User for basic authentication; needs `password`")
                Optional<String> user,
        @Setting(description = "Place of the password of `user`, `${env:NAME}` or `${file:PATH}`")
                Optional<String> password,
        @Setting(description = "Most points in one request, 1 to 50000", defaultValue = "5000")
                int batchPoints,
        @Setting(
                        description = "How long one request may take, 1 second to 2 minutes",
                        defaultValue = "30s")
                Duration requestTimeout) {

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public InfluxSettings {
        url.ifPresent(text -> HttpAddress.require("url", text));
        check(!database.isBlank(), "database must have a name");
        password.ifPresent(place -> Secrets.requirePlace("password", place));
        check(user.isPresent() == password.isPresent(), "user and password must be given together");
        check(
                batchPoints >= 1 && batchPoints <= 50_000,
                "batch-points must be from 1 to 50000, not " + batchPoints);
        check(
                requestTimeout.compareTo(Duration.ofSeconds(1)) >= 0
                        && requestTimeout.compareTo(Duration.ofMinutes(2)) <= 0,
                "request-timeout must be from 1s to 2m");
    }

    /// `user:password`, with the secret from its place now.
    ///
    /// @throws Secrets.Missing when it is not there
    public Optional<String> credentials(Secrets secrets) {
        return user.map(name ->
                name + ":" + secrets.resolve("metrics.influx.password", password.orElseThrow()));
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /// The settings without their secrets.
    @Override
    public String toString() {
        return "InfluxSettings[url=" + url + ", database=" + database + ", user=" + user + "]";
    }
}
