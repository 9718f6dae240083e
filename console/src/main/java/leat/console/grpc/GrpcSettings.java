package leat.console.grpc;

import leat.core.config.Bounds;
import leat.core.config.Setting;

/// Where the console's gRPC server listens; its address, keys and TLS are those of the console.
public record GrpcSettings(
        @Setting(
                        description = "Whether features and models are served over gRPC",
                        defaultValue = "true")
                boolean enabled,
        @Setting(description = "The port of gRPC; 0 takes a free one", defaultValue = "8091")
                int port) {

    public static final GrpcSettings DEFAULT = new GrpcSettings(true, 8091);

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when the port is out of range
    public GrpcSettings {
        Bounds.within("grpc.port", port, 0, 65_535);
    }

    /// The same on another port.
    public GrpcSettings withPort(int other) {
        return new GrpcSettings(enabled, other);
    }
}
