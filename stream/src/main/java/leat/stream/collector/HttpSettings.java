package leat.stream.collector;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import leat.core.config.Bounds;
import leat.core.config.Setting;

/// Where the HTTP door is and how patient it is with its clients.
public record HttpSettings(
        @Setting(
                        description = "The address to listen on; `0.0.0.0` lets other machines in",
                        defaultValue = "127.0.0.1")
                String host,
        @Setting(description = "The port to listen on; 0 takes a free one", defaultValue = "8080")
                int port,
        @Setting(description = "Connections open at once, 1 to 1,000,000", defaultValue = "10000")
                int maxConnections,
        @Setting(
                        description =
                                "Requests of one connection that wait for their answers before"
                                        + " no more are read from it, 1 to 10,000",
                        defaultValue = "64")
                int maxPipelinedRequests,
        @Setting(
                        description = "How long a connection may stay without a request, 1s to 1h",
                        defaultValue = "60s")
                Duration idleTimeout,
        @Setting(
                        description =
                                "How long one request may take to arrive as a whole, 1s to 1h",
                        defaultValue = "30s")
                Duration requestTimeout,
        @Setting(
                        description =
                                "How long a client may leave answers unread, once more wait"
                                        + " for it than its connection takes, 1s to 1h",
                        defaultValue = "30s")
                Duration answerTimeout,
        @Setting(
                        description =
                                "The origins whose pages may send events from browsers, each"
                                        + " as browsers write it, `https://shop.example`; at"
                                        + " most 100")
                List<String> allowedOrigins) {

    private static final int MAX_ORIGINS = 100;

    /// Lets no page in.
    public HttpSettings(
            String host,
            int port,
            int maxConnections,
            int maxPipelinedRequests,
            Duration idleTimeout,
            Duration requestTimeout,
            Duration answerTimeout) {
        this(
                host,
                port,
                maxConnections,
                maxPipelinedRequests,
                idleTimeout,
                requestTimeout,
                answerTimeout,
                List.of());
    }

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when a value is out of range
    public HttpSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
        Bounds.within("http.allowed-origins, their number,", allowedOrigins.size(), 0, MAX_ORIGINS);
        allowedOrigins.forEach(HttpSettings::requireOrigin);
        Bounds.within("http.port", port, 0, 65_535);
        Bounds.within("http.max-connections", maxConnections, 1, 1_000_000);
        Bounds.within("http.max-pipelined-requests", maxPipelinedRequests, 1, 10_000);
        Bounds.within("http.idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        Bounds.within(
                "http.request-timeout", requestTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        Bounds.within(
                "http.answer-timeout", answerTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    /// An origin is compared as a whole (RFC 6454), so it has to be as browsers write it.
    private static void requireOrigin(String origin) {
        if (!isOrigin(origin)) {
            throw new IllegalArgumentException(
                    "http.allowed-origins has '"
                            + origin
                            + "'; write an origin as browsers send it, http or https, host and"
                            + " port without the usual one: https://shop.example or"
                            + " http://localhost:5173, without a path; '*' is not taken, name"
                            + " each");
        }
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            String host = uri.getHost();
            if (scheme == null || host == null) {
                return false;
            }
            boolean usualPort = uri.getPort() == (scheme.equals("https") ? 443 : 80);
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return (scheme.equals("https") || scheme.equals("http"))
                    && !usualPort
                    && text.equals(scheme + "://" + host.toLowerCase(Locale.ROOT) + port);
        } catch (URISyntaxException _) {
            return false;
        }
    }

    /// The same on another port.
    public HttpSettings withPort(int other) {
        return new HttpSettings(
                host,
                other,
                maxConnections,
                maxPipelinedRequests,
                idleTimeout,
                requestTimeout,
                answerTimeout,
                allowedOrigins);
    }

    /// The same for the pages of other origins.
    public HttpSettings withAllowedOrigins(List<String> others) {
        return new HttpSettings(
                host,
                port,
                maxConnections,
                maxPipelinedRequests,
                idleTimeout,
                requestTimeout,
                answerTimeout,
                others);
    }

    /// What stands in the annotations.
    public static HttpSettings defaults() {
        return new HttpSettings(
                "127.0.0.1",
                8080,
                10_000,
                64,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30));
    }
}
