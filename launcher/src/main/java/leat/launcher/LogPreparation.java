package leat.launcher;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import leat.launcher.config.Workspace;
import leat.stream.log.ClusterSafety;
import leat.stream.log.LogConnection;
import leat.stream.log.LogSettings;
import leat.stream.log.LogUnavailable;
import leat.stream.log.TopicChange;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the log ready for a workspace, or says why it cannot be.
record LogPreparation(Workspace workspace, LogConnection log) {

    private static final Logger LOG = LoggerFactory.getLogger(LogPreparation.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REST = Duration.ofSeconds(1);

    /// Returns when the log answers, is safe enough and has all topics, and the contracts are
    /// registered. What is out of breath meanwhile is asked again for two minutes: each step finds
    /// what the attempt before has made.
    ///
    /// @return the workspace, whose contracts know what the registry knows of them
    /// @throws UserError when the log does not answer or is not to be trusted with events, or a
    ///   topic differs from its contract
    Workspace prepare() {
        try (Admin admin = LogPresence.admin(log)) {
            boolean embedded = workspace.config().log().bootstrapServers().isEmpty();
            new LogPresence(log.bootstrapServers(), embedded, PATIENCE).await(admin);
            return patiently(() -> prepare(admin), PATIENCE.multipliedBy(2));
        }
    }

    private Workspace prepare(Admin admin) {
        refuseUnsafeCluster(admin);
        Topics topics = new Topics(admin, workspace.config().log().replicationFactor());
        ContractRegistration registration = new ContractRegistration(workspace, log);
        registration.refuseBreaking();
        ViewRegistration views = new ViewRegistration(workspace, log);
        views.refuseChanged();
        List<TopicChange> plan = topics.plan(WorkspacePlan.topics(workspace));
        refuseDifferences(plan);
        topics.apply(plan);
        Workspace registered = registration.register();
        views.register();
        return new ViewRegistration(registered, log).joined();
    }

    /// Tries again where Kafka was only not heard in time.
    static <T> T patiently(Supplier<T> attempt, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return attempt.get();
            } catch (LogUnavailable e) {
                if (!e.mayPass() || System.nanoTime() >= deadline) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("cause", e.getMessage())
                        .log("Kafka is out of breath; asking again");
                LockSupport.parkNanos(REST.toNanos());
            }
        }
    }

    private void refuseUnsafeCluster(Admin admin) {
        LogSettings configured = workspace.config().log();
        if (configured.bootstrapServers().isEmpty() || configured.allowSingleReplica()) {
            return;
        }
        ClusterSafety.objection(admin, configured.replicationFactor())
                .ifPresent(objection -> {
                    throw new UserError(
                            objection + ": one lost disk would lose acknowledged events",
                            "set min.insync.replicas=2 on the brokers and"
                                    + " log.replication-factor to 3, or accept the risk with"
                                    + " log.allow-single-replica: true");
                });
    }

    private static void refuseDifferences(List<TopicChange> plan) {
        List<TopicChange.Differs> differing =
                plan.stream()
                        .filter(TopicChange.Differs.class::isInstance)
                        .map(TopicChange.Differs.class::cast)
                        .toList();
        if (differing.isEmpty()) {
            return;
        }
        throw new UserError(
                differing.stream()
                        .map(change ->
                                "topic "
                                        + change.topic()
                                        + ": "
                                        + String.join("; ", change.differences()))
                        .collect(Collectors.joining("\n      ")),
                differing.getFirst().remedy());
    }
}
