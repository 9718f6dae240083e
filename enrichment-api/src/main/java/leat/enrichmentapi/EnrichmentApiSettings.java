package leat.enrichmentapi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import leat.core.config.DataSize;
import leat.core.config.Setting;
import leat.core.model.ModelReference;
import leat.core.scoring.OutputValue;
import leat.core.tracking.TrackingRefused;

/// What the Enrichment API server serves and where.
public record EnrichmentApiSettings(
        @Setting(
                        description =
                                "Let `leat up` and `leat demo` run the server though no contract of"
                                        + " the workspace asks it",
                        defaultValue = "false")
                boolean withUp,
        @Setting(description = "The REST door") Http http,
        @Setting(description = "The gRPC door") Grpc grpc,
        @Setting(
                        description =
                                "Registered models that are served beside the look-ups, by the name"
                                        + " that they are asked by")
                Map<String, Model> models,
        @Setting(
                        description =
                                "The most memory for the rows of one reference contract, 1MiB to"
                                        + " 64GiB, on the Java heap; a contract that needs more is"
                                        + " not served any more and says so",
                        defaultValue = "512MiB")
                DataSize referenceMemory,
        @Setting(description = "Slowness and failures on purpose, for trials of those who ask")
                Trial trial,
        @Setting(
                        description =
                                "Listen on addresses that other machines can reach though nobody is"
                                        + " asked for a key; for networks that something else guards",
                        defaultValue = "false")
                boolean allowAnyone) {

    /// Where REST is spoken.
    public record Http(
            @Setting(
                            description =
                                    "The address to listen on; `0.0.0.0` lets other machines in,"
                                            + " which `allowed-hosts` must then name",
                            defaultValue = "127.0.0.1")
                    String host,
            @Setting(
                            description = "The port to listen on; 0 takes a free one",
                            defaultValue = "8085")
                    int port,
            @Setting(
                            description =
                                    "Names by which clients may call it, beside localhost and the"
                                            + " loopback addresses; any other Host or Origin is"
                                            + " refused")
                    List<String> allowedHosts) {
        public Http {
            allowedHosts = List.copyOf(allowedHosts);
            checkPort(port);
        }
    }

    /// Where gRPC is spoken.
    public record Grpc(
            @Setting(
                            description =
                                    "The address to listen on; `0.0.0.0` lets other machines in",
                            defaultValue = "127.0.0.1")
                    String host,
            @Setting(
                            description = "The port to listen on; 0 takes a free one",
                            defaultValue = "8086")
                    int port) {
        public Grpc {
            checkPort(port);
        }
    }

    /// A registered model that is served.
    public record Model(
            @Setting(description = "Which version: NAME@ALIAS or NAME/VERSION") String model,
            @Setting(
                            description =
                                    "Fields of the event that the model is given, in the order of"
                                            + " its columns; of a model with several inputs, their"
                                            + " names")
                    List<String> features,
            @Setting(
                            description =
                                    "What is answered of the model's outputs: label, or"
                                            + " probabilities[1] for the second value of a row")
                    List<String> outputs,
            @Setting(
                            description = "How long the events of a call may compute, 1ms to 30s",
                            defaultValue = "1s")
                    Duration timeout) {

        public Model {
            features = List.copyOf(features);
            outputs = List.copyOf(outputs);
            try {
                ModelReference.parse(model);
            } catch (TrackingRefused e) {
                throw new IllegalArgumentException("model: " + e.getMessage(), e);
            }
            if (features.isEmpty() || outputs.isEmpty()) {
                throw new IllegalArgumentException("features and outputs must name something");
            }
            outputs.forEach(OutputValue::parse);
            if (!timeout.isPositive() || timeout.compareTo(Duration.ofSeconds(30)) > 0) {
                throw new IllegalArgumentException("timeout must be from 1ms to 30s");
            }
        }
    }

    /// How the server behaves badly on purpose.
    public record Trial(
            @Setting(
                            description =
                                    "How long each call waits before it is answered, 0s to 1m",
                            defaultValue = "0s")
                    Duration latency,
            @Setting(
                            description =
                                    "Which part of the calls fails as unavailable, 0 (none) to 1 (all)",
                            defaultValue = "0")
                    double failureRate) {

        public static final Trial NONE = new Trial(Duration.ZERO, 0);

        public Trial {
            if (latency.isNegative() || latency.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("latency must be from 0s to 1m");
            }
            if (!(failureRate >= 0 && failureRate <= 1)) {
                throw new IllegalArgumentException("failure-rate must be from 0 to 1");
            }
        }
    }

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public EnrichmentApiSettings {
        models = Map.copyOf(models);
        long bytes = referenceMemory.bytes();
        if (bytes < 1 << 20 || bytes > 64L << 30) {
            throw new IllegalArgumentException("reference-memory must be from 1MiB to 64GiB");
        }
    }

    /// The same on other ports.
    public EnrichmentApiSettings withPorts(int httpPort, int grpcPort) {
        return new EnrichmentApiSettings(
                withUp,
                new Http(http.host(), httpPort, http.allowedHosts()),
                new Grpc(grpc.host(), grpcPort),
                models,
                referenceMemory,
                trial,
                allowAnyone);
    }

    private static void checkPort(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535");
        }
    }
}
