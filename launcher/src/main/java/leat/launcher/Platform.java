package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import leat.console.Console;
import leat.console.ConsoleSettings;
import leat.console.Vitals;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.protect.ProtectionKey;
import leat.core.validate.Validator;
import leat.core.yaml.NearestName;
import leat.embedded.kafka.EmbeddedKafka;
import leat.embedded.opensearch.EmbeddedOpenSearch;
import leat.embedded.opensearch.NodeSettings;
import leat.enrichmentapi.CsvFaulty;
import leat.enrichmentapi.EnrichmentApiServer;
import leat.enrichmentapi.EnrichmentApiSettings;
import leat.launcher.config.Ports;
import leat.launcher.config.ProtectKeyFile;
import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.AccessMetrics;
import leat.stream.collector.access.AccessSettings;
import leat.stream.collector.access.WatchedKeys;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnrichmentSources;
import leat.stream.enricher.Flow;
import leat.stream.extract.ExtractionHealth;
import leat.stream.extract.ExtractionMetrics;
import leat.stream.extract.Extractor;
import leat.stream.influx.InfluxLoader;
import leat.stream.influx.InfluxSettings;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeMaintenance;
import leat.stream.lake.LakeTables;
import leat.stream.lake.LoaderHealth;
import leat.stream.log.ClusterSafety;
import leat.stream.log.LogConnection;
import leat.stream.log.LogSettings;
import leat.stream.log.StageHealth;
import leat.stream.log.TopicChange;
import leat.stream.log.Topics;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.Monitor;
import leat.stream.registry.RegistryView;
import leat.stream.search.SearchEngine;
import leat.stream.search.SearchLoader;
import leat.stream.search.SearchMetrics;
import leat.stream.sql.SqlEngine;
import leat.stream.sql.SqlSources;
import leat.stream.sql.SqlTables;
import leat.stream.tls.TlsSettings;
import leat.stream.tls.TlsUnusable;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/// The roles of one process, wired together. This is the only place that knows all parts.
///
/// Parts start in the order in which an event meets them and stop in reverse, so that nobody writes
/// to what is gone already.
public final class Platform implements AutoCloseable {

    private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(60);

    private Workspace workspace;
    private final Options options;
    private final Names names;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, String> addresses =
            Collections.synchronizedMap(new LinkedHashMap<>());
    private final LogConnection log;
    private final Map<String, Supplier<StageState>> stages = new ConcurrentSkipListMap<>();
    private @Nullable SearchEngine searchEngine;
    private @Nullable EmbeddedOpenSearch embeddedSearch;
    private @Nullable LakeTables lakeTables;
    private @Nullable Access keys;
    private @Nullable TlsMetrics tlsMetrics;
    private boolean serves;
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
        if (options.has(Role.KAFKA) && workspace.config().log().bootstrapServers().isEmpty()) {
            startKafka();
        }
        if (options.has(Role.OPENSEARCH) && workspace.config().search().url().isEmpty()) {
            startOpenSearch();
        }
        refuseNothing();
        if (needsLog()) {
            prepareTopics();
        }
        if (options.has(Role.ENRICHMENT_API)) {
            startEnrichmentApi();
        }
        if (options.has(Role.COLLECTOR)) {
            startCollector();
        }
        if (options.has(Role.ENRICHER)) {
            startEnricher();
        }
        if (options.has(Role.EXTRACTOR)) {
            startExtractor();
        }
        if (options.has(Role.MONITOR)) {
            startMonitor();
        }
        if (options.has(Role.LAKE)) {
            startLake();
        }
        if (options.has(Role.SEARCH)) {
            startSearch();
        }
        if (options.has(Role.METRICS)) {
            startMetrics();
        }
        if (options.has(Role.CONSOLE)) {
            startConsole();
        }
    }

    /// Look-ups in files need nothing else.
    private boolean needsLog() {
        boolean filesOnly =
                workspace.contracts().all().stream()
                        .allMatch(contract -> contract.reference().isEmpty());
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
                        access(console.access()),
                        consoleTls());
        parts.push(vitals);
        addresses.put("vitals", scheme(console) + console.host() + ":" + vitals.port());
    }

    /// Roles that the workspace has given to engines of the user's leave nothing to do.
    private void refuseNothing() {
        Set<Role> engines = Set.of(Role.KAFKA, Role.OPENSEARCH);
        boolean nothing = !serves && stages.isEmpty();
        if (nothing && engines.containsAll(options.roles())) {
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
        parts.push(new StateFolder(workspace.stateFolder()).own());
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
        serves = true;
        addresses.put(Role.KAFKA.word(), kafka.bootstrapServers());
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
        Ports port = workspace.searchPort(options.portOffset());
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
        parts.push(engine);
        embeddedSearch = engine;
        addresses.put(Role.OPENSEARCH.word(), engine.url().toString());
        stages.put(Role.OPENSEARCH.word(), () -> StageState.of(engine.state()));
    }

    private void prepareTopics() {
        try (Admin admin = LogPresence.admin(log)) {
            boolean embedded = workspace.config().log().bootstrapServers().isEmpty();
            new LogPresence(log.bootstrapServers(), embedded, LOG_PATIENCE).await(admin);
            refuseUnsafeCluster(admin);
            Topics topics = new Topics(admin, workspace.config().log().replicationFactor());
            ContractRegistration registration = new ContractRegistration(workspace, log);
            registration.refuseBreaking();
            List<TopicChange> plan = topics.plan(WorkspacePlan.topics(workspace));
            refuseDifferences(plan);
            topics.apply(plan);
            workspace = registration.register();
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

    private void startEnrichmentApi() {
        Ports http = workspace.enrichmentHttpPort(options.portOffset());
        Ports grpc = workspace.enrichmentGrpcPort(options.portOffset());
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
                                    workspace.folder().resolve(Workspace.REFERENCE_FOLDER)));
            parts.push(server);
            serves = true;
            stages.put(Role.ENRICHMENT_API.word(), () -> StageState.of(server.health()));
            addresses.put(
                    Role.ENRICHMENT_API.word(),
                    "http://" + settings.http().host() + ":" + server.httpPort());
            addresses.put(
                    Role.ENRICHMENT_API.word() + "-grpc",
                    settings.grpc().host() + ":" + server.grpcPort());
        } catch (CsvFaulty e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private void startCollector() {
        CollectorDoors doors =
                CollectorDoors.open(
                        workspace,
                        log,
                        access(workspace.config().collector().access().mode()),
                        workspace
                                .config()
                                .collector()
                                .tls()
                                .map(settings -> tls(Role.COLLECTOR, settings)),
                        options.portOffset());
        parts.push(doors);
        serves = true;
        addresses.putAll(doors.addresses());
    }

    /// Who is let in; the keys are read at the first use and then followed, for all that asks for
    /// them.
    private Access access(AccessSettings.Mode mode) {
        return switch (mode) {
            case OFF -> Access.OPEN;
            case KEYS -> {
                @Nullable Access known = keys;
                if (known == null) {
                    WatchedKeys watched = workspaceKeys();
                    parts.push(watched);
                    known = watched.access();
                    keys = known;
                }
                yield known;
            }
        };
    }

    private Optional<SSLContext> consoleTls() {
        return workspace
                .config()
                .console()
                .tls()
                .map(settings -> tls(Role.CONSOLE, settings).lastingContext());
    }

    private static String scheme(ConsoleSettings console) {
        return console.tls().isPresent() ? "https://" : "http://";
    }

    /// The certificates of a server of this process, followed until it ends.
    private WatchedTls tls(Role server, TlsSettings settings) {
        @Nullable TlsMetrics metrics = tlsMetrics;
        if (metrics == null) {
            metrics = new TlsMetrics(PrometheusRegistry.defaultRegistry);
            tlsMetrics = metrics;
        }
        try {
            WatchedTls watched =
                    WatchedTls.open(server.word(), settings.within(workspace.folder()), metrics);
            parts.push(watched);
            return watched;
        } catch (TlsUnusable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private WatchedKeys workspaceKeys() {
        Path file = workspace.keysFile();
        if (!Files.exists(file)) {
            throw new UserError(
                    "the file of keys " + file + " is not there, so nobody could come in",
                    "make a first key with leat keys create NAME --contract '*', or correct"
                            + " collector.access.keys-file");
        }
        return WatchedKeys.open(file, new AccessMetrics(PrometheusRegistry.defaultRegistry));
    }

    private void startEnricher() {
        Optional<ProtectionKey> key = new ProtectKeyFile(workspace).key();
        EnrichmentSources sources = enrichmentSources();
        parts.push(sources);
        List<Flow> flows =
                workspace.contracts().all().stream()
                        .map(contract -> Flow.of(names, contract, sources, key))
                        .toList();
        parts.push(
                new StateFolder(workspace.stateFolder())
                        .ownInstance(Role.ENRICHER, options.instance()));
        Enricher enricher =
                Enricher.start(
                        log,
                        new Enricher.Instance(names, options.instance(), workspace.stateFolder()),
                        workspace.config().enricher(),
                        flows);
        parts.push(enricher);
        stages.put(Role.ENRICHER.word(), () -> StageState.of(enricher.health()));
        sources.health()
                .keySet()
                .forEach(reference ->
                        stages.put(
                                Role.ENRICHER.word() + ".reference." + reference,
                                () ->
                                        StageState.of(
                                                sources.health()
                                                        .getOrDefault(
                                                                reference,
                                                                new StageHealth.Stopped(
                                                                        "it is gone")))));
    }

    private void startExtractor() {
        if (workspace.extractions().isEmpty()) {
            throw new UserError(
                    "there is nothing to extract: the workspace has no file extractions/NAME.yaml",
                    "write one, or leave the role out");
        }
        Extractor extractor =
                Extractor.pulling(
                        new Extractor.Place(
                                log,
                                names,
                                workspace
                                        .config()
                                        .extractor()
                                        .collector()
                                        .map(URI::create)
                                        .orElseGet(() ->
                                                workspace.collectorAddress(options.portOffset())),
                                new ExtractorAccess(workspace)::read,
                                workspace.folder(),
                                new ExtractionMetrics(PrometheusRegistry.defaultRegistry)),
                        workspace.extractions(),
                        workspace::extracted);
        parts.push(extractor);
        extractor
                .health()
                .keySet()
                .forEach(source ->
                        stages.put(
                                Role.EXTRACTOR.word() + "." + source,
                                () ->
                                        StageState.of(
                                                extractor
                                                        .health()
                                                        .getOrDefault(
                                                                source,
                                                                new ExtractionHealth.Starting()))));
    }

    private EnrichmentSources enrichmentSources() {
        try {
            return EnrichmentSources.open(
                    new EnrichmentSources.Place(log, names, workspace.ownApi(options.portOffset())),
                    workspace.contracts(),
                    workspace.config().enricher());
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "name its address in leat.yaml, enricher.apis.NAME.url, or let the workspace"
                            + " serve it, reference/NAME.csv");
        }
    }

    /// Starts nothing where no contract has rules.
    private void startMonitor() {
        if (!WorkspacePlan.hasRules(workspace)) {
            if (options.roles().equals(Set.of(Role.MONITOR))) {
                throw new UserError(
                        "there is nothing to run: no contract has rules of quality or alerts",
                        "write quality or leat.alerts into a contract, or leave the role out");
            }
            return;
        }
        parts.push(
                new StateFolder(workspace.stateFolder())
                        .ownInstance(Role.MONITOR, options.instance()));
        Monitor monitor =
                Monitor.start(
                        new Monitor.Place(log, names, options.instance()),
                        workspace.config().monitor(),
                        workspace.alerts(),
                        workspace.contracts().all());
        parts.push(monitor);
        stages.put(Role.MONITOR.word(), () -> StageState.of(monitor.health()));
    }

    private void startLake() {
        LakeCatalog catalog = LakeCatalog.open(workspace.lakeStore(), names);
        parts.push(catalog);
        LakeLoader loader =
                LakeLoader.start(
                        new LakeLoader.Place(log, names, catalog),
                        workspace.config().lake().loader(),
                        workspace.contracts().all());
        parts.push(loader);
        lakeTables = new LakeTables(catalog);
        loader.health()
                .keySet()
                .forEach(table ->
                        stages.put(
                                Role.LAKE.word() + "." + table,
                                () -> StageState.of(loader.health().getOrDefault(table, GONE))));
        parts.push(
                LakeMaintenance.start(
                        catalog,
                        workspace.config().lake().maintenance(),
                        workspace.contracts().all(),
                        loader));
    }

    private void startSearch() {
        SearchMetrics metrics = new SearchMetrics(PrometheusRegistry.defaultRegistry);
        SearchEngine engine = searchEngine();
        for (Contract contract : workspace.contracts().all()) {
            SearchLoader loader =
                    SearchLoader.start(
                            new SearchLoader.Parts(
                                    log,
                                    engine,
                                    names,
                                    contract,
                                    workspace.config().search(),
                                    metrics));
            parts.push(loader);
            stages.put(
                    Role.SEARCH.word() + "." + contract.nameAndMajor(),
                    () -> StageState.of(loader.state()));
        }
    }

    /// Starts nothing where the settings name no InfluxDB.
    private void startMetrics() {
        InfluxSettings settings = workspace.config().metrics().influx();
        if (settings.url().isEmpty()) {
            if (options.roles().equals(Set.of(Role.METRICS))) {
                throw new UserError(
                        "there is nothing to run: leat.yaml names no InfluxDB",
                        "set metrics.influx.url, or leave the role out");
            }
            return;
        }
        Contract contract =
                workspace
                        .contracts()
                        .named(settings.contract())
                        .orElseThrow(() ->
                                new UserError(
                                        "metrics.influx.contract: there is no contract '"
                                                + settings.contract()
                                                + "'",
                                        NearestName.remedy(
                                                settings.contract(),
                                                workspace.contracts().names())));
        InfluxLoader loader =
                InfluxLoader.start(
                        workspace.withSecrets(secrets ->
                                InfluxLoader.Parts.of(log, names, contract, settings, secrets)));
        parts.push(loader);
        stages.put(
                Role.METRICS.word() + "." + contract.nameAndMajor(),
                () -> StageState.of(loader.health()));
    }

    private void startConsole() {
        LakeCatalog catalog = LakeCatalog.open(workspace.lakeStore(), names);
        parts.push(catalog);
        SqlEngine sql =
                new SqlEngine(
                        workspace.config().sql(),
                        new SqlSources(
                                new SqlTables(names, workspace.contracts().all()),
                                catalog,
                                workspace.lakeFolder(),
                                log,
                                contract -> Validator.forEnriched(contract)::validate),
                        workspace.stateFolder().resolve("sql"),
                        InstantSource.system());
        parts.push(sql);
        RegistryView registry = new RegistryView(log, names);
        parts.push(registry);
        Ports port = workspace.consolePort(options.portOffset());
        port.requireFree();
        ConsoleSettings configured = workspace.config().console();
        Console console =
                Console.start(
                        configured.withPort(port.number()),
                        new Console.Parts(
                                sql,
                                workspace.contracts().all(),
                                new PlatformStatus(this),
                                new LoggedAlerts(
                                        new AlertLog(log, names), workspace.contracts().all()),
                                registry::current,
                                access(configured.access()),
                                consoleTls()));
        parts.push(console);
        serves = true;
        addresses.put(
                Role.CONSOLE.word(), scheme(configured) + configured.host() + ":" + console.port());
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

    private static final LoaderHealth GONE = new LoaderHealth.Stopped("it is gone");

    /// What each stage of this process is doing.
    public Map<String, StageState> stageStates() {
        Map<String, StageState> states = new TreeMap<>();
        stages.forEach((stage, state) -> states.put(stage, state.get()));
        return states;
    }

    /// Whether all parts have been started; they may still be waiting for something.
    boolean started() {
        return started;
    }

    /// Where each role that listens can be reached.
    public Map<String, String> addresses() {
        synchronized (addresses) {
            return Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
        }
    }

    /// The log that the roles work on.
    public LogConnection log() {
        return log;
    }

    /// The collector of this process.
    ///
    /// @throws IllegalStateException when it runs none
    public URI collector() {
        String address = addresses.get(Role.COLLECTOR.word());
        if (address == null) {
            throw new IllegalStateException("this process runs no collector");
        }
        return URI.create(address);
    }

    /// The search engine that the workspace names, or the embedded one; made at first use.
    public SearchEngine searchEngine() {
        @Nullable SearchEngine engine = searchEngine;
        if (engine == null) {
            engine = workspace.searchEngine(options.portOffset());
            searchEngine = engine;
            parts.push(engine);
        }
        return engine;
    }

    /// The lake's table of a contract's enriched events; empty where there is none, or no lake
    /// role.
    public Optional<Table> lakeTable(Contract contract) {
        return Optional.ofNullable(lakeTables).flatMap(tables -> tables.enriched(contract));
    }

    /// Waits until the embedded search engine, where this process runs one, answers.
    public void awaitSearch() {
        @Nullable EmbeddedOpenSearch embedded = embeddedSearch;
        if (embedded != null) {
            embedded.ready().join();
        }
    }

    /// Waits until [#stop] is called, or the process has nothing left to do.
    ///
    /// @throws RoleEnded when it has nothing left to do, or lacks what the rest cannot do without
    public void awaitEnd() {
        try {
            while (!stopping.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<String> reason = Supervision.reasonToEnd(stageStates(), serves);
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
        Closing.all(parts);
    }
}
