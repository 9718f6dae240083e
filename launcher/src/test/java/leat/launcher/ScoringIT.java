package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.RegistryLog;
import leat.ml.scorer.Terms;
import leat.stream.audit.Audit;
import leat.stream.audit.AuditReport;
import leat.stream.audit.AuditRequest;
import leat.stream.audit.AuditSettings;
import leat.stream.audit.AuditTable;
import leat.stream.audit.KafkaAuditLog;
import leat.stream.audit.LakeTableRows;
import leat.stream.lake.LakeCatalog;
import leat.stream.log.KafkaLogReader;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// From events to predictions that SQL finds.
final class ScoringIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();
    private static final int BATCH = 200;

    private static final String TIMED_ORDERS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: orders
            version: 1.0.0
            status: active
            schema:
              - name: order
                logicalType: object
                properties:
                  - {name: order, logicalType: string, required: true, primaryKey: true}
                  - {name: customer, logicalType: string, required: true}
                  - {name: amount, logicalType: number, required: true}
                  - {name: placed, logicalType: timestamp, required: true}
            customProperties:
              - {property: leat.key, value: customer}
              - {property: leat.time, value: placed}
              - {property: leat.partitions, value: 1}
            """;

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    private void writeWorkspace(EmbeddedKafka broker) throws IOException {
        LeatCommandLines.initialize(folder);
        LeatCommandLines.configure(folder, broker);
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                """
                entity: customer
                source: orders
                features:
                  - {name: amount, expression: event.amount}
                  - {name: orders, aggregate: count, windows: 1h}
                """);
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(
                folder.resolve("models/churn.yaml"),
                """
                scoring:
                  model: churn
                  view: spending
                  outputs: {risk: variable}
                  challengers: [{alias: next, shadow: true}]
                """);
    }

    /// The same model of two views of the same orders.
    private void writeSet() throws IOException {
        Files.writeString(
                folder.resolve("features/baskets.yaml"),
                """
                entity: customer
                source: orders
                features:
                  - {name: baskets, aggregate: count, windows: 1h}
                """);
        Files.createDirectories(folder.resolve("features/sets"));
        Files.writeString(
                folder.resolve("features/sets/customer.yaml"),
                """
                entity: customer
                features:
                  - {view: spending, names: [amount]}
                  - {view: baskets, names: [baskets_count_1h], rename: {baskets_count_1h: visits}}
                """);
        Files.writeString(
                folder.resolve("models/leaving.yaml"),
                """
                scoring:
                  model: churn
                  set: customer
                  outputs: {risk: variable}
                """);
    }

    private static void register(RegistryLog registry, LogConnection log, Names names, Path folder)
            throws IOException {
        try (ArtifactLog artifacts =
                        new ArtifactLog(log, names, folder.resolve("up"), InstantSource.system());
                InputStream onnx = ScoringIT.class.getResourceAsStream("linear.onnx")) {
            artifacts.put(
                    new ArtifactPath("0/r1/artifacts/model/model.onnx"),
                    Objects.requireNonNull(onnx));
        }
        registry.write(new RegisteredModelCommand.Create("c", "churn", "", Map.of()));
        for (int version = 1; version <= 2; version++) {
            registry.write(
                    new VersionCommand.Create(
                            "v" + version,
                            "churn",
                            "mlflow-artifacts:/0/r1/artifacts/model",
                            "",
                            "",
                            "",
                            "",
                            Map.of()));
        }
    }

    private static Platform start(Workspace workspace) {
        return Platform.start(
                workspace,
                new Platform.Options(
                        Set.of(
                                Role.COLLECTOR,
                                Role.ENRICHER,
                                Role.FEATURES,
                                Role.SCORER,
                                Role.LAKE,
                                Role.CONSOLE),
                        "1",
                        0));
    }

    @Test
    void predictionsAreFoundInSqlWithWhoMadeThem() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            writeWorkspace(broker);
            Workspace workspace = Workspace.open(folder);
            LogConnection log = new LogConnection(broker.bootstrapServers());
            try (Platform platform = start(workspace);
                    RegistryLog registry =
                            new RegistryLog(log, workspace.names(), InstantSource.system())) {
                // Given events before anybody is champion
                register(registry, log, workspace.names(), folder);
                send(platform, "{\"order\":\"o1\",\"customer\":\"ann\",\"amount\":4.25}");
                registry.write(new RegisteredModelCommand.SetAlias("churn", "champion", 1));
                await(this::predictions, "ann,churn/1,champion");
                assertThat(predictions()).containsPattern("ann,churn/1,champion,6\\.(49999|5)");

                // When another version is champion, and one a shadow
                registry.write(new RegisteredModelCommand.SetAlias("churn", "next", 1));
                assertThat(models("promote", "churn", "2"))
                        .startsWith("churn@champion: version 1 → 2");
                for (int order = 2; !predictions().contains("churn/2,champion"); order++) {
                    assertThat(order).isLessThan(100);
                    send(
                            platform,
                            "{\"order\":\"o" + order + "\",\"customer\":\"bob\",\"amount\":1.0}");
                    int rows = order;
                    await(() -> count("churn"), "rows=" + rows + ";");
                }

                // Then what was there stays, and the shadow's are apart
                assertThat(predictions()).contains("ann,churn/1,champion");
                await(
                        () ->
                                sql(
                                        "SELECT DISTINCT role || '=' || model_version AS x FROM"
                                                + " churn_shadow"),
                        "shadow=churn/1");
                assertThat(LeatCommandLines.run("plan", "--workspace", folder.toString()).output())
                        .contains("churn@champion of spending.v1");

                assertThatPredictionsAreExplained();
                assertThatPredictionsAreShownAsEventsAre();
                assertTheOldVersionPredictsSoonAfterARollback(
                        platform, log, workspace.names().prefix() + ".predictions.churn.v1");
                assertThatEveryVectorHasItsPrediction(workspace, log);
                assertThatWhatPredictsWithoutAnAliasIsNotPruned(registry);
            }
        }
    }

    @Test
    void aModelOfASetIsGivenWhatEachViewWroteWithTheSameEvent() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            writeWorkspace(broker);
            writeSet();
            Workspace workspace = Workspace.open(folder);
            LogConnection log = new LogConnection(broker.bootstrapServers());
            try (Platform platform = start(workspace);
                    RegistryLog registry =
                            new RegistryLog(log, workspace.names(), InstantSource.system())) {
                register(registry, log, workspace.names(), folder);
                registry.write(new RegisteredModelCommand.SetAlias("churn", "champion", 1));
                sendOrders(platform, 1);
                sendOrders(platform, 2);

                // Both views count the same orders, so that the model says the same of either.
                await(
                        () ->
                                sql(
                                        "SELECT 'rows=' || count(*) || ',different=' || count(*)"
                                                + " FILTER (s.risk <> v.risk) AS x FROM leaving_v1"
                                                + " s JOIN churn_v1 v ON s.vector = v.vector"),
                        "rows=" + 2 * BATCH + ",different=0");
                String vector = cell("SELECT vector AS x FROM leaving_v1 WHERE entity = 'c7'");
                assertThat(models("explain", vector, "--scoring", "leaving"))
                        .containsPattern("amount +1\\.0+ ")
                        .containsPattern("visits +\\d .*count\\(\\)");
                assertThat(leat("validate"))
                        .containsPattern("leaving +1 +churn +spending.v1 +customer +2");
                assertThat(leat("plan")).contains("churn@champion of the set customer");
            }
        }
    }

    @Test
    void featuresAreExplainedByTheEventsThatTheyAreMadeOf() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            writeWorkspace(broker);
            Files.writeString(folder.resolve("contracts/orders.odcs.yaml"), TIMED_ORDERS);
            Workspace workspace = Workspace.open(folder);
            LogConnection log = new LogConnection(broker.bootstrapServers());
            try (Platform platform = start(workspace);
                    RegistryLog registry =
                            new RegistryLog(log, workspace.names(), InstantSource.system())) {
                // Given orders of two customers, one twice, and one that comes late
                register(registry, log, workspace.names(), folder);
                registry.write(new RegisteredModelCommand.SetAlias("churn", "champion", 1));
                send(platform, order("a1", "ann", 0));
                send(platform, order("a2", "ann", 10));
                send(platform, order("b1", "bob", 12));
                send(platform, order("a2", "ann", 10));
                send(platform, order("a3", "ann", 65));
                send(platform, order("b2", "bob", 66));
                send(platform, order("a4", "ann", 40));
                send(platform, order("b3", "bob", 67));
                await(() -> count("churn"), "rows=7;");

                // When the predictions of the last two orders of ann are explained
                List<String> vectors =
                        sql("SELECT vector AS x FROM churn_v1 WHERE entity = 'ann'"
                                        + " ORDER BY split_part(vector, '@', 2)::BIGINT")
                                .lines()
                                .skip(1)
                                .map(String::strip)
                                .filter(line -> line.contains("@"))
                                .toList();
                assertThat(vectors).hasSize(4);
                JsonNode inTime = explained(vectors.get(2));
                JsonNode late = explained(vectors.get(3));

                // Then each has what its windows saw, and the row feature the newest order
                assertThat(eventsOf(inTime, 0)).containsExactly("a3");
                assertThat(eventsOf(inTime, 1)).containsExactly("a3", "a2");
                assertThat(eventsOf(late, 0)).containsExactly("a3");
                assertThat(eventsOf(late, 1)).containsExactly("a3", "a4", "a2");
                assertThat(late.at("/features/1/value").asInt()).isEqualTo(3);
                assertThat(late.at("/features/1/events/count").asInt()).isEqualTo(3);
                assertThat(late.at("/features/1/events/complete").asBoolean()).isTrue();
                assertThat(late.at("/features/1/events/newest/1/position").asString())
                        .isEqualTo(late.at("/event/position").asString());
                assertThat(late.at("/eventsRead/0/view").asString()).isEqualTo("spending.v1");
                assertThat(late.at("/eventsRead/0/to").asString())
                        .isEqualTo(late.at("/event/position").asString());

                assertThat(models("explain", vectors.get(3), "--events", "2"))
                        .containsPattern("orders_count_1h +3(\\.0+)? .*count\\(\\)")
                        .containsPattern("amount +\\S+@\\d+ +\\S+:05:00Z +a3")
                        .contains("and 1 before")
                        .contains("Events of spending.v1 are those in ");
                assertThat(models("explain", vectors.get(3), "--events", "0"))
                        .contains("orders_count_1h")
                        .doesNotContain("Events of");
                assertThat(models("explain", vectors.get(3), "--events", "5000"))
                        .contains("5000 events of a feature are not 1 to 1000");
            }
        }
    }

    private static String order(String order, String customer, int minute) {
        Instant placed = Instant.parse("2026-03-01T12:00:00Z").plus(Duration.ofMinutes(minute));
        return "{\"order\":\"%s\",\"customer\":\"%s\",\"amount\":%d.5,\"placed\":\"%s\"}"
                .formatted(order, customer, minute, placed);
    }

    private JsonNode explained(String vector) {
        return JsonMapper.shared().readTree(models("explain", vector, "--json"));
    }

    /// The ids of the events of a feature.
    private static List<String> eventsOf(JsonNode explained, int feature) {
        List<String> ids = new ArrayList<>();
        explained
                .at("/features/" + feature + "/events/newest")
                .forEach(event -> ids.add(event.path("id").asString()));
        return ids;
    }

    private void assertThatPredictionsAreShownAsEventsAre() {
        assertThat(leat("tail", "churn", "-n", "1000"))
                .contains("\"model_version\":\"churn/1\"", "\"model_version\":\"churn/2\"");
        assertThat(leat("tail", "churn-shadow", "-n", "1")).contains("\"role\":\"shadow\"");
        assertThat(leat("tail", "spending.v1", "--where", "entity=ann"))
                .contains("\"amount\":4.25");
        assertThat(leat("dead", "list", "churn")).contains("No dead letters.");
        assertThat(leat("catalog", "churn", "--registered"))
                .contains("churn/2", "@champion", "churn.v1:model_version");
    }

    /// Of both champions, and of the shadow since it is one.
    private void assertThatEveryVectorHasItsPrediction(Workspace workspace, LogConnection log) {
        AuditReport report;
        try (KafkaAuditLog audited = new KafkaAuditLog(log, AuditSettings.DEFAULT.patience());
                KafkaLogReader reader = new KafkaLogReader(log, workspace.names().group("audit"));
                LakeCatalog lake = WorkspaceLake.open(workspace)) {
            report =
                    new Audit(
                                    workspace.names(),
                                    AuditSettings.DEFAULT,
                                    new Audit.Sources(
                                            audited,
                                            Optional.of(new LakeTableRows(lake)),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.of(scoring ->
                                                    Terms.all(reader, workspace.names(), scoring))),
                                    folder.resolve("audit"),
                                    InstantSource.system())
                            .run(
                                    new AuditRequest(
                                            List.of(),
                                            workspace.scorings(),
                                            Instant.EPOCH,
                                            Instant.now(),
                                            true,
                                            Optional.empty()));
        }
        assertThat(report.clean()).as(AuditTable.of(report)).isTrue();
        assertThat(report.contracts())
                .extracting(AuditReport.ContractAudit::contract)
                .containsExactly("churn.v1", "churn-shadow.v1");
        for (AuditReport.ContractAudit contract : report.contracts()) {
            assertThat(contract.hops())
                    .extracting(AuditReport.HopAudit::hop)
                    .contains(AuditReport.Hop.SCORER, AuditReport.Hop.LAKE_PREDICTIONS);
            assertThat(contract.hops().getFirst().found()).isGreaterThan(BATCH);
        }
    }

    private void assertThatWhatPredictsWithoutAnAliasIsNotPruned(RegistryLog registry) {
        registry.write(new RegisteredModelCommand.DeleteAlias("churn", "champion"));
        registry.write(new RegisteredModelCommand.DeleteAlias("churn", "next"));
        registry.write(
                new VersionCommand.Create(
                        "newest",
                        "churn",
                        "mlflow-artifacts:/0/r1/artifacts/model",
                        "",
                        "",
                        "",
                        "",
                        Map.of()));

        assertThat(models("prune", "churn", "--keep", "1", "--older-than", "0s"))
                .containsPattern("keep +churn/1 +it predicts in churn\\.v1\n")
                .containsPattern("keep +churn/3 +it is among the newest 1\n");
    }

    private String leat(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("--workspace", folder.toString()));
        return LeatCommandLines.run(command.toArray(String[]::new)).output();
    }

    private void assertThatPredictionsAreExplained() {
        String first = cell("SELECT vector AS x FROM churn_v1 WHERE entity = 'ann'");
        assertThat(models("explain", first))
                .contains("churn/1 by @champion, predicts since " + first)
                .contains("\"customer\":\"ann\"")
                .containsPattern("risk +6\\.(49999\\d*|5); asked again 6\\.5")
                .contains("there is no vector before it");

        String later =
                cell(
                        "SELECT vector AS x FROM churn_v1 WHERE entity = 'bob'"
                                + " ORDER BY query_time DESC LIMIT 1");
        JsonNode explained = JsonMapper.shared().readTree(models("explain", later, "--json"));
        double added = 0;
        for (JsonNode feature : explained.path("features")) {
            added += feature.path("adds").asDouble(0);
        }
        JsonNode risk = explained.path("explained");
        assertThat(risk.path("compared").asInt(0)).isPositive();
        assertThat(risk.path("expected").asDouble() + added)
                .isCloseTo(risk.path("now").asDouble(), within(1e-5));
        assertThat(explained.at("/event/value/customer").asString()).isEqualTo("bob");

        assertThat(models("explain", later + "/next"))
                .contains("churn/1 by @next")
                .contains(", shadow");
        assertThat(models("explain", later + "/nobody"))
                .contains("the log has no prediction " + later + "/nobody");
        assertThat(models("explain", "12")).contains("'12' is no prediction");
    }

    private String cell(String query) {
        return sql(query).lines().skip(1).findFirst().orElseThrow().strip();
    }

    private void assertTheOldVersionPredictsSoonAfterARollback(
            Platform platform, LogConnection log, String topic) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (TailedPredictions predictions = new TailedPredictions(log, topic);
                ExecutorService sender = Executors.newSingleThreadExecutor()) {
            Future<?> sending =
                    sender.submit(() -> {
                        for (int batch = 0; !stop.get(); batch++) {
                            sendOrders(platform, batch);
                        }
                        return null;
                    });
            assertThat(predictions.until("churn/2", 500, PATIENCE))
                    .extracting(TailedPredictions.Seen::version)
                    .containsOnly("churn/2");

            long start = System.nanoTime();
            String printed = models("rollback", "churn");
            predictions.until("churn/1", 1, PATIENCE);
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            List<TailedPredictions.Seen> seen = predictions.until("churn/1", 500, PATIENCE);
            stop.set(true);
            sending.get();

            System.out.println(
                    "leat models rollback: the old version's first prediction after "
                            + millis
                            + " ms");
            assertThat(printed).startsWith("churn@champion: version 2 → 1");
            assertThat(millis).isLessThan(5_000);
            for (int partition : seen.stream().map(one -> one.partition()).distinct().toList()) {
                assertThat(
                                seen.stream()
                                        .filter(one -> one.partition() == partition)
                                        .map(TailedPredictions.Seen::version)
                                        .dropWhile("churn/2"::equals))
                        .doesNotContain("churn/2");
            }
        } finally {
            stop.set(true);
        }
    }

    private String models(String... words) {
        return leat(Stream.concat(Stream.of("models"), Stream.of(words)).toArray(String[]::new));
    }

    private void sendOrders(Platform platform, int batch) throws IOException {
        Path events = folder.resolve("orders.jsonl");
        Files.write(
                events,
                IntStream.range(0, BATCH)
                        .mapToObj(i ->
                                "{\"order\":\"b%d-%d\",\"customer\":\"c%d\",\"amount\":1.0}"
                                        .formatted(batch, i, i % 50))
                        .toList());
        send(platform, events, BATCH);
    }

    private String predictions() {
        return sql("SELECT concat_ws(',', entity, model_version, role, risk) AS x FROM churn_v1");
    }

    private String count(String table) {
        return sql("SELECT 'rows=' || count(*) || ';' AS x FROM " + table);
    }

    private String sql(String query) {
        return LeatCommandLines.run("sql", query, "--workspace", folder.toString()).output();
    }

    private void send(Platform platform, String event) throws IOException {
        Path events = folder.resolve("event.jsonl");
        Files.writeString(events, event + "\n");
        send(platform, events, 1);
    }

    private void send(Platform platform, Path events, int count) {
        assertThat(
                        LeatCommandLines.run(
                                        "send",
                                        "orders",
                                        events.toString(),
                                        "--workspace",
                                        folder.toString(),
                                        "--to",
                                        "http://127.0.0.1:" + platform.collector().getPort())
                                .output())
                .contains(count + " accepted");
    }

    private static void await(Supplier<String> look, String wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String seen = look.get();
        while (!seen.contains(wanted)) {
            assertThat(System.nanoTime()).as(seen).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
            seen = look.get();
        }
    }
}
