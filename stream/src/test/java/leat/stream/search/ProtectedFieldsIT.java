package leat.stream.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.enrich.Answers;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.odcs.OdcsReader;
import leat.core.protect.ProtectionKey;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventAttributes;
import leat.stream.collector.EventIntake;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Receipt;
import leat.stream.collector.access.Caller;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeLoaderSettings;
import leat.stream.lake.LakeStoreSettings;
import leat.stream.lake.LakeTables;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Events with personal data from the collector to the topic, the table and the index, which are
/// then searched for every plain value.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ProtectedFieldsIT {

    private static final int EVENTS = 200;
    private static final ProtectionKey KEY = ProtectionKey.parse("5a".repeat(32));
    private static final Contract CONTRACT =
            OdcsReader.read(
                            Path.of("visits.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: visits
                            version: 1.0.0
                            status: active
                            schema:
                              - name: visit
                                properties:
                                  - {name: number, logicalType: integer, required: true, primaryKey: true}
                                  - {name: mail, logicalType: string, required: true, logicalTypeOptions: {format: email}, classification: personal}
                                  - {name: card, logicalType: string, logicalTypeOptions: {pattern: "^[0-9]{16}$"}}
                                  - {name: born, logicalType: date, required: true}
                                  - name: guests
                                    logicalType: array
                                    items:
                                      logicalType: object
                                      properties:
                                        - {name: table, logicalType: integer}
                                        - {name: name, logicalType: string, classification: personal}
                                  - {name: greeting, logicalType: string}
                            customProperties:
                              - {property: leat.key, value: mail}
                              - {property: leat.partitions, value: 2}
                              - property: leat.enrich
                                value:
                                  - {field: greeting, expression: "'Dear ' + event.mail"}
                                  - {protect: {classification: personal}, action: hash}
                                  - {protect: {field: card}, action: mask, keep: {last: 4}}
                                  - {protect: {field: born}, action: drop}
                                  - {protect: {field: greeting}, action: mask}
                            """)
                    .orThrow();

    @TempDir private Path folder;
    private final Names names = SharedKafka.freshNames();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private static String mail(int n) {
        return "person" + n + "@secret.example";
    }

    private static IncomingEvent event(int n) {
        String json =
                """
                {"number": %1$d, "mail": "person%1$d@secret.example", "born" : "19%2$02d-03-17",
                 "card": "411111%1$06d1234", "guests": [{"name": "Guest \\u0041%1$d", "table": 3}]}\
                """
                        .formatted(n, n % 100);
        EventAttributes attributes =
                new EventAttributes(
                        "visit-" + n, "/till", null, null, Map.of("subject", "about " + mail(n)));
        return new IncomingEvent(json.getBytes(UTF_8), attributes);
    }

    /// Everything of the events that nobody downstream may see.
    private static List<String> plainValues() {
        List<String> plain = new ArrayList<>(List.of("@secret", "411111", "-03-17", "Guest"));
        for (int n = 0; n < EVENTS; n++) {
            plain.add("person" + n);
        }
        return plain;
    }

    @Test
    void noPlainValueReachesTopicTableOrIndex() throws Exception {
        // Given
        SharedKafka.create(TopicSpec.of(names, CONTRACT));
        LakeTables tables = new LakeTables(startLake());
        SearchEngine engine = startSearch();
        startEnricher();

        // When
        send();
        String index = names.index("enriched", CONTRACT);
        SearchFixture.await(() -> rows(tables) == EVENTS && documents(engine, index) == EVENTS);

        // Then
        List<String> published = new ArrayList<>(records(names.enriched(CONTRACT)));
        assertThat(published).hasSize(EVENTS);
        published.addAll(tableRows(tables.enriched(CONTRACT).orElseThrow()));
        engine.search(index, "{\"size\":1000}")
                .at("/hits/hits")
                .forEach(hit -> published.add(hit.toString()));
        assertThat(published).hasSize(3 * EVENTS);
        for (String plain : plainValues()) {
            assertThat(published).noneMatch(text -> text.contains(plain));
        }
        String hash = hash(mail(7));
        assertThat(published).filteredOn(text -> text.contains(hash)).hasSize(3);
        assertThat(published).allMatch(text -> text.contains("***1234"));
        assertThat(foundByHash(engine, index, hash)).isEqualTo(1);
        assertThat(records(names.enriched(CONTRACT))).anyMatch(text -> text.startsWith(hash + " "));
        assertThat(records(names.raw(CONTRACT)))
                .as("raw keeps what the client sent")
                .anyMatch(text -> text.startsWith(mail(7) + " ") && text.contains("about person7"));
        assertThat(records(names.dead(CONTRACT, DeadStage.ENRICHER))).isEmpty();
    }

    private LakeCatalog startLake() {
        LakeCatalog catalog =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake")),
                        names);
        open.add(catalog);
        LakeLoaderSettings often =
                new LakeLoaderSettings(
                        Duration.ofMillis(200),
                        DataSize.mebibytes(64),
                        DataSize.mebibytes(64),
                        1,
                        4,
                        false);
        open.add(
                LakeLoader.start(
                        new LakeLoader.Place(SharedKafka.connection(), names, catalog),
                        often,
                        List.of(CONTRACT)));
        return catalog;
    }

    private SearchEngine startSearch() {
        SearchEngine engine = new SearchEngine(SharedOpenSearch.url(), SearchSettings.DEFAULT);
        open.add(engine);
        open.add(
                SearchLoader.start(
                        new SearchLoader.Parts(
                                SharedKafka.connection(),
                                engine,
                                names,
                                CONTRACT,
                                SearchSettings.DEFAULT,
                                new SearchMetrics(new PrometheusRegistry()))));
        return engine;
    }

    private void startEnricher() {
        open.add(
                Enricher.start(
                        SharedKafka.connection(),
                        new Enricher.Instance(names, "one", folder),
                        EnricherSettings.DEFAULT,
                        List.of(Flow.of(names, CONTRACT, Answers.NONE, Optional.of(KEY)))));
    }

    private void send() throws Exception {
        EventIntake intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                SharedKafka.connection(),
                                names,
                                List.of(CONTRACT),
                                new PrometheusRegistry()),
                        CollectorSettings.defaults());
        open.add(intake);
        List<IncomingEvent> events = new ArrayList<>();
        for (int n = 0; n < EVENTS; n++) {
            events.add(event(n));
        }
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        intake.accept(
                Caller.ANYONE,
                intake.inlets().find("visits").orElseThrow(),
                new IncomingBatch(events, Optional.empty()),
                receipt::complete);
        assertThat(receipt.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Receipt.Settled.class,
                        settled ->
                                assertThat(settled.items())
                                        .allMatch(Receipt.Accepted.class::isInstance));
    }

    private static String hash(String text) {
        return new String(
                Flow.of(new Names("hash"), CONTRACT, Answers.NONE, Optional.of(KEY))
                        .judge()
                        .publishedKey(text.getBytes(UTF_8)),
                UTF_8);
    }

    private static long rows(LakeTables tables) {
        return tables.enriched(CONTRACT)
                .flatMap(table -> Optional.ofNullable(table.currentSnapshot()))
                .map(snapshot -> Long.valueOf(snapshot.summary().get("total-records")))
                .orElse(0L);
    }

    private static List<String> tableRows(Table table) throws Exception {
        List<String> rows = new ArrayList<>();
        try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
            all.forEach(row -> rows.add(row.toString()));
        }
        return rows;
    }

    private static long documents(SearchEngine engine, String index) {
        try {
            engine.refresh(index);
            return engine.count(index);
        } catch (EngineRefused | EngineUnavailable _) {
            return 0;
        }
    }

    private static long foundByHash(SearchEngine engine, String index, String hash) {
        return engine.search(index, "{\"query\":{\"term\":{\"mail\":\"" + hash + "\"}}}")
                .at("/hits/total/value")
                .asLong();
    }

    /// The records of a topic as texts: key, value and all headers.
    private static List<String> records(String topic) {
        List<TopicPartition> partitions =
                List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        List<String> texts = new ArrayList<>();
        try (Consumer<byte[], byte[]> reader = SharedKafka.connection().reader("test", Map.of())) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            SearchFixture.await(() -> {
                reader.poll(Duration.ofMillis(50)).forEach(record -> texts.add(text(record)));
                return ends.entrySet().stream()
                        .allMatch(end -> reader.position(end.getKey()) >= end.getValue());
            });
        }
        return texts;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder(new String(record.key(), UTF_8)).append(' ');
        text.append(new String(record.value(), UTF_8));
        record.headers()
                .forEach(header ->
                        text.append(' ')
                                .append(header.key())
                                .append('=')
                                .append(new String(header.value(), UTF_8)));
        return text.toString();
    }
}
