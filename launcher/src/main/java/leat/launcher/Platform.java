package leat.launcher;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leat.console.Console;
import leat.console.ConsoleSettings;
import leat.console.Vitals;
import leat.console.grpc.ServingDoor;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.scoring.Predictor;
import leat.core.validate.Validator;
import leat.enrichmentapi.CsvFaulty;
import leat.enrichmentapi.EnrichmentApiServer;
import leat.enrichmentapi.EnrichmentApiSettings;
import leat.launcher.config.Ports;
import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.scoring.Inference;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.TrainingTables;
import leat.stream.log.LogConnection;
import leat.stream.monitor.AlertLog;
import leat.stream.registry.RegistryView;
import leat.stream.search.SearchEngine;
import leat.stream.sql.SqlEngine;
import leat.stream.sql.SqlSources;
import leat.stream.sql.SqlTables;
import org.apache.iceberg.Table;

/// The roles of one process, wired together. This is the only place that knows all parts.
///
/// Parts start in the order in which an event meets them and stop in reverse, so that nobody writes
/// to what is gone already.
public final class Platform implements AutoCloseable {

    private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);

    private final Options options;
    private final Names names;
    private final LogConnection log;
    private final RunningParts parts = new RunningParts();
    private final ServerGuard guard;
    private final EmbeddedEngines engines;
    private final Loaders loaders;

    /// As the registry knows it, from the moment the log is prepared.
    private Workspace workspace;

    private volatile boolean started;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /// What of the platform this process runs.
    ///
    /// @param instance names this process among those of the same role
    /// @param portOffset is added to every configured port
    /// @param vitalsPort where health and metrics are served, beside any console; empty for nowhere
    public record Options(
            Set<Role> roles, String instance, int portOffset, OptionalInt vitalsPort) {
        public Options {
            roles = Set.copyOf(roles);
        }

        /// Without a port for health and metrics.
        public Options(Set<Role> roles, String instance, int portOffset) {
            this(roles, instance, portOffset, OptionalInt.empty());
        }

        boolean has(Role role) {
            return roles.contains(role);
        }
    }

    private Platform(Workspace workspace, Options options) {
        this.workspace = workspace;
        this.options = options;
        this.names = workspace.names();
        this.log = workspace.log(options.portOffset());
        this.guard = new ServerGuard(workspace, parts);
        this.engines = new EmbeddedEngines(workspace, options, parts);
        this.loaders = new Loaders(log, names, options, parts);
    }

    /// Starts the roles and returns when the collector, where it is one of them, takes events. The
    /// search engine may still be starting: its loader waits for it.
    ///
    /// @throws UserError when a port is taken, a topic differs from its contract, and the like
    public static Platform start(Workspace workspace, Options options) {
        Platform platform = new Platform(workspace, options);
        try {
            platform.startParts();
            platform.started = true;
            return platform;
        } catch (RuntimeException | Error e) {
            platform.close();
            throw e;
        }
    }

    private void startParts() {
        Exposure.refuseOpenDoors(workspace.config(), options);
        new StateFolder(workspace.stateFolder()).prepare();
        options.vitalsPort().ifPresent(this::startVitals);
        engines.start();
        if (needsLog()) {
            workspace = new LogPreparation(workspace, log).prepare();
        }
        ProcessModels models = new ProcessModels(workspace, log, parts);
        if (options.has(Role.ENRICHMENT_API)) {
            startEnrichmentApi(models);
        }
        if (options.has(Role.COLLECTOR)) {
            startCollector();
        }
        new Processors(workspace, log, options, parts, models).start();
        if (options.has(Role.LAKE)) {
            loaders.startLake(workspace);
        }
        if (options.has(Role.SEARCH)) {
            loaders.startSearch(workspace);
        }
        if (options.has(Role.METRICS)) {
            loaders.startMetrics(workspace);
        }
        if (options.has(Role.CONSOLE)) {
            startConsole(models);
        }
    }

    /// Look-ups in files need nothing else.
    private boolean needsLog() {
        boolean filesOnly =
                workspace.contracts().all().stream()
                                .allMatch(contract -> contract.reference().isEmpty())
                        && workspace.config().enrichmentApi().models().isEmpty();
        return !options.roles().equals(Set.of(Role.OPENSEARCH))
                && !(filesOnly && options.roles().equals(Set.of(Role.ENRICHMENT_API)));
    }

    /// Starts before all else, so that it tells of a process that still waits.
    private void startVitals(int number) {
        ConsoleSettings console = workspace.config().console();
        new Ports("--vitals-port", console.host(), number, 0).requireFree();
        Vitals vitals =
                Vitals.start(
                        console.withPort(number),
                        new PlatformStatus(this),
                        guard.access(console.access()),
                        guard.consoleTls());
        parts.add(vitals);
        parts.address("vitals", scheme(console) + console.host() + ":" + vitals.port());
    }

    private void startEnrichmentApi(ProcessModels models) {
        Ports http = workspace.ports(options.portOffset()).enrichmentHttp();
        Ports grpc = workspace.ports(options.portOffset()).enrichmentGrpc();
        http.requireFree();
        grpc.requireFree();
        EnrichmentApiSettings settings =
                workspace.config().enrichmentApi().withPorts(http.number(), grpc.number());
        try {
            EnrichmentApiServer server =
                    EnrichmentApiServer.start(
                            settings,
                            new EnrichmentApiServer.Sources(
                                    log,
                                    names,
                                    workspace.contracts().all(),
                                    workspace.folder().resolve(Workspace.REFERENCE_FOLDER),
                                    servedModels(models)));
            parts.add(server);
            parts.stage(Role.ENRICHMENT_API.word(), () -> StageState.of(server.health()));
            parts.serve(
                    Role.ENRICHMENT_API.word(),
                    "http://" + settings.http().host() + ":" + server.httpPort());
            parts.address(
                    Role.ENRICHMENT_API.word() + "-grpc",
                    settings.grpc().host() + ":" + server.grpcPort());
        } catch (CsvFaulty e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "give the model another name");
        }
    }

    /// Opens nothing where the settings name none.
    private Predictor servedModels(ProcessModels models) {
        if (workspace.config().enrichmentApi().models().isEmpty()) {
            return request -> {
                throw new IllegalStateException("no settings name " + request.model());
            };
        }
        return models.registered();
    }

    private static String scheme(ConsoleSettings console) {
        return console.tls().isPresent() ? "https://" : "http://";
    }

    private void startCollector() {
        CollectorDoors doors =
                parts.add(
                        CollectorDoors.open(
                                workspace,
                                log,
                                guard.access(workspace.config().collector().access().mode()),
                                guard.collectorTls(),
                                options.portOffset()));
        doors.addresses().forEach(parts::serve);
    }

    private void startConsole(ProcessModels processModels) {
        LakeCatalog catalog = WorkspaceLake.open(workspace);
        parts.add(catalog);
        SqlEngine sql =
                new SqlEngine(
                        workspace.config().sql(),
                        new SqlSources(
                                new SqlTables(
                                        names,
                                        workspace.contracts().all(),
                                        workspace.vectors(),
                                        workspace.predictions()),
                                catalog,
                                workspace.lakeFolder(),
                                log,
                                contract -> Validator.forEnriched(contract)::validate),
                        workspace.stateFolder().resolve("sql"),
                        InstantSource.system());
        parts.add(sql);
        RegistryView registry = new RegistryView(log, names);
        parts.add(registry);
        Ports port = workspace.ports(options.portOffset()).console();
        port.requireFree();
        ConsoleSettings configured = workspace.config().console();
        FeatureQueries features = new OnlineFeatures(workspace, log, options, parts).start();
        ConsoleModels models =
                ConsoleModels.open(processModels, features, configured.inference(), parts);
        Console console =
                Console.start(
                        configured.withPort(port.number()),
                        new Console.Parts(
                                sql,
                                workspace.contracts().all(),
                                new PlatformStatus(this),
                                new LoggedAlerts(
                                        new AlertLog(log, names, workspace.modelAlerts()),
                                        workspace.judged().all()),
                                features,
                                workspace.catalog(),
                                new TrainingTables(catalog)::all,
                                registry::current,
                                models.mlflow(),
                                Optional.of(models.inference()),
                                guard.access(configured.access()),
                                guard.consoleTls()));
        parts.add(console);
        parts.serve(
                Role.CONSOLE.word(), scheme(configured) + configured.host() + ":" + console.port());
        if (configured.grpc().enabled()) {
            startServing(configured, features, models.inference());
        }
    }

    private void startServing(
            ConsoleSettings console, FeatureQueries features, Inference inference) {
        Ports port = workspace.ports(options.portOffset()).consoleGrpc();
        port.requireFree();
        ServingDoor door =
                ServingDoor.open(
                        new ServingDoor.Place(
                                console.host(),
                                port.number(),
                                guard.access(console.access()),
                                guard.consoleTls()),
                        features,
                        Optional.of(inference));
        parts.add(door);
        parts.address(Role.CONSOLE.word() + "-grpc", console.host() + ":" + door.port());
    }

    /// What each stage of this process is doing.
    public Map<String, StageState> stageStates() {
        return parts.stageStates();
    }

    /// Whether all parts have been started; they may still be waiting for something.
    boolean started() {
        return started;
    }

    /// Where each role that listens can be reached.
    public Map<String, String> addresses() {
        return parts.addresses();
    }

    /// The log that the roles work on.
    public LogConnection log() {
        return log;
    }

    /// The collector of this process.
    ///
    /// @throws IllegalStateException when it runs none
    public URI collector() {
        String address = addresses().get(Role.COLLECTOR.word());
        if (address == null) {
            throw new IllegalStateException("this process runs no collector");
        }
        return URI.create(address);
    }

    /// The search engine that the workspace names, or the embedded one; made at first use.
    public SearchEngine searchEngine() {
        return loaders.searchEngine(workspace);
    }

    /// The lake's table of a contract's enriched events; empty where there is none, or no lake
    /// role.
    public Optional<Table> lakeTable(Contract contract) {
        return loaders.lakeTable(contract);
    }

    /// Waits until the embedded search engine, where this process runs one, answers.
    public void awaitSearch() {
        engines.awaitSearch();
    }

    /// Waits until [#stop] is called, or the process has nothing left to do.
    ///
    /// @throws RoleEnded when it has nothing left to do, or lacks what the rest cannot do without
    public void awaitEnd() {
        try {
            while (!stopping.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<String> reason = Supervision.reasonToEnd(stageStates(), parts.serves());
                if (reason.isPresent()) {
                    throw new RoleEnded(reason.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends [#awaitEnd]; returns at once.
    public void stop() {
        stopping.countDown();
    }

    /// Stops the parts in reverse order; a part that fails to stop does not keep the others from
    /// it.
    @Override
    public void close() {
        parts.close();
    }
}
