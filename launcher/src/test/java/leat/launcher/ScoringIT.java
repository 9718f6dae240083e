package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import leat.core.model.RegisteredModelCommand;
import leat.launcher.config.Workspace;
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

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @Test
    void predictionsAreFoundInSqlWithWhoMadeThem() throws Exception {
        ChurnPlatform.define(folder);
        try (ChurnPlatform churn = ChurnPlatform.start(brokerFolder, folder)) {
            // Given events before anybody is champion
            churn.send("{\"order\":\"o1\",\"customer\":\"ann\",\"amount\":4.25}");
            churn.alias("champion", 1);
            Await.text("ann,churn/1,champion", () -> predictions(churn));
            assertThat(predictions(churn)).containsPattern("ann,churn/1,champion,6\\.(49999|5)");

            // When another version is champion, and one a shadow
            churn.alias("next", 1);
            assertThat(churn.models("promote", "churn", "2"))
                    .startsWith("churn@champion: version 1 → 2");
            for (int order = 2; !predictions(churn).contains("churn/2,champion"); order++) {
                assertThat(order).isLessThan(100);
                churn.send("{\"order\":\"o" + order + "\",\"customer\":\"bob\",\"amount\":1.0}");
                churn.awaitRows("churn", order);
            }

            // Then what was there stays, and the shadow's are apart
            assertThat(predictions(churn)).contains("ann,churn/1,champion");
            Await.text(
                    "shadow=churn/1",
                    () ->
                            churn.sql(
                                    "SELECT DISTINCT role || '=' || model_version AS x FROM"
                                            + " churn_shadow"));
            assertThat(churn.commands.output("plan")).contains("churn@champion of spending.v1");

            assertThatPredictionsAreExplained(churn);
            assertThatPredictionsAreShownAsEventsAre(churn);
            assertTheOldVersionPredictsSoonAfterARollback(churn);
            assertThatEveryVectorHasItsPrediction(churn.workspace, churn.log);
            assertThatWhatPredictsWithoutAnAliasIsNotPruned(churn);
        }
    }

    @Test
    void aModelOfASetIsGivenWhatEachViewWroteWithTheSameEvent() throws Exception {
        ChurnPlatform.define(folder);
        ChurnPlatform.defineSet(folder);
        try (ChurnPlatform churn = ChurnPlatform.start(brokerFolder, folder)) {
            churn.alias("champion", 1);
            churn.sendOrders(1);
            churn.sendOrders(2);

            // Both views count the same orders, so that the model says the same of either.
            Await.text(
                    "rows=" + 2 * ChurnPlatform.BATCH + ",different=0",
                    () ->
                            churn.sql(
                                    "SELECT 'rows=' || count(*) || ',different=' || count(*)"
                                            + " FILTER (s.risk <> v.risk) AS x FROM leaving_v1"
                                            + " s JOIN churn_v1 v ON s.vector = v.vector"));
            String vector = churn.cell("SELECT vector AS x FROM leaving_v1 WHERE entity = 'c7'");
            assertThat(churn.models("explain", vector, "--scoring", "leaving"))
                    .containsPattern("amount +1\\.0+ ")
                    .containsPattern("visits +\\d .*count\\(\\)");
            assertThat(churn.commands.output("validate"))
                    .containsPattern("leaving +1 +churn +spending.v1 +customer +2");
            assertThat(churn.commands.output("plan"))
                    .contains("churn@champion of the set customer");
        }
    }

    private static void assertThatPredictionsAreShownAsEventsAre(ChurnPlatform churn) {
        assertThat(churn.commands.output("tail", "churn", "-n", "1000"))
                .contains("\"model_version\":\"churn/1\"", "\"model_version\":\"churn/2\"");
        assertThat(churn.commands.output("tail", "churn-shadow", "-n", "1"))
                .contains("\"role\":\"shadow\"");
        assertThat(churn.commands.output("tail", "spending.v1", "--where", "entity=ann"))
                .contains("\"amount\":4.25");
        assertThat(churn.commands.output("dead", "list", "churn")).contains("No dead letters.");
        assertThat(churn.commands.output("catalog", "churn", "--registered"))
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
            assertThat(contract.hops().getFirst().found()).isGreaterThan(ChurnPlatform.BATCH);
        }
    }

    private static void assertThatWhatPredictsWithoutAnAliasIsNotPruned(ChurnPlatform churn) {
        churn.registry.write(new RegisteredModelCommand.DeleteAlias("churn", "champion"));
        churn.registry.write(new RegisteredModelCommand.DeleteAlias("churn", "next"));
        churn.registerVersion("newest");

        assertThat(churn.models("prune", "churn", "--keep", "1", "--older-than", "0s"))
                .containsPattern("keep +churn/1 +it predicts in churn\\.v1\n")
                .containsPattern("keep +churn/3 +it is among the newest 1\n");
    }

    private static void assertThatPredictionsAreExplained(ChurnPlatform churn) {
        String first = churn.cell("SELECT vector AS x FROM churn_v1 WHERE entity = 'ann'");
        assertThat(churn.models("explain", first))
                .contains("churn/1 by @champion, predicts since " + first)
                .contains("\"customer\":\"ann\"")
                .containsPattern("risk +6\\.(49999\\d*|5); asked again 6\\.5")
                .contains("there is no vector before it");

        String later =
                churn.cell(
                        "SELECT vector AS x FROM churn_v1 WHERE entity = 'bob'"
                                + " ORDER BY query_time DESC LIMIT 1");
        JsonNode explained = JsonMapper.shared().readTree(churn.models("explain", later, "--json"));
        double added = 0;
        for (JsonNode feature : explained.path("features")) {
            added += feature.path("adds").asDouble(0);
        }
        JsonNode risk = explained.path("explained");
        assertThat(risk.path("compared").asInt(0)).isPositive();
        assertThat(risk.path("expected").asDouble() + added)
                .isCloseTo(risk.path("now").asDouble(), within(1e-5));
        assertThat(explained.at("/event/value/customer").asString()).isEqualTo("bob");

        assertThat(churn.models("explain", later + "/next"))
                .contains("churn/1 by @next")
                .contains(", shadow");
        assertThat(churn.models("explain", later + "/nobody"))
                .contains("the log has no prediction " + later + "/nobody");
        assertThat(churn.models("explain", "12")).contains("'12' is no prediction");
    }

    private static void assertTheOldVersionPredictsSoonAfterARollback(ChurnPlatform churn)
            throws Exception {
        String topic = churn.workspace.names().prefix() + ".predictions.churn.v1";
        AtomicBoolean stop = new AtomicBoolean();
        try (TailedPredictions predictions = new TailedPredictions(churn.log, topic);
                ExecutorService sender = Executors.newSingleThreadExecutor()) {
            Future<?> sending =
                    sender.submit(() -> {
                        for (int batch = 0; !stop.get(); batch++) {
                            churn.sendOrders(batch);
                        }
                        return null;
                    });
            assertThat(predictions.until("churn/2", 500, PATIENCE))
                    .extracting(TailedPredictions.Seen::version)
                    .containsOnly("churn/2");

            long start = System.nanoTime();
            String printed = churn.models("rollback", "churn");
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

    private static String predictions(ChurnPlatform churn) {
        return churn.sql(
                "SELECT concat_ws(',', entity, model_version, role, risk) AS x FROM churn_v1");
    }
}
