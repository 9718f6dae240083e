package leat.stream.log;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import leat.core.config.Secrets;
import leat.core.config.Setting;
import org.apache.kafka.common.config.SaslConfigs;

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
                                        + " and TLS. Secrets stand in their places:"
                                        + " `${env:NAME}`, `${file:PATH}` relative to the workspace")
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
    /// @throws IllegalArgumentException when the replication factor is out of range, or a client
    ///   property holds a secret
    public LogSettings {
        client = Map.copyOf(client);
        client.forEach(ClientSecrets::check);
        if (replicationFactor < 1 || replicationFactor > 32) {
            throw new IllegalArgumentException("replication-factor must be from 1 to 32");
        }
    }

    /// The client properties with the secrets that they name.
    ///
    /// @throws Secrets.Missing when one is not in its place
    public Map<String, String> client(Secrets secrets) {
        Map<String, String> resolved = new HashMap<>();
        client.forEach((property, text) ->
                resolved.put(
                        property,
                        secrets.resolve(
                                "log.client: " + property,
                                text,
                                property.equals(SaslConfigs.SASL_JAAS_CONFIG)
                                        ? LogSettings::quoted
                                        : UnaryOperator.identity())));
        return resolved;
    }

    /// As it stands between the quotes of a login module's option.
    private static String quoted(String secret) {
        return secret.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
