package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeTables;
import leat.stream.lake.TrainingTables;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From events to a training set: collector, enricher, feature store, lake and the command.
final class TrainingSetIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;

    @Test
    void whatEventsSayOfAnEntityStandsBesideItsRow() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(
                        new EmbeddedKafka.Settings(folder.resolve("kafka"), 0, false, Map.of()))) {
            Workspace workspace = workspace(broker.bootstrapServers());
            try (Platform platform =
                    Platform.start(
                            workspace,
                            new Platform.Options(
                                    Set.of(Role.COLLECTOR, Role.ENRICHER, Role.FEATURES, Role.LAKE),
                                    "1",
                                    0))) {
                // Given
                Files.writeString(
                        folder.resolve("orders.jsonl"),
                        """
                        {"order":"o1","customer":"007","amount":1}
                        {"order":"o2","customer":"007","amount":2}
                        {"order":"o3","customer":"b","amount":3}
                        """);
                LeatCommandLines.Ended sent =
                        leat(
                                "send",
                                "orders",
                                folder.resolve("orders.jsonl").toString(),
                                "--to",
                                "http://127.0.0.1:" + platform.collector().getPort());
                assertThat(sent.output()).contains("3 accepted");
                awaitVectors(workspace, 0, 3);
                Path rows =
                        Files.writeString(
                                folder.resolve("rows.csv"),
                                "entity,time,label\n007,%1$s,x\nnobody,%1$s,y\nb,%1$s,z\n"
                                        .formatted(Instant.now().plusSeconds(3_600)));

                // When
                Path out = folder.resolve("training-set.parquet");
                LeatCommandLines.Ended made = history(rows.toString(), out);
                LeatCommandLines.Ended bySql =
                        history("SELECT * FROM spending", folder.resolve("sql.parquet"));
                LeatCommandLines.Ended again = history(rows.toString(), out);
                Path ofSet = folder.resolve("set.parquet");
                LeatCommandLines.Ended bySet =
                        leat(
                                "features",
                                "history",
                                "--entities",
                                rows.toString(),
                                "--set",
                                "churn",
                                "--out",
                                ofSet.toString());
                LeatCommandLines.Ended table = table(rows.toString(), "churn_2026");
                LeatCommandLines.Ended sameTable = table(rows.toString(), "churn_2026");
                LeatCommandLines.Ended noTable = table(rows.toString(), "Churn");
                LeatCommandLines.Ended both =
                        leat(
                                "features",
                                "history",
                                "--entities",
                                rows.toString(),
                                "--set",
                                "churn",
                                "--views",
                                "spending",
                                "--out",
                                ofSet.toString());

                // Then
                assertThat(made.output())
                        .contains("training-set.parquet: 3 rows in")
                        .contains("rows without a vector: spending.v1 1");
                assertThat(made.exitCode()).isZero();
                assertThat(rows(out))
                        .containsExactly("007 x 2 3.0", "nobody y null null", "b z 1 3.0");
                assertThat(bySql.output())
                        .contains("the query has no column 'time' but entity, query_time");
                assertThat(again.output()).contains("is there already");
                assertThat(again.exitCode()).isOne();
                assertThat(bySet.output())
                        .contains("set.parquet: 3 rows in")
                        .contains("rows without a vector: spending.v1 1");
                assertThat(columns(ofSet))
                        .containsExactly(
                                "entity",
                                "time",
                                "label",
                                "spent",
                                "orders_count_1d",
                                "spending__query_time");
                ofTheViewOfTheView(workspace, rows);
                String name = workspace.names().prefix() + "_training.churn_2026";
                assertThat(table.output())
                        .contains(name + ": 3 rows in")
                        .contains("rows without a vector: spending.v1 1");
                assertThat(lakeRows(workspace, name))
                        .containsExactly("007 x 3.0 2", "nobody y null null", "b z 3.0 1");
                tablesAreInTheCatalogue(workspace.names().prefix() + "_training");
                assertThat(sameTable.output()).contains("table " + name + ": is there already");
                assertThat(noTable.output()).contains("'Churn' cannot be a table's name");
                assertThat(both.exitCode()).isEqualTo(2);
                assertThat(both.output()).contains("Choose one of --views and --set.");
            }
        }
    }

    /// From files and the lake alone.
    private void tablesAreInTheCatalogue(String namespace) {
        String ofSet =
                "\"asOf\":\"event\",\"set\":\"churn\",\"views\":[\"spending.v1\"],"
                        + "\"features\":[\"spending:amount_sum_1d\",\"spending:orders_count_1d\"]}";

        assertThat(leat("catalog", "--kind", "set", "--lake", "--json").output())
                .contains("\"registered\":false,\"lake\":true,\"online\":false")
                .contains("{\"table\":\"" + namespace + ".churn_2026\",\"made\":\"20")
                .contains("\"rows\":3," + ofSet);
        assertThat(leat("catalog", "spending", "--kind", "view", "--lake").output())
                .containsPattern("table +" + namespace + "\\.churn_2026 +event +churn, spending.v1")
                .containsPattern(
                        "table +" + namespace + "\\.trend_2026 +event +trend.v1, spending.v1");
        assertThat(leat("catalog", "--kind", "set", "--json").output())
                .contains("\"lake\":false", "\"trainingSets\":[]");
    }

    /// The table of its vectors in the lake, and a training set of them as a table.
    private void ofTheViewOfTheView(Workspace workspace, Path rows) throws IOException {
        awaitVectors(workspace, 1, 3);
        assertThat(
                        leat(
                                        "features",
                                        "history",
                                        "--entities",
                                        rows.toString(),
                                        "--views",
                                        "trend,spending",
                                        "--table",
                                        "trend_2026")
                                .output())
                .contains("rows without a vector: trend.v1 1, spending.v1 1");
        try (LakeCatalog lake = WorkspaceLake.open(workspace)) {
            Table set =
                    lake.catalog()
                            .loadTable(
                                    TableIdentifier.parse(
                                            workspace.names().prefix() + "_training.trend_2026"));
            List<String> found = new ArrayList<>();
            try (CloseableIterable<Record> records = IcebergGenerics.read(set).build()) {
                records.forEach(row ->
                        found.add(
                                row.getField("entity")
                                        + " "
                                        + row.getField("trend__spent_max_1d")
                                        + " "
                                        + row.getField("trend__spent_count_1d")
                                        + " "
                                        + row.getField("spending__amount_sum_1d")));
            }
            assertThat(found)
                    .containsExactly("007 3.0 2 3.0", "nobody null null null", "b 3.0 1 3.0");
            assertThat(new TrainingTables(lake).madeOf("trend.v1"))
                    .containsExactly(workspace.names().prefix() + "_training.trend_2026");
            awaitTrend(lake);
        }
    }

    /// The vectors of the view of the view are loaded as those of any view.
    private static void awaitTrend(LakeCatalog lake) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> found = List.of();
        while (found.size() < 3) {
            assertThat(System.nanoTime()).as("%s", found).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            Optional<Table> vectors = new LakeTables(lake).vectors("trend.v1");
            found = new ArrayList<>();
            if (vectors.isPresent()) {
                try (CloseableIterable<Record> records =
                        IcebergGenerics.read(vectors.get()).build()) {
                    for (Record row : records) {
                        found.add(row.getField("entity") + " " + row.getField("spent_max_1d"));
                    }
                }
            }
        }
        assertThat(found).containsExactlyInAnyOrder("007 1.0", "007 3.0", "b 3.0");
    }

    private LeatCommandLines.Ended history(String entities, Path out) {
        return leat(
                "features",
                "history",
                "--entities",
                entities,
                "--views",
                "spending",
                "--as-of",
                "served",
                "--out",
                out.toString());
    }

    private LeatCommandLines.Ended table(String entities, String name) {
        return leat(
                "features", "history", "--entities", entities, "--set", "churn", "--table", name);
    }

    /// What any program reads that knows the catalogue.
    private static List<String> lakeRows(Workspace workspace, String name) throws IOException {
        List<String> found = new ArrayList<>();
        try (LakeCatalog lake = WorkspaceLake.open(workspace)) {
            Table table = lake.catalog().loadTable(TableIdentifier.parse(name));
            assertThat(table.properties())
                    .containsEntry("leat.set", "churn")
                    .containsEntry("leat.views", "spending.v1")
                    .containsEntry("leat.as-of", "event")
                    .containsEntry(
                            "leat.features", "spending:amount_sum_1d,spending:orders_count_1d");
            try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
                rows.forEach(row ->
                        found.add(
                                row.getField("entity")
                                        + " "
                                        + row.getField("label")
                                        + " "
                                        + row.getField("spent")
                                        + " "
                                        + row.getField("orders_count_1d")));
            }
        }
        return found;
    }

    private LeatCommandLines.Ended leat(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--workspace", folder.toString()));
        return LeatCommandLines.run(all.toArray(String[]::new));
    }

    private Workspace workspace(String bootstrapServers) throws Exception {
        LeatCommandLines.initialize(folder);
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                """
                entity: customer
                source: orders
                features:
                  - {name: orders, aggregate: count, windows: 1d}
                  - {name: amount, expression: event.amount, aggregate: sum, windows: 1d}
                """);
        Files.writeString(
                folder.resolve("features/trend.yaml"),
                """
                entity: customer
                source: spending
                features:
                  - name: spent
                    expression: event.amount_sum_1d
                    aggregate: [max, count]
                    windows: 1d
                """);
        Files.createDirectories(folder.resolve("features/sets"));
        Files.writeString(
                folder.resolve("features/sets/churn.yaml"),
                """
                entity: customer
                features:
                  - view: spending
                    names: [amount_sum_1d, orders_count_1d]
                    rename: {amount_sum_1d: spent}
                """);
        Files.writeString(
                folder.resolve("leat.yaml"),
                """
                log:
                  bootstrap-servers: %s
                  allow-single-replica: true
                lake:
                  loader: {commit-interval: 500ms}
                """
                        .formatted(bootstrapServers));
        return Workspace.open(folder).withFreeCollectorPorts();
    }

    private static void awaitVectors(Workspace workspace, int view, int count) {
        String topic = workspace.names().vectors(workspace.vectors().get(view));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int found = 0;
        try (Consumer<byte[], byte[]> reader = workspace.log(0).reader("test", Map.of())) {
            List<TopicPartition> partitions =
                    reader.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            while (found < count) {
                assertThat(System.nanoTime()).as("time, with %d", found).isLessThan(deadline);
                found += reader.poll(Duration.ofMillis(100)).count();
            }
        }
    }

    private static List<String> columns(Path parquet) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet found = statement.executeQuery("DESCRIBE FROM '" + parquet + "'")) {
            while (found.next()) {
                columns.add(found.getString(1));
            }
        }
        return columns;
    }

    private static List<String> rows(Path parquet) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "SELECT entity, label, spending__orders_count_1d,"
                                        + " spending__amount_sum_1d FROM '"
                                        + parquet
                                        + "'")) {
            while (found.next()) {
                rows.add(
                        found.getString(1)
                                + " "
                                + found.getString(2)
                                + " "
                                + found.getObject(3)
                                + " "
                                + found.getObject(4));
            }
        }
        return rows;
    }
}
