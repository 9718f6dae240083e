package leat.stream.extract;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import leat.core.config.Secrets;
import leat.core.config.Setting;

/// A query whose rows are read in the order of a watermark, e.g. the time of their last change.
public record JdbcPull(
        @Setting(description = "The database, e.g. `jdbc:postgresql://db.example/shop`") String url,
        @Setting(description = "Who logs in") Optional<String> user,
        @Setting(description = "The password: `${env:NAME}` or `${file:PATH}`")
                Optional<String> password,
        @Setting(description = "Other properties of the driver, e.g. `sslmode: verify-full`")
                Map<String, String> properties,
        @Setting(
                        description =
                                "What is read, one SELECT; a column's name is the field of the"
                                        + " event")
                String query,
        @Setting(
                        description =
                                "The column that grows with every change: a timestamp, date, whole"
                                        + " or decimal number, or text. Rows without one are not"
                                        + " read")
                String watermark,
        @Setting(
                        description =
                                "The column that tells rows of one watermark apart: whole or"
                                        + " decimal number, text or UUID")
                String id,
        @Setting(description = "Rows read at once, 1 to 10,000", defaultValue = "1000") int rows,
        @Setting(
                        description =
                                "How old a watermark has to be where it is a timestamp: a"
                                        + " transaction that takes longer between its change and its"
                                        + " commit may be missed; 0s to 1d",
                        defaultValue = "10s")
                Duration settle,
        @Setting(description = "How long the query may take, 1s to 1h", defaultValue = "1m")
                Duration timeout) {

    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException that names the key
    public JdbcPull {
        properties = Map.copyOf(properties);
        password.ifPresent(place -> new Secret("password", place));
        check(url.startsWith("jdbc:"), "url must begin with jdbc:");
        check(
                !url.toLowerCase(Locale.ROOT).contains("password")
                        && !Secrets.hasSecretPart(url)
                        && properties.keySet().stream().noneMatch(Secrets::isSecretName),
                "url and properties must hold no password; name its place with password: ${env:NAME}"
                        + " or ${file:PATH}");
        check(COLUMN.matcher(watermark).matches(), "watermark must be the name of a column");
        check(COLUMN.matcher(id).matches(), "id must be the name of a column");
        check(!query.isBlank(), "query must be a SELECT");
        check(rows >= 1 && rows <= 10_000, "rows must be from 1 to 10000");
        check(
                !settle.isNegative() && settle.compareTo(Duration.ofDays(1)) <= 0,
                "settle must be from 0s to 1d");
        check(
                timeout.compareTo(Duration.ofSeconds(1)) >= 0
                        && timeout.compareTo(Duration.ofHours(1)) <= 0,
                "timeout must be from 1s to 1h");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
