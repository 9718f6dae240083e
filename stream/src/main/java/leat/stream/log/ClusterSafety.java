package leat.stream.log;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/// Whether a cluster keeps what it acknowledges when one disk is lost.
public final class ClusterSafety {

    private static final int ENOUGH_REPLICAS = 2;

    private ClusterSafety() {}

    /// What speaks against an external cluster: `min.insync.replicas` below 2 on a broker, or
    /// topics that would be made with fewer replicas than that. Empty when nothing does.
    ///
    /// @throws LogUnavailable when the cluster does not answer
    public static Optional<String> objection(Admin admin, int replicationFactor) {
        if (replicationFactor < ENOUGH_REPLICAS) {
            return Optional.of("topics would have " + replicationFactor + " replica");
        }
        try {
            List<ConfigResource> brokers =
                    admin.describeCluster().nodes().get().stream()
                            .map(node ->
                                    new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                            .toList();
            for (Config broker : admin.describeConfigs(brokers).all().get().values()) {
                Optional<String> value =
                        Optional.ofNullable(broker.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG))
                                .map(ConfigEntry::value);
                if (value.isPresent() && Integer.parseInt(value.get()) < ENOUGH_REPLICAS) {
                    return Optional.of("the brokers have min.insync.replicas=" + value.get());
                }
            }
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot read the brokers' configuration", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
