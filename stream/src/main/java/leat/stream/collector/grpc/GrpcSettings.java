package leat.stream.collector.grpc;

import java.time.Duration;
import leat.core.config.Bounds;
import leat.core.config.Setting;

/// Where the gRPC door is and how patient it is with its clients.
public record GrpcSettings(
        @Setting(description = "Whether there is a gRPC door", defaultValue = "true")
                boolean enabled,
        @Setting(
                        description = "The address to listen on; `0.0.0.0` lets other machines in",
                        defaultValue = "127.0.0.1")
                String host,
        @Setting(description = "The port to listen on; 0 takes a free one", defaultValue = "8081")
                int port,
        @Setting(
                        description =
                                "Calls open at once; beyond it clients are told RESOURCE_EXHAUSTED,"
                                        + " 1 to 100,000",
                        defaultValue = "10000")
                int maxCalls,
        @Setting(
                        description =
                                "Requests of one streaming call that wait for the log before no"
                                        + " more are read from it, 1 to 1,000",
                        defaultValue = "16")
                int maxInFlight,
        @Setting(
                        description = "How long a connection may stay without a call, 1s to 1h",
                        defaultValue = "5m")
                Duration idleTimeout,
        @Setting(
                        description =
                                "How long one request may take to arrive as a whole, and a client"
                                        + " may leave replies unread, 1s to 1h",
                        defaultValue = "30s")
                Duration requestTimeout) {

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when a value is out of range
    public GrpcSettings {
        Bounds.within("port", port, 0, 65_535);
        Bounds.within("max-calls", maxCalls, 1, 100_000);
        Bounds.within("max-in-flight", maxInFlight, 1, 1_000);
        Bounds.within("idle-timeout in seconds", idleTimeout.toSeconds(), 1, 3_600);
        Bounds.within("request-timeout in seconds", requestTimeout.toSeconds(), 1, 3_600);
    }

    /// The same on another port.
    public GrpcSettings withPort(int other) {
        return new GrpcSettings(
                enabled, host, other, maxCalls, maxInFlight, idleTimeout, requestTimeout);
    }

    /// What stands in the annotations.
    public static GrpcSettings defaults() {
        return new GrpcSettings(
                true, "127.0.0.1", 8081, 10_000, 16, Duration.ofMinutes(5), Duration.ofSeconds(30));
    }
}
