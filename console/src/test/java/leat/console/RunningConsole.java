package leat.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import leat.console.mlflow.MlflowApi;
import leat.core.catalog.Catalog;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.registry.ContractRegistry;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.registry.Artifacts;
import leat.ml.registry.Registry;
import leat.ml.tracking.Tracking;
import leat.stream.collector.access.Access;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeStoreSettings;
import leat.stream.lake.TrainingTables;
import leat.stream.log.LogConnection;
import leat.stream.sql.SqlEngine;
import leat.stream.sql.SqlSettings;
import leat.stream.sql.SqlSources;
import leat.stream.sql.SqlTables;

/// A console on a free port over an empty lake and no log; answers have ten rows at most.
record RunningConsole(Console console, SqlEngine engine, LakeCatalog lake)
        implements AutoCloseable {

    static RunningConsole start(Path folder, List<Contract> contracts, StatusSource status)
            throws IOException {
        return start(folder, contracts, status, () -> ContractRegistry.EMPTY);
    }

    static RunningConsole start(
            Path folder,
            List<Contract> contracts,
            StatusSource status,
            Supplier<ContractRegistry> registry)
            throws IOException {
        return start(
                folder,
                contracts,
                status,
                registry,
                FeatureQueries.NONE,
                Catalog.EMPTY,
                MlflowApi.Parts.NONE,
                Access.OPEN);
    }

    static RunningConsole start(Path folder, FeatureQueries features) throws IOException {
        return start(
                folder,
                List.of(),
                new Idle(),
                () -> ContractRegistry.EMPTY,
                features,
                Catalog.EMPTY,
                MlflowApi.Parts.NONE,
                Access.OPEN);
    }

    static RunningConsole start(Path folder, MlflowApi.Parts mlflow) throws IOException {
        return start(
                folder,
                List.of(),
                new Idle(),
                () -> ContractRegistry.EMPTY,
                FeatureQueries.NONE,
                Catalog.EMPTY,
                mlflow,
                Access.OPEN);
    }

    /// With the tables of the catalogue's views, registered models, and features to ask for.
    static RunningConsole start(
            Path folder, Catalog catalog, Registry models, FeatureQueries features, Access access)
            throws IOException {
        return start(
                folder,
                List.of(),
                new Idle(),
                () -> ContractRegistry.EMPTY,
                features,
                catalog,
                new MlflowApi.Parts(Tracking.NONE, models, Artifacts.NONE),
                access);
    }

    /// A platform that runs nothing.
    private record Idle() implements StatusSource {
        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> status() {
            return Map.of();
        }
    }

    private static RunningConsole start(
            Path folder,
            List<Contract> contracts,
            StatusSource status,
            Supplier<ContractRegistry> registry,
            FeatureQueries features,
            Catalog catalog,
            MlflowApi.Parts mlflow,
            Access access)
            throws IOException {
        Names names = new Names("leat");
        LakeCatalog lake =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"), "file://" + folder),
                        names);
        SqlSettings defaults = SqlSettings.DEFAULT;
        SqlEngine engine =
                new SqlEngine(
                        new SqlSettings(
                                defaults.timeLimit(),
                                10,
                                DataSize.mebibytes(256),
                                defaults.temporaryFiles(),
                                defaults.threads(),
                                defaults.concurrentQueries(),
                                DataSize.mebibytes(16)),
                        new SqlSources(
                                new SqlTables(
                                        names,
                                        List.of(),
                                        catalog.views().all().stream()
                                                .map(CompiledView::contract)
                                                .toList()),
                                lake,
                                Files.createDirectories(folder.resolve("lake")),
                                new LogConnection("127.0.0.1:1"),
                                _ -> _ -> unused()),
                        folder.resolve("tmp"),
                        InstantSource.system());
        Console console =
                Console.start(
                        new ConsoleSettings("127.0.0.1", 0, List.of()),
                        new Console.Parts(
                                engine,
                                contracts,
                                status,
                                AlertSource.NONE,
                                features,
                                catalog,
                                new TrainingTables(lake)::all,
                                registry,
                                mlflow,
                                Optional.empty(),
                                access,
                                Optional.empty()));
        return new RunningConsole(console, engine, lake);
    }

    private static Outcome unused() {
        return new Outcome.Rejected(List.of(new Reason(ReasonCode.INTERNAL, "", "unused")));
    }

    @Override
    public void close() {
        console.close();
        engine.close();
        lake.close();
    }
}
