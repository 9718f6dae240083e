package leat.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.config.Ports;
import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicChange;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The roles of one process, wired together. This is the only place that knows all parts.
///
/// Parts start in the order in which an event meets them and stop in reverse, so that nobody writes
/// to what is gone already.
public final class Platform implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

    private final Workspace workspace;
    private final Options options;
    private final Names names;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    /// What of the platform this process runs.
    ///
    /// @param instance names this process among those of the same role
    /// @param portOffset is added to every configured port
    public record Options(Set<Role> roles, String instance, int portOffset) {
        public Options {
            roles = Set.copyOf(roles);
        }

        boolean has(Role role) {
            return roles.contains(role);
        }
    }

    private Platform(Workspace workspace, Options options) {
        this.workspace = workspace;
        this.options = options;
        this.names = workspace.names();
    }

    /// Starts the roles and returns when the collector, where it is one of them, takes events. The
    /// search engine may still be starting: its loader waits for it.
    ///
    /// @throws UserError when a port is taken, a topic differs from its contract, and the like
    public static Platform start(Workspace workspace, Options options) {
        Platform platform = new Platform(workspace, options);
        try {
            platform.startParts();
            return platform;
        } catch (RuntimeException | Error e) {
            platform.close();
            throw e;
        }
    }

    private void startParts() {
        StateFolder state = new StateFolder(workspace.stateFolder());
        state.prepare();
        if (options.has(Role.KAFKA) && workspace.config().log().bootstrapServers().isEmpty()) {
            parts.push(state.own());
            startKafka();
        }
        LogConnection log = workspace.log(options.portOffset());
        prepareTopics(log);
    }

    private void startKafka() {
        Ports port = workspace.kafkaPort(options.portOffset());
        port.requireFree();
        EmbeddedKafka kafka =
                EmbeddedKafka.start(
                        new EmbeddedKafka.Settings(
                                workspace.stateFolder().resolve("kafka"),
                                port.number(),
                                workspace.config().log().fsync(),
                                Map.of()));
        parts.push(kafka);
        addresses.put(Role.KAFKA.word(), kafka.bootstrapServers());
    }

    private void prepareTopics(LogConnection log) {
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, workspace.config().log().replicationFactor());
            List<TopicSpec> wanted =
                    workspace.contracts().all().stream()
                            .flatMap((Contract contract) -> TopicSpec.of(names, contract).stream())
                            .toList();
            List<TopicChange> plan = topics.plan(wanted);
            refuseDifferences(plan);
            topics.apply(plan);
        }
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

    /// Where each role that listens can be reached.
    public Map<String, String> addresses() {
        return Map.copyOf(addresses);
    }

    /// Waits until [#stop] is called (true), or a part has ended that the others cannot do without
    /// (false).
    public boolean awaitEnd() {
        return end.join();
    }

    /// Ends [#awaitEnd]; returns at once.
    public void stop() {
        end.complete(true);
    }

    /// Stops the parts in reverse order; a part that fails to stop does not keep the others from
    /// it.
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .setCause(e)
                        .log("Part did not stop cleanly");
            }
        }
    }
}
