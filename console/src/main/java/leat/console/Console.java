package leat.console;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import leat.console.inference.InferenceApi;
import leat.console.mlflow.MlflowApi;
import leat.core.artifact.ArtifactLimits;
import leat.core.catalog.Catalog;
import leat.core.catalog.TrainingSet;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.registry.ContractRegistry;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.scoring.Inference;
import leat.stream.collector.access.Access;
import leat.stream.sql.SqlEngine;

/// The HTTP server of people and programs: the page, SQL, contracts, alerts, features, catalogue,
/// experiments, models, status, metrics, health.
public final class Console implements AutoCloseable {

    /// Of the body of one request.
    static final int MAX_BODY_BYTES = 1 << 20;

    private static final int MAX_REQUESTS = 256;

    private final WebServer server;
    private final SqlApi sql;
    private final CallerCheck callers;
    private final Parts parts;
    private final byte[] openApi;

    /// What the console shows.
    ///
    /// @param features answers what the features of entities are
    /// @param catalog what the workspace defines
    /// @param trainingSets the tables of the lake, read at a request; may throw
    ///   [leat.stream.lake.LakeUnavailable]
    /// @param registry the registered contracts as they are, asked at each request
    /// @param mlflow experiments, runs, models and artifacts
    /// @param inference the registered models, to those who ask them; empty where there are none
    /// @param access to whom
    /// @param tls encrypts connections; empty for plain ones
    public record Parts(
            SqlEngine sql,
            List<Contract> contracts,
            StatusSource status,
            AlertSource alerts,
            FeatureQueries features,
            Catalog catalog,
            Supplier<List<TrainingSet>> trainingSets,
            Supplier<ContractRegistry> registry,
            MlflowApi.Parts mlflow,
            Optional<Inference> inference,
            Access access,
            Optional<SSLContext> tls) {
        public Parts {
            contracts = List.copyOf(contracts);
        }

        /// Of a platform without alerts, features, registered contracts and experiments.
        public Parts(SqlEngine sql, List<Contract> contracts, StatusSource status) {
            this(
                    sql,
                    contracts,
                    status,
                    AlertSource.NONE,
                    FeatureQueries.NONE,
                    Catalog.EMPTY,
                    List::of,
                    () -> ContractRegistry.EMPTY,
                    MlflowApi.Parts.NONE,
                    Optional.empty(),
                    Access.OPEN,
                    Optional.empty());
        }
    }

    private Console(ConsoleSettings settings, Parts parts) {
        this.parts = parts;
        this.sql = new SqlApi(parts.sql());
        this.callers = new CallerCheck(settings.allowedHosts());
        this.openApi = Page.resource("openapi.json");
        this.server =
                Encryption.of(parts.tls(), WebServer.builder())
                        .host(settings.host())
                        .port(settings.port())
                        // Others than uploads of artifacts are read up to limits of their own.
                        .maxPayloadSize(ArtifactLimits.FILE_BYTES + RequestBody.MAX_READ_BYTES)
                        .maxConcurrentRequests(MAX_REQUESTS)
                        // Else the end of a long answer waits for the client's next packet.
                        .connectionOptions(options -> options.tcpNoDelay(true))
                        .idleConnectionTimeout(Duration.ofMinutes(2))
                        .shutdownGracePeriod(Duration.ofSeconds(2))
                        .shutdownHook(false)
                        .routing(this::routes)
                        .build();
    }

    /// Starts listening.
    public static Console start(ConsoleSettings settings, Parts parts) {
        Console console = new Console(settings, parts);
        console.server.start();
        return console;
    }

    /// The port that is listened on.
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
        sql.close();
    }

    private void routes(HttpRouting.Builder routes) {
        routes.addFilter(callers::filter);
        routes.addFilter(new CallerKeys(parts.access())::filter);
        RequestBody.addTo(routes);
        new VitalsApi(parts.status()).addTo(routes);
        new AlertsApi(parts.alerts()).addTo(routes);
        new FeaturesApi(parts.features()).addTo(routes);
        new CatalogApi(
                        parts.catalog(),
                        parts.mlflow().registry(),
                        parts.features(),
                        new RecentTrainingSets(parts.trainingSets(), InstantSource.system()),
                        sql,
                        InstantSource.system())
                .addTo(routes);
        new MlflowApi(parts.mlflow(), InstantSource.system()).addTo(routes);
        parts.inference().ifPresent(models -> new InferenceApi(models).addTo(routes));
        Page.addTo(routes);
        routes.register(SchemaRegistryApi.BASE, new SchemaRegistryApi(parts.registry()));
        routes.post("/api/v1/sql", sql::handle)
                .get("/api/v1/contracts", (_, response) -> contracts(response))
                .get(
                        "/openapi.json",
                        (_, response) -> Responses.send(response, 200, "application/json", openApi))
                .any((request, response) ->
                        VitalsApi.unknown(request, response, "/openapi.json lists what there is"));
    }

    private void contracts(ServerResponse response) {
        List<Map<String, Object>> contracts = new ArrayList<>();
        for (Contract contract : parts.contracts()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("name", contract.name().value());
            shown.put("version", contract.version().toString());
            shown.put("status", contract.lifecycle().status().word());
            contract.lifecycle().since().ifPresent(day -> shown.put("since", day.toString()));
            contract.lifecycle().until().ifPresent(day -> shown.put("until", day.toString()));
            contract.lifecycle().successor().ifPresent(name -> shown.put("successor", name));
            shown.put("description", contract.description());
            shown.put("table", contract.tableName());
            shown.put("deadTable", contract.tableName() + "_dead");
            List<Map<String, Object>> fields = new ArrayList<>();
            for (Field field : contract.fields()) {
                Map<String, Object> column = new LinkedHashMap<>();
                column.put("name", field.name());
                column.put("required", field.required());
                column.put("added", field.added());
                column.put("description", field.description());
                fields.add(column);
            }
            shown.put("fields", fields);
            contracts.add(shown);
        }
        Responses.send(response, 200, Map.of("contracts", contracts));
    }
}
