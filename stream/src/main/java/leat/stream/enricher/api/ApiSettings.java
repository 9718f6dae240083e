package leat.stream.enricher.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import leat.core.config.Setting;

/// A service that enrichment steps ask.
public record ApiSettings(
        @Setting(
                        description =
                                "Where it answers: http://HOST:PORT/PATH, or"
                                        + " grpc://HOST:PORT/LOOKUP; https and grpcs with TLS")
                String url,
        @Setting(description = "The most questions in one call, 1 to 1000", defaultValue = "100")
                int batch,
        @Setting(
                        description = "The most calls at a time from this process, 1 to 10000",
                        defaultValue = "64")
                int concurrency,
        @Setting(
                        description =
                                "Repeated calls for every hundred first ones, 0 to 100; when they"
                                        + " are used up, failures are not repeated",
                        defaultValue = "20")
                int retryPercent,
        @Setting(
                        description =
                                "Which part of the last hundred calls must fail until nothing is"
                                        + " asked for a while, in percent, 1 to 100",
                        defaultValue = "50")
                int breakerPercent,
        @Setting(
                        description = "For how long nothing is asked then, 100ms to 10m",
                        defaultValue = "5s")
                Duration breakerPause,
        @Setting(
                        description =
                                "How long an answer is used again for the same question, 0s (never)"
                                        + " to 7d",
                        defaultValue = "0s")
                Duration cacheTtl,
        @Setting(
                        description = "The most answers that are kept, 1 to 10000000",
                        defaultValue = "100000")
                int cacheEntries) {

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public ApiSettings {
        check(usable(url), "url", "http(s)://HOST:PORT/PATH or grpc(s)://HOST:PORT/LOOKUP");
        check(batch >= 1 && batch <= 1_000, "batch", "1 to 1000");
        check(concurrency >= 1 && concurrency <= 10_000, "concurrency", "1 to 10000");
        check(retryPercent >= 0 && retryPercent <= 100, "retry-percent", "0 to 100");
        check(breakerPercent >= 1 && breakerPercent <= 100, "breaker-percent", "1 to 100");
        check(
                breakerPause.toMillis() >= 100
                        && breakerPause.compareTo(Duration.ofMinutes(10)) <= 0,
                "breaker-pause",
                "100ms to 10m");
        check(cacheTtl.compareTo(Duration.ofDays(7)) <= 0, "cache-ttl", "0s to 7d");
        check(cacheEntries >= 1 && cacheEntries <= 10_000_000, "cache-entries", "1 to 10000000");
    }

    /// What is written is the address alone.
    public static ApiSettings at(String url) {
        return new ApiSettings(url, 100, 64, 20, 50, Duration.ofSeconds(5), Duration.ZERO, 100_000);
    }

    private static boolean usable(String text) {
        try {
            URI url = new URI(text);
            if (url.getScheme() == null || url.getHost() == null) {
                return false;
            }
            return switch (url.getScheme()) {
                case "http", "https" -> true;
                case "grpc", "grpcs" -> url.getPort() > 0 && url.getPath().matches("/[^/]+");
                case String _ -> false;
            };
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static void check(boolean sound, String key, String range) {
        if (!sound) {
            throw new IllegalArgumentException(key + " must be " + range);
        }
    }
}
