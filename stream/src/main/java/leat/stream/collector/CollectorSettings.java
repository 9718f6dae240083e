package leat.stream.collector;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.config.Setting;
import leat.stream.collector.access.AccessSettings;
import leat.stream.collector.collectd.CollectdSettings;
import leat.stream.collector.grpc.GrpcSettings;
import leat.stream.collector.mqtt.MqttSettings;
import leat.stream.collector.otlp.OtlpSettings;
import leat.stream.collector.syslog.SyslogSettings;
import leat.stream.log.LogConnection;
import leat.stream.tls.TlsSettings;

/// How the collector listens and what it takes at most.
public record CollectorSettings(
        @Setting(description = "The HTTP door") HttpSettings http,
        @Setting(description = "The gRPC door") GrpcSettings grpc,
        @Setting(description = "The MQTT door") MqttSettings mqtt,
        @Setting(description = "OpenTelemetry's logs and metrics") OtlpSettings otlp,
        @Setting(description = "The values of collectd's write_http") CollectdSettings collectd,
        @Setting(description = "The syslog door") SyslogSettings syslog,
        @Setting(description = "What one event, one request and all of them may take")
                Limits limits,
        @Setting(
                        description =
                                "How long Kafka may take to acknowledge an event before the client"
                                        + " is told 503, 1s to 2m",
                        defaultValue = "10s")
                Duration deliveryTimeout,
        @Setting(
                        description =
                                "How long open requests may take to end when the collector stops,"
                                        + " up to 5m",
                        defaultValue = "15s")
                Duration drainTimeout,
        @Setting(description = "Who is let in") AccessSettings access,
        @Setting(description = "What is kept on disk while Kafka is away") SpoolingSettings spool,
        @Setting(
                        description =
                                "TLS at all doors; absent means that what is sent can be read on"
                                        + " its way")
                Optional<TlsSettings> tls) {

    /// Lets everybody in, and has no MQTT door.
    public CollectorSettings(
            HttpSettings http, Limits limits, Duration deliveryTimeout, Duration drainTimeout) {
        this(
                http,
                GrpcSettings.defaults(),
                MqttSettings.defaults(),
                OtlpSettings.OFF,
                CollectdSettings.OFF,
                SyslogSettings.defaults(),
                limits,
                deliveryTimeout,
                drainTimeout,
                AccessSettings.OFF,
                SpoolingSettings.OFF,
                Optional.empty());
    }

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when a time is out of range
    public CollectorSettings {
        within("delivery-timeout", deliveryTimeout, Duration.ofSeconds(1), Duration.ofMinutes(2));
        within("drain-timeout", drainTimeout, Duration.ZERO, Duration.ofMinutes(5));
    }

    /// The same with another HTTP door.
    public CollectorSettings withHttp(HttpSettings other) {
        return new CollectorSettings(
                other,
                grpc,
                mqtt,
                otlp,
                collectd,
                syslog,
                limits,
                deliveryTimeout,
                drainTimeout,
                access,
                spool,
                tls);
    }

    /// The same with another gRPC door.
    public CollectorSettings withGrpc(GrpcSettings other) {
        return new CollectorSettings(
                http,
                other,
                mqtt,
                otlp,
                collectd,
                syslog,
                limits,
                deliveryTimeout,
                drainTimeout,
                access,
                spool,
                tls);
    }

    /// The same with another MQTT door.
    public CollectorSettings withMqtt(MqttSettings other) {
        return new CollectorSettings(
                http,
                grpc,
                other,
                otlp,
                collectd,
                syslog,
                limits,
                deliveryTimeout,
                drainTimeout,
                access,
                spool,
                tls);
    }

    /// The same with other contracts for OpenTelemetry.
    public CollectorSettings withOtlp(OtlpSettings other) {
        return new CollectorSettings(
                http,
                grpc,
                mqtt,
                other,
                collectd,
                syslog,
                limits,
                deliveryTimeout,
                drainTimeout,
                access,
                spool,
                tls);
    }

    /// The same with another contract for collectd.
    public CollectorSettings withCollectd(CollectdSettings other) {
        return new CollectorSettings(
                http,
                grpc,
                mqtt,
                otlp,
                other,
                syslog,
                limits,
                deliveryTimeout,
                drainTimeout,
                access,
                spool,
                tls);
    }

    /// The same with another spool.
    public CollectorSettings withSpool(SpoolingSettings other) {
        return new CollectorSettings(
                http,
                grpc,
                mqtt,
                otlp,
                collectd,
                syslog,
                limits,
                deliveryTimeout,
                drainTimeout,
                access,
                other,
                tls);
    }

    /// What stands in the annotations.
    public static CollectorSettings defaults() {
        return new CollectorSettings(
                HttpSettings.defaults(),
                Limits.defaults(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15));
    }

    /// Where the HTTP door is and how patient it is with its clients.
    public record HttpSettings(
            @Setting(
                            description =
                                    "The address to listen on; `0.0.0.0` lets other machines in",
                            defaultValue = "127.0.0.1")
                    String host,
            @Setting(
                            description = "The port to listen on; 0 takes a free one",
                            defaultValue = "8080")
                    int port,
            @Setting(
                            description = "Connections open at once, 1 to 1,000,000",
                            defaultValue = "10000")
                    int maxConnections,
            @Setting(
                            description =
                                    "Requests of one connection that wait for their answers before"
                                            + " no more are read from it, 1 to 10,000",
                            defaultValue = "64")
                    int maxPipelinedRequests,
            @Setting(
                            description =
                                    "How long a connection may stay without a request, 1s to 1h",
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
            within("http.allowed-origins, their number,", allowedOrigins.size(), 0, MAX_ORIGINS);
            allowedOrigins.forEach(HttpSettings::requireOrigin);
            within("http.port", port, 0, 65_535);
            within("http.max-connections", maxConnections, 1, 1_000_000);
            within("http.max-pipelined-requests", maxPipelinedRequests, 1, 10_000);
            within("http.idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
            within(
                    "http.request-timeout",
                    requestTimeout,
                    Duration.ofSeconds(1),
                    Duration.ofHours(1));
            within(
                    "http.answer-timeout",
                    answerTimeout,
                    Duration.ofSeconds(1),
                    Duration.ofHours(1));
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

    /// What may be in flight, from small to large.
    public record Limits(
            @Setting(description = "The size of one event, 1KiB to 3MiB", defaultValue = "1MiB")
                    DataSize eventSize,
            @Setting(
                            description =
                                    "The size of one request's body, before and after unpacking,"
                                            + " 1KiB to 256MiB",
                            defaultValue = "10MiB")
                    DataSize requestSize,
            @Setting(
                            description = "The events of one request, 1 to 1,000,000",
                            defaultValue = "10000")
                    int requestEvents,
            @Setting(
                            description =
                                    "The bodies of all requests that are being read or wait for"
                                            + " Kafka, and the answers that clients leave unread;"
                                            + " beyond it clients are told 429, up to 8GiB",
                            defaultValue = "64MiB")
                    DataSize inFlightSize,
            @Setting(
                            description =
                                    "The requests that wait for Kafka; beyond it clients are told"
                                            + " 429, 1 to 1,000,000",
                            defaultValue = "10000")
                    int inFlightRequests,
            @Setting(
                            description =
                                    "How long an event may wait for Kafka, as far as the"
                                            + " collector can tell from what Kafka acknowledged"
                                            + " lately; when more comes than that clients are told"
                                            + " 429, 50ms to 1m",
                            defaultValue = "1s")
                    Duration inFlightWait) {

        /// Waits a second for Kafka.
        public Limits(
                DataSize eventSize,
                DataSize requestSize,
                int requestEvents,
                DataSize inFlightSize,
                int inFlightRequests) {
            this(
                    eventSize,
                    requestSize,
                    requestEvents,
                    inFlightSize,
                    inFlightRequests,
                    Duration.ofSeconds(1));
        }

        /// Checks the values.
        ///
        /// @throws IllegalArgumentException when a value is out of range
        public Limits {
            // Headers travel in the same record, so an event stays well below a record's limit.
            within(
                    "limits.event-size",
                    eventSize,
                    1 << 10,
                    LogConnection.MAX_RECORD_BYTES * 3L / 4);
            within("limits.request-size", requestSize, 1 << 10, 256L << 20);
            within("limits.request-events", requestEvents, 1, 1_000_000);
            within("limits.in-flight-size", inFlightSize, requestSize.bytes(), 8L << 30);
            within("limits.in-flight-requests", inFlightRequests, 1, 1_000_000);
            within(
                    "limits.in-flight-wait",
                    inFlightWait,
                    Duration.ofMillis(50),
                    Duration.ofMinutes(1));
        }

        /// What stands in the annotations.
        public static Limits defaults() {
            return new Limits(
                    DataSize.mebibytes(1),
                    DataSize.mebibytes(10),
                    10_000,
                    DataSize.mebibytes(64),
                    10_000);
        }
    }

    private static void within(String key, DataSize value, long least, long most) {
        if (value.bytes() < least || value.bytes() > most) {
            throw new IllegalArgumentException(
                    key
                            + " must be from "
                            + new DataSize(least)
                            + " to "
                            + new DataSize(most)
                            + ", not "
                            + value);
        }
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    key + " must be from " + least + " to " + most + ", not " + value);
        }
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    key + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
