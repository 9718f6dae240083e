package leat.launcher;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import leat.launcher.config.Workspace;
import leat.ml.objectstore.ObjectStoreWhenAsked;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.NeededVersions;
import leat.ml.registry.Promotions;
import leat.ml.registry.Prunings;
import leat.ml.registry.RegistryLog;
import leat.ml.registry.RegistryTopics;
import leat.ml.scoring.WeightsPublishing;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;

/// What the log of a workspace has of runs and models, for a command. Nothing but Kafka has to run.
///
/// @param models closes the others
public record WorkspaceModels(
        TrackingLog tracking, RegistryLog registry, ArtifactLog artifacts, ModelsInLog models)
        implements AutoCloseable {

    /// Opens them, after the log has answered. What reads a file of an object store needs its
    /// secrets, and fails with a [UserError] where one is not in its place.
    ///
    /// @throws UserError when it does not within ten seconds, or has no topics of models yet
    public static WorkspaceModels open(Workspace workspace, int portOffset) {
        LogConnection log = logWithModels(workspace, portOffset);
        InstantSource clock = InstantSource.system();
        TrackingLog tracking = new TrackingLog(log, workspace.names(), clock);
        RegistryLog registry = new RegistryLog(log, workspace.names(), clock);
        Path spool = workspace.stateFolder().resolve("uploads");
        ArtifactLog artifacts = new ArtifactLog(log, workspace.names(), spool, clock);
        return new WorkspaceModels(
                tracking,
                registry,
                artifacts,
                new ModelsInLog(
                        tracking,
                        registry,
                        artifacts,
                        new ObjectStoreWhenAsked(workspace::objectStore)));
    }

    /// How to reach the log, after it has answered and was found to keep models.
    ///
    /// @throws UserError when it does not answer within ten seconds, or has no topics of models yet
    public static LogConnection logWithModels(Workspace workspace, int portOffset) {
        LogConnection log = WorkspaceLog.answering(workspace, portOffset);
        refuseWithoutTopics(workspace, log);
        return log;
    }

    private static void refuseWithoutTopics(Workspace workspace, LogConnection log) {
        List<String> needed =
                new RegistryTopics(workspace.names())
                        .specs().stream().map(TopicSpec::name).toList();
        try (Admin admin = LogPresence.admin(log)) {
            Map<String, Integer> known =
                    new Topics(admin, workspace.config().log().replicationFactor())
                            .partitionCounts(needed);
            for (String topic : needed) {
                if (!known.containsKey(topic)) {
                    throw new UserError(
                            "no models are kept in this log: it has no topic " + topic,
                            "start the platform once with leat up or leat run, which makes it");
                }
            }
        }
    }

    public Promotions promotions() {
        return new Promotions(registry, models);
    }

    /// Deletes versions that nothing needs.
    ///
    /// @param needed what versions are needed for beside what the registry knows
    public Prunings prunings(NeededVersions needed) {
        return new Prunings(tracking, registry, artifacts, needed, InstantSource.system());
    }

    public WeightsPublishing weightsPublishing() {
        return new WeightsPublishing(registry, artifacts, models);
    }

    @Override
    public void close() {
        models.close();
    }
}
