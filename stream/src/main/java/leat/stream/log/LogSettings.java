package leat.stream.log;

import java.util.Map;
import java.util.Optional;
import leat.core.config.Setting;

/// Where the log is. Without `bootstrap-servers` the embedded broker is used.
public record LogSettings(
        @Setting(
                        description =
                                "Kafka's addresses, `host:port` separated by commas; absent means the"
                                        + " embedded broker")
                Optional<String> bootstrapServers,
        @Setting(description = "Loopback port of the embedded broker", defaultValue = "9092")
                int port,
        @Setting(
                        description =
                                "Kafka client properties passed through as they are, e.g. for SASL"
                                        + " and TLS")
                Map<String, String> client,
        @Setting(
                        description = "Replicas of each topic that Leat creates, 1 to 32",
                        defaultValue = "1")
                int replicationFactor,
        @Setting(
                        description =
                                "Accept an external cluster whose `min.insync.replicas` is below 2,"
                                        + " where one lost disk loses acknowledged events",
                        defaultValue = "false")
                boolean allowSingleReplica,
        @Setting(
                        description =
                                "Let the embedded broker flush to disk before it acknowledges:"
                                        + " survives loss of power, slower",
                        defaultValue = "false")
                boolean fsync) {

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when the replication factor is out of range
    public LogSettings {
        client = Map.copyOf(client);
        if (replicationFactor < 1 || replicationFactor > 32) {
            throw new IllegalArgumentException("replication-factor must be from 1 to 32");
        }
    }
}
