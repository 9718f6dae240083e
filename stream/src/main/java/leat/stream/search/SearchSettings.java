package leat.stream.search;

import java.time.Duration;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.config.HttpAddress;
import leat.core.config.Secrets;
import leat.core.config.Setting;

/// Where the search engine is and how it is loaded. Without `url` the embedded OpenSearch is used.
public record SearchSettings(
        @Setting(
                        description =
                                "Address of OpenSearch or Elasticsearch 7.17, 8 or 9, e.g."
                                        + " `https://search.example:9200`; absent means the embedded"
                                        + " OpenSearch")
                Optional<String> url,
        @Setting(description = "User for basic authentication; needs `password`")
                Optional<String> user,
        @Setting(description = "Place of the password of `user`, `${env:NAME}` or `${file:PATH}`")
                Optional<String> password,
        @Setting(
                        description =
                                "Place of an Elasticsearch API key, Base64 as Kibana shows it;"
                                        + " instead of `user`")
                Optional<String> apiKey,
        @Setting(description = "Loopback port of the embedded OpenSearch", defaultValue = "9200")
                int port,
        @Setting(
                        description = "Largest heap of the embedded OpenSearch, at least 128MiB",
                        defaultValue = "512MiB")
                DataSize heap,
        @Setting(
                        description = "Most documents in one bulk request, 1 to 10000",
                        defaultValue = "2000")
                int bulkRecords,
        @Setting(
                        description =
                                "Most bytes in one bulk request, 64KiB to 64MiB; a larger document"
                                        + " travels alone",
                        defaultValue = "5MiB")
                DataSize bulkSize,
        @Setting(
                        description =
                                "How soon a loaded document can be found, 100 ms to 10 minutes;"
                                        + " longer costs the engine less",
                        defaultValue = "1s")
                Duration refreshInterval,
        @Setting(
                        description = "Primary shards of each index Leat creates, 1 to 64",
                        defaultValue = "1")
                int shards,
        @Setting(
                        description = "How long one request may take, 1 second to 2 minutes",
                        defaultValue = "1m")
                Duration requestTimeout) {

    /// Everything at its default: the embedded engine.
    public static final SearchSettings DEFAULT =
            new SearchSettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    9200,
                    DataSize.mebibytes(512),
                    2000,
                    DataSize.mebibytes(5),
                    Duration.ofSeconds(1),
                    1,
                    Duration.ofMinutes(1));

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range, or two contradict each other
    public SearchSettings {
        url.ifPresent(text -> HttpAddress.require("url", text));
        password.ifPresent(place -> Secrets.requirePlace("password", place));
        apiKey.ifPresent(place -> Secrets.requirePlace("api-key", place));
        check(user.isPresent() == password.isPresent(), "user and password must be given together");
        check(user.isEmpty() || apiKey.isEmpty(), "give either user and password or api-key");
        check(
                url.isPresent() || (user.isEmpty() && apiKey.isEmpty()),
                "user and api-key need url: the embedded engine has no users");
        check(port >= 0 && port <= 65_535, "port must be from 0 to 65535");
        check(heap.bytes() >= DataSize.mebibytes(128).bytes(), "heap must be at least 128MiB");
        check(bulkRecords >= 1 && bulkRecords <= 10_000, "bulk-records must be from 1 to 10000");
        check(
                bulkSize.bytes() >= 64 << 10 && bulkSize.bytes() <= 64 << 20,
                "bulk-size must be from 64KiB to 64MiB");
        check(
                within(refreshInterval, Duration.ofMillis(100), Duration.ofMinutes(10)),
                "refresh-interval must be from 100ms to 10m");
        check(shards >= 1 && shards <= 64, "shards must be from 1 to 64");
        check(
                within(requestTimeout, Duration.ofSeconds(1), Duration.ofMinutes(2)),
                "request-timeout must be from 1s to 2m");
    }

    private static boolean within(Duration value, Duration lower, Duration upper) {
        return value.compareTo(lower) >= 0 && value.compareTo(upper) <= 0;
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /// The settings without their secrets.
    @Override
    public String toString() {
        return "SearchSettings[url=" + url + ", user=" + user + ", port=" + port + "]";
    }
}
