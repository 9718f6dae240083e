package leat.stream.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.CollectorFixture;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.send.ClientAccess;
import leat.stream.send.RowDelivery;
import leat.stream.testing.Await;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sources read through a real collector into a real broker, and killed.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ExtractorIT {

    private static final List<String> FAIL_POINTS =
            List.of(
                    "extractor.after-delivery",
                    "extractor.after-position",
                    "extractor.after-delivery:3",
                    "extractor.after-position:4");

    @TempDir private static Path folder;

    private static final LogConnection LOG = SharedKafka.connection();
    private static Names names;
    private static CollectorFixture collector;

    @BeforeAll
    static void openCollector() {
        names = SharedKafka.freshNames();
        List<TopicSpec> topics = new ArrayList<>(CollectorFixture.topics(names));
        topics.add(TopicSpec.compacted(names.extractions(), 1));
        SharedKafka.create(topics);
        collector = CollectorFixture.open(LOG, names, CollectorFixture.settings());
    }

    @AfterAll
    static void closeCollector() {
        collector.close();
    }

    private static URI address() {
        return URI.create("http://127.0.0.1:" + collector.port());
    }

    /// The payloads behind the search for duplicates, of one kind.
    private static List<String> once(String kind) {
        Set<String> ids = new LinkedHashSet<>();
        List<String> payloads = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : collector.raw(CLICKS)) {
            String payload = new String(record.value(), UTF_8);
            String id =
                    new String(record.headers().lastHeader(EventHeaders.SOURCE).value(), UTF_8)
                            + "|"
                            + new String(
                                    record.headers().lastHeader(EventHeaders.ID).value(), UTF_8);
            if (payload.contains(kind) && ids.add(id)) {
                payloads.add(payload);
            }
        }
        return payloads;
    }

    private static Process follower(Path file, String failPoint) throws IOException {
        return ChildJvm.start(
                FollowsUntilKilled.class,
                failPoint,
                Redirect.to(folder.resolve("follower.log").toFile()),
                SharedKafka.bootstrapServers(),
                names.prefix(),
                address().toString(),
                file.toString());
    }

    @Test
    void aFollowerThatIsKilledLosesAndDoublesNothing() throws Exception {
        Path file = folder.resolve("clicks.jsonl");
        int lines = 0;
        for (String failPoint : FAIL_POINTS) {
            // Given more than one page, and a rotation between two lives
            lines = append(file, lines, 2_500);
            if (failPoint.endsWith("4")) {
                Files.move(file, folder.resolve("clicks.jsonl.1"));
                lines = append(file, lines, 500);
            }

            // When
            Process killed = follower(file, failPoint);
            assertThat(killed.waitFor(60, TimeUnit.SECONDS)).as(failPoint).isTrue();
            assertThat(killed.exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);
        }
        int all = lines;
        try (Extractor extractor = FollowsUntilKilled.start(LOG, names, address(), file)) {
            Await.until(() -> assertThat(once("follow")).hasSize(all));
            assertThat(extractor.health().values()).containsExactly(new ExtractionHealth.Running());
        }

        // Then
        assertThat(once("follow"))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, all).mapToObj(ExtractorIT::line).toList());
        assertThat(collector.raw(CLICKS).size()).isGreaterThan(all);
    }

    private static int append(Path file, int from, int count) throws IOException {
        Files.write(
                file,
                IntStream.range(from, from + count).mapToObj(ExtractorIT::line).toList(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return from + count;
    }

    private static String line(int n) {
        return "{\"id\":\"follow-" + n + "\"}";
    }

    @Test
    void ofTwoFollowersOfOneFileTheFirstStopsAndSaysWhy() throws Exception {
        Path file = folder.resolve("shared.jsonl");
        Files.writeString(file, "{\"id\":\"shared-0\"}\n");
        try (Extractor first = FollowsUntilKilled.start(LOG, names, address(), file)) {
            Await.until(() -> assertThat(once("shared")).hasSize(1));
            try (Extractor second = FollowsUntilKilled.start(LOG, names, address(), file)) {
                Await.until(() ->
                        assertThat(second.health().values())
                                .containsExactly(new ExtractionHealth.Running()));
                Files.writeString(file, "{\"id\":\"shared-1\"}\n", StandardOpenOption.APPEND);

                Await.until(() -> assertThat(once("shared")).hasSize(2));
                Await.until(() ->
                        assertThat(first.health().values().iterator().next())
                                .isInstanceOfSatisfying(
                                        ExtractionHealth.Stopped.class,
                                        stopped ->
                                                assertThat(stopped.why())
                                                        .contains("another process reads")));
                Files.writeString(file, "{\"id\":\"shared-2\"}\n", StandardOpenOption.APPEND);
                Await.until(() -> assertThat(once("shared")).hasSize(3));
            }
        }
    }

    @Test
    void aDatabaseIsPulledOnASchedule() throws Exception {
        try (Postgres postgres = Postgres.start()) {
            Files.writeString(folder.resolve("password"), postgres.password());
            postgres.execute(
                    "CREATE TABLE orders (id int, changed timestamptz)",
                    "INSERT INTO orders SELECT n, '2026-05-04T03:02:01Z'"
                            + " FROM generate_series(1, 2500) n");
            JdbcPull jdbc =
                    new JdbcPull(
                            postgres.url(),
                            Optional.of("leat"),
                            Optional.of("${file:password}"),
                            Map.of(),
                            "SELECT 'pulled-' || id AS id, id AS number, changed FROM orders",
                            "changed",
                            "number",
                            1_000,
                            Duration.ZERO,
                            Duration.ofSeconds(20));
            ExtractionSettings settings =
                    new ExtractionSettings(
                            "clicks", Duration.ofMillis(100), Optional.empty(), Optional.of(jdbc));

            // When it is read by one process, and what changes meanwhile by the next
            try (Extractor _ = pulling(settings)) {
                Await.until(() -> assertThat(once("pulled")).hasSize(2_500));
            }
            postgres.execute("UPDATE orders SET changed = now() WHERE id IN (7, 9)");
            try (Extractor extractor = pulling(settings)) {
                Await.until(() -> assertThat(once("pulled")).hasSize(2_502));
                assertThat(extractor.delivered().values())
                        .extracting(RowDelivery.Outcome::accepted)
                        .containsExactly(2L);
            }

            // Then
            assertThat(once("pulled")).filteredOn("{\"id\":\"pulled-7\"}"::equals).hasSize(2);
        }
    }

    private static Extractor pulling(ExtractionSettings settings) {
        return Extractor.pulling(
                new Extractor.Place(
                        LOG,
                        names,
                        address(),
                        () -> ClientAccess.NONE,
                        folder,
                        new ExtractionMetrics(new PrometheusRegistry())),
                Map.of("orders", settings),
                _ -> CLICKS);
    }
}
