package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.yaml.NearestName;
import leat.launcher.config.Workspace;
import leat.stream.influx.InfluxLoader;
import leat.stream.influx.InfluxMetrics;
import leat.stream.influx.InfluxSettings;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeMaintenance;
import leat.stream.lake.LakeTables;
import leat.stream.log.LogConnection;
import leat.stream.search.SearchEngine;
import leat.stream.search.SearchFeed;
import leat.stream.search.SearchLoader;
import leat.stream.search.SearchLoaders;
import leat.stream.search.SearchMetrics;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/// The roles that take the log on to other stores: lake, search engine, InfluxDB.
final class Loaders {

    private final LogConnection log;
    private final Platform.Options options;
    private final RunningParts parts;
    private final Names names;
    private @Nullable SearchEngine searchEngine;
    private @Nullable LakeTables lakeTables;

    Loaders(LogConnection log, Names names, Platform.Options options, RunningParts parts) {
        this.log = log;
        this.names = names;
        this.options = options;
        this.parts = parts;
    }

    void startLake(Workspace workspace) {
        LakeCatalog catalog = WorkspaceLake.open(workspace);
        parts.add(catalog);
        LakeLoader loader =
                LakeLoader.start(
                        new LakeLoader.Place(log, names, catalog),
                        workspace.config().lake().loader(),
                        workspace.contracts().all(),
                        workspace.vectors(),
                        workspace.predictions());
        parts.add(loader);
        lakeTables = new LakeTables(catalog);
        parts.stages(Role.LAKE.word(), loader::health, StageState::of);
        parts.add(LakeMaintenance.start(workspace.config().lake().maintenance(), loader));
    }

    void startSearch(Workspace workspace) {
        SearchMetrics metrics = new SearchMetrics(PrometheusRegistry.defaultRegistry);
        SearchEngine engine = searchEngine(workspace);
        SearchLoaders loaders =
                SearchLoaders.start(
                        Stream.concat(
                                        workspace.contracts().all().stream()
                                                .map(contract ->
                                                        new Fed(contract, SearchFeed.EVENTS)),
                                        workspace.predictions().stream()
                                                .map(contract ->
                                                        new Fed(contract, SearchFeed.PREDICTIONS)))
                                .map(fed ->
                                        new SearchLoader.Parts(
                                                log,
                                                engine,
                                                names,
                                                fed.contract(),
                                                fed.feed(),
                                                workspace.config().search(),
                                                metrics))
                                .toList());
        parts.add(loaders);
        parts.stages(Role.SEARCH.word(), loaders::states, StageState::of);
    }

    /// What is loaded into search of a contract.
    private record Fed(Contract contract, SearchFeed feed) {}

    /// Starts nothing where the settings name no InfluxDB.
    void startMetrics(Workspace workspace) {
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
                        new InfluxLoader.Parts(
                                log,
                                names,
                                contract,
                                settings,
                                workspace.withSecrets(settings::credentials),
                                new InfluxMetrics(PrometheusRegistry.defaultRegistry)));
        parts.add(loader);
        parts.stage(
                Role.METRICS.word() + "." + contract.nameAndMajor(),
                () -> StageState.of(loader.health()));
    }

    /// The search engine that the workspace names, or the embedded one; made at first use.
    SearchEngine searchEngine(Workspace workspace) {
        @Nullable SearchEngine engine = searchEngine;
        if (engine == null) {
            engine = workspace.searchEngine(options.portOffset());
            searchEngine = engine;
            parts.add(engine);
        }
        return engine;
    }

    /// The lake's table of a contract's enriched events; empty where there is none, or no lake
    /// role.
    Optional<Table> lakeTable(Contract contract) {
        return Optional.ofNullable(lakeTables).flatMap(tables -> tables.enriched(contract));
    }
}
