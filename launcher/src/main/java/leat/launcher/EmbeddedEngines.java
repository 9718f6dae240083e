package leat.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import leat.embedded.kafka.EmbeddedKafka;
import leat.embedded.opensearch.EmbeddedOpenSearch;
import leat.embedded.opensearch.NodeSettings;
import leat.launcher.config.Ports;
import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import org.jspecify.annotations.Nullable;

/// The engines that the program brings along: the broker in this JVM, the search engine as a child.
final class EmbeddedEngines {

    private final Workspace workspace;
    private final Platform.Options options;
    private final RunningParts parts;
    private @Nullable EmbeddedOpenSearch search;

    EmbeddedEngines(Workspace workspace, Platform.Options options, RunningParts parts) {
        this.workspace = workspace;
        this.options = options;
        this.parts = parts;
    }

    /// Starts those among the roles whose part no engine of the user's has.
    ///
    /// @throws UserError when a port is taken, or there is nothing to run
    void start() {
        if (options.has(Role.KAFKA) && workspace.config().log().bootstrapServers().isEmpty()) {
            startKafka();
        }
        if (options.has(Role.OPENSEARCH) && workspace.config().search().url().isEmpty()) {
            startOpenSearch();
        }
        refuseNothing();
    }

    /// Roles that the workspace has given to engines of the user's leave nothing to do.
    private void refuseNothing() {
        Set<Role> engines = Set.of(Role.KAFKA, Role.OPENSEARCH);
        if (parts.idle() && engines.containsAll(options.roles())) {
            throw new UserError(
                    "there is nothing to run: leat.yaml names an engine of its own for "
                            + options.roles().stream()
                                    .map(Role::word)
                                    .sorted()
                                    .collect(Collectors.joining(" and ")),
                    "take log.bootstrap-servers or search.url out of leat.yaml to use the embedded"
                            + " one, or leave the role out");
        }
    }

    private void startKafka() {
        parts.add(new StateFolder(workspace.stateFolder()).own());
        Ports port = workspace.ports(options.portOffset()).kafka();
        port.requireFree();
        EmbeddedKafka kafka =
                EmbeddedKafka.start(
                        new EmbeddedKafka.Settings(
                                workspace.stateFolder().resolve("kafka"),
                                port.number(),
                                workspace.config().log().fsync(),
                                Map.of()));
        parts.add(kafka);
        parts.serve(Role.KAFKA.word(), kafka.bootstrapServers());
    }

    /// Starts the engine without waiting for it: it takes ten times as long as everything else.
    private void startOpenSearch() {
        Path jars =
                SearchNodeJars.folder()
                        .orElseThrow(() ->
                                new UserError(
                                        "the embedded search engine's jars were not found",
                                        "build with ./leat, or set search.url to an engine"
                                                + " of yours"));
        Ports port = workspace.ports(options.portOffset()).search();
        port.requireFree();
        EmbeddedOpenSearch engine =
                EmbeddedOpenSearch.start(
                        new NodeSettings(
                                workspace.stateFolder().resolve("opensearch"),
                                port.number(),
                                (int) (workspace.config().search().heap().bytes() >> 20),
                                jars,
                                ProcessHandle.current()
                                        .info()
                                        .command()
                                        .map(Path::of)
                                        .orElse(Path.of("java"))));
        parts.add(engine);
        search = engine;
        parts.address(Role.OPENSEARCH.word(), engine.url().toString());
        parts.stage(Role.OPENSEARCH.word(), () -> StageState.of(engine.state()));
    }

    /// Waits until the embedded search engine, where this process runs one, answers.
    void awaitSearch() {
        @Nullable EmbeddedOpenSearch embedded = search;
        if (embedded != null) {
            embedded.ready().join();
        }
    }
}
