package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.config.Secrets;
import leat.core.outcome.ReasonCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BulkSenderTest {

    private final FakeEngine fake = new FakeEngine();
    private final SearchMetrics metrics = new SearchMetrics(new PrometheusRegistry());

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    void sendsActionAndDocumentLinesWithIdAndVersion() {
        fake.answer(200, items(ok()));
        LoadBatch batch = batch(1);

        assertThat(send(batch, SearchSettings.DEFAULT)).isEmpty();

        assertThat(fake.requests().getFirst().body())
                .isEqualTo(
                        "{\"index\":{\"_index\":\"i\",\"_id\":\"00\",\"version\":100,"
                                + "\"version_type\":\"external\"}}\n{\"n\":0}\n");
        assertThat(metrics.indexed.labelValues("car-telemetry").get()).isEqualTo(1);
    }

    @Test
    void takesAVersionConflictForAnEarlierSuccess() {
        fake.answer(200, items(error(409, "version_conflict_engine_exception"), ok()));
        LoadBatch batch = batch(2);

        assertThat(send(batch, SearchSettings.DEFAULT)).isEmpty();

        assertThat(batch.settled()).isTrue();
        assertThat(batch.refusals()).isEmpty();
        assertThat(metrics.alreadyThere.labelValues("car-telemetry").get()).isEqualTo(1);
    }

    @Test
    void refusesOnlyTheDocumentThatTheMappingRefuses() {
        fake.answer(200, items(ok(), error(400, "mapper_parsing_exception"), ok()));
        LoadBatch batch = batch(3);

        assertThat(send(batch, SearchSettings.DEFAULT)).isEmpty();

        assertThat(batch.refusals()).hasSize(1);
        LoadBatch.Refusal refusal = batch.refusals().getFirst();
        assertThat(refusal.record().offset()).isEqualTo(101);
        assertThat(refusal.reason().code()).isEqualTo(ReasonCode.REFUSED_BY_SEARCH);
        assertThat(refusal.reason().message())
                .isEqualTo("mapper_parsing_exception: why; number_format_exception: bad");
    }

    @Test
    void sendsAgainOnlyWhatTheEngineHadNoTimeFor() {
        fake.answer(200, items(ok(), error(429, "rejected_execution_exception"), ok()));
        fake.answer(200, items(ok()));
        LoadBatch batch = batch(3);

        assertThat(send(batch, SearchSettings.DEFAULT))
                .hasValueSatisfying(reason -> assertThat(reason).contains("rejected_execution"));
        assertThat(batch.settled()).isFalse();
        assertThat(send(batch, SearchSettings.DEFAULT)).isEmpty();

        assertThat(fake.requests().get(1).body()).contains("\"version\":101").doesNotContain("100");
    }

    @Test
    void waitsForABlockedOrClosedIndexAndForUnknownStatuses() {
        for (String item :
                List.of(
                        error(403, "cluster_block_exception"),
                        error(400, "index_closed_exception"),
                        error(503, "unavailable_shards_exception"),
                        error(418, "teapot_exception"))) {
            fake.answer(200, items(item));
            LoadBatch batch = batch(1);

            assertThat(send(batch, SearchSettings.DEFAULT)).as(item).isPresent();

            assertThat(batch.settled()).isFalse();
            assertThat(batch.refusals()).isEmpty();
        }
    }

    @Test
    void keepsTheBatchWhenTheAnswerIsLostOrStrange() {
        fake.answer(0, "");
        fake.answer(429, "{}");
        fake.answer(502, "<html>");
        fake.answer(200, "<html>");
        fake.answer(200, items(ok()));
        fake.answer(401, "{}");
        fake.answer(418, "");
        LoadBatch batch = batch(2);

        for (int i = 0; i < 7; i++) {
            assertThat(send(batch, SearchSettings.DEFAULT)).isPresent();
        }
        fake.answer(200, items(ok(), ok()));
        assertThat(send(batch, SearchSettings.DEFAULT)).isEmpty();

        assertThat(batch.settled()).isTrue();
        assertThat(batch.refusals()).isEmpty();
    }

    @Test
    void saysThatTheIndexIsGone() {
        fake.answer(200, items(error(404, "index_not_found_exception")));

        assertThatThrownBy(() -> send(batch(1), SearchSettings.DEFAULT))
                .isInstanceOf(IndexGone.class);
    }

    @Test
    void findsTheOneDocumentThatIsTooLarge() {
        fake.answer(413, "").answer(200, items(ok(), ok())).answer(413, "");
        fake.answer(413, "").answer(200, items(ok()));
        LoadBatch batch = batch(4);

        assertThat(send(batch, SearchSettings.DEFAULT)).isEmpty();

        assertThat(batch.refusals()).hasSize(1);
        assertThat(batch.refusals().getFirst().record().offset()).isEqualTo(102);
        assertThat(batch.refusals().getFirst().reason().code()).isEqualTo(ReasonCode.TOO_LARGE);
    }

    @Test
    void boundsARequestInRecords() {
        fake.answer(200, items(ok(), ok())).answer(200, items(ok()));

        assertThat(send(batch(3), settings(2, DataSize.mebibytes(1)))).isEmpty();

        assertThat(fake.requests()).hasSize(2);
    }

    @Test
    void boundsARequestInBytesAndSendsALargeDocumentAlone() {
        fake.answer(200, items(ok())).answer(200, items(ok()));
        LoadBatch batch = new LoadBatch(Map.of());
        String large = "{\"t\":\"" + "x".repeat(70 << 10) + "\"}";
        add(batch, 0, large);
        add(batch, 1, large);

        assertThat(send(batch, settings(10, new DataSize(64 << 10)))).isEmpty();

        assertThat(fake.requests()).hasSize(2);
    }

    @Test
    void sendsTheCredentialsItWasGiven() {
        fake.answer(200, items(ok())).answer(200, items(ok()));
        SearchSettings plain = SearchSettings.DEFAULT;

        send(batch(1), withAccess(plain, Optional.of("ann"), Optional.empty()));
        send(batch(1), withAccess(plain, Optional.empty(), Optional.of("${env:SEARCH_KEY}")));

        assertThat(fake.requests().getFirst().authorization()).isEqualTo("Basic YW5uOnB3");
        assertThat(fake.requests().getLast().authorization()).isEqualTo("ApiKey a2V5");
    }

    private Optional<String> send(LoadBatch batch, SearchSettings settings) {
        Secrets secrets =
                new Secrets(Map.of("SEARCH_PASSWORD", "pw", "SEARCH_KEY", "a2V5"), Path.of(""));
        try (SearchEngine engine = new SearchEngine(fake.url(), settings, secrets)) {
            return new BulkSender(engine, settings, metrics, SearchContracts.CARS.name())
                    .send(batch);
        }
    }

    private static LoadBatch batch(int size) {
        LoadBatch batch = new LoadBatch(Map.of());
        for (int i = 0; i < size; i++) {
            add(batch, i, "{\"n\":" + i + "}");
        }
        return batch;
    }

    private static void add(LoadBatch batch, int n, String document) {
        batch.add(
                Records.record("t", 100 + n, Map.of(), document),
                new Document.Ready(
                        new BulkItem(
                                "i", "0" + n, 100 + n, document.getBytes(StandardCharsets.UTF_8))));
    }

    private static SearchSettings settings(int records, DataSize size) {
        SearchSettings d = SearchSettings.DEFAULT;
        return new SearchSettings(
                d.url(),
                d.user(),
                d.password(),
                d.apiKey(),
                d.port(),
                d.heap(),
                records,
                size,
                d.refreshInterval(),
                d.shards(),
                Duration.ofSeconds(10));
    }

    private SearchSettings withAccess(
            SearchSettings d, Optional<String> user, Optional<String> apiKey) {
        return new SearchSettings(
                Optional.of(fake.url().toString()),
                user,
                user.map(_ -> "${env:SEARCH_PASSWORD}"),
                apiKey,
                d.port(),
                d.heap(),
                d.bulkRecords(),
                d.bulkSize(),
                d.refreshInterval(),
                d.shards(),
                d.requestTimeout());
    }

    private static String items(String... items) {
        return "{\"items\":[" + String.join(",", items) + "]}";
    }

    private static String ok() {
        return "{\"index\":{\"status\":201}}";
    }

    private static String error(int status, String type) {
        return "{\"index\":{\"status\":"
                + status
                + ",\"error\":{\"type\":\""
                + type
                + "\",\"reason\":\"why\",\"caused_by\":{\"type\":\"number_format_exception\","
                + "\"reason\":\"bad\"}}}}";
    }
}
