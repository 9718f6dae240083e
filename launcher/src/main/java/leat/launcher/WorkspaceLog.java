package leat.launcher;

import java.nio.file.Files;
import java.time.Duration;
import leat.launcher.config.Workspace;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;

/// The log of a workspace, for commands that only ask it and have nothing to wait for.
public final class WorkspaceLog {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private WorkspaceLog() {}

    /// How to reach the log, after it has answered.
    ///
    /// @throws UserError when it does not within ten seconds
    public static LogConnection answering(Workspace workspace, int portOffset) {
        LogConnection log = workspace.log(portOffset);
        boolean embedded = workspace.config().log().bootstrapServers().isEmpty();
        try (Admin admin = LogPresence.admin(log)) {
            new LogPresence(log.bootstrapServers(), embedded, PATIENCE).await(admin);
        }
        return log;
    }

    /// The workspace, after its log has answered, with what the registries know of its contracts
    /// and feature views.
    ///
    /// @throws UserError when the log does not answer within ten seconds
    public static Workspace joined(Workspace workspace, int portOffset) {
        LogConnection log = answering(workspace, portOffset);
        return new ViewRegistration(new ContractRegistration(workspace, log).joined(), log)
                .joined();
    }

    /// The same with all versions of feature views that have ever served.
    ///
    /// @throws UserError when the log does not answer within ten seconds
    public static Workspace joinedWithAllServed(Workspace workspace, int portOffset) {
        LogConnection log = answering(workspace, portOffset);
        return new ViewRegistration(new ContractRegistration(workspace, log).joined(), log)
                .joinedWithAllServed();
    }

    /// Whether the embedded broker of the workspace has never run, so that there is no topic yet.
    static boolean isStillToBeMade(Workspace workspace) {
        return workspace.config().log().bootstrapServers().isEmpty()
                && !Files.exists(workspace.stateFolder().resolve("kafka"));
    }
}
