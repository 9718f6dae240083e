package leat.stream.retry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.failpoint.FailPoint;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import leat.stream.inspect.DeadLetterFilter;
import leat.stream.inspect.TopicScan;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class RetryIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();
    private static final Contract ORDERS = RetryContracts.ORDERS;
    private static final List<String> FAIL_POINTS =
            List.of("retry.after-begin:3", "retry.after-send:20", "retry.after-commit:10");

    @TempDir private Path folder;

    private final LogConnection log = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();
    private final DeadLetterRetry retry = new DeadLetterRetry(log, names, InstantSource.system());

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void aHundredThousandRetriedAgainAndAgainAreThereOnce() throws Exception {
        // Given 100,000 dead orders without a country, beside some good ones
        int count = 100_000;
        SharedKafka.create(TopicSpec.of(names, ORDERS));
        try (Enricher _ = enricher(ORDERS)) {
            send(0, count, "{\"order\": %d}");
            send(count, count + 1_000, "{\"order\": %d, \"country\": \"DE\"}");
            await(names.dead(ORDERS, DeadStage.ENRICHER), count);
            await(names.enriched(ORDERS), 1_000);

            // When they are looked at, nothing is written
            RetryReport preview = retry.preview(RetryUntilKilled.request(), 3);
            assertThat(preview.returned()).isEqualTo(Map.of("raw", (long) count));
            assertThat(preview.samples()).hasSize(3).allMatch(RetryReport.Sample::returns);
            assertThat(read(names.raw(ORDERS))).hasSize(count + 1_000);

            // When retries are killed half way, then two run at once, then one more
            for (String failPoint : FAIL_POINTS) {
                Process child = child(failPoint);
                assertThat(child.waitFor(90, TimeUnit.SECONDS)).as(failPoint).isTrue();
                assertThat(child.exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);
            }
            assertThat(read(names.retries(ORDERS))).hasSize(2_000 + 19_000 + 10_000);
            long begun = System.nanoTime();
            long both = runTwoAtOnce();
            RetryReport rest = retry.run(RetryUntilKilled.request(), _ -> {});
            double seconds = (System.nanoTime() - begun) / 1e9;
            RetryReport last = retry.run(RetryUntilKilled.request(), _ -> {});
            System.out.printf(
                    "%,d dead letters brought back in %.1f s, by two at once and one after them:"
                            + " %,.0f/s%n",
                    both + rest.returning(), seconds, (both + rest.returning()) / seconds);

            // Then each is back once
            assertThat(both + rest.returning()).isEqualTo(count - 31_000);
            assertThat(last.returning()).isZero();
            assertThat(last.before()).isEqualTo(count);
            assertThat(read(names.raw(ORDERS))).hasSize(2 * count + 1_000);
            await(names.enriched(ORDERS), count + 1_000);
            eachIsThereOnceAsItsFirstRecordWas(count);
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whatDiesAgainIsANewLetterThatComesBackByItself() throws Exception {
        // Given orders that died, while the enricher still has the narrow contract
        SharedKafka.create(TopicSpec.of(names, ORDERS));
        try (Enricher _ = enricher(ORDERS)) {
            send(0, 10, "{\"order\": %d}");
            await(names.dead(ORDERS, DeadStage.ENRICHER), 10);

            // When they come back by the wider contract, which only this command has yet
            RetryReport first = retry.run(request(RetryContracts.WIDER), _ -> {});
            await(names.dead(ORDERS, DeadStage.ENRICHER), 20);
            RetryReport second = retry.run(RetryUntilKilled.request(), _ -> {});
            await(names.enriched(ORDERS), 10);

            // Then the letters of the second death came back, as the second attempt
            assertThat(first.returning()).isEqualTo(10);
            assertThat(second.returning()).isEqualTo(10);
            assertThat(second.before()).isEqualTo(10);
            assertThat(read(names.enriched(ORDERS)))
                    .allMatch(event -> "2".equals(header(event, EventHeaders.ATTEMPT)));
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whatWasSentAgainInTheMeantimeAndWhatWouldDieAgainIsLeft() throws Exception {
        // Given ten dead orders, of which three were sent again, and one that is no JSON
        SharedKafka.create(TopicSpec.of(names, ORDERS));
        try (Enricher _ = enricher(ORDERS)) {
            send(0, 10, "{\"order\": %d}");
            send(10, 11, "{\"order\": %d");
            await(names.dead(ORDERS, DeadStage.ENRICHER), 11);
            sendAs("o-", 0, 3, "{\"order\": %d, \"country\": \"DE\"}", 1);
            await(names.enriched(ORDERS), 3);

            // When
            RetryReport report = retry.run(RetryUntilKilled.request(), _ -> {});

            // Then
            assertThat(report.returned()).isEqualTo(Map.of("raw", 7L));
            assertThat(report.superseded()).isEqualTo(3);
            assertThat(report.stays().values()).containsExactly(1L);
            await(names.enriched(ORDERS), 10);
        }
    }

    private void eachIsThereOnceAsItsFirstRecordWas(int dead) {
        Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
        read(names.dead(ORDERS, DeadStage.ENRICHER))
                .forEach(letter -> letters.put(header(letter, EventHeaders.ID), letter));
        Set<String> ids = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> event : read(names.enriched(ORDERS))) {
            String id = header(event, EventHeaders.ID);
            assertThat(ids.add(id)).as("%s is there twice", id).isTrue();
            ConsumerRecord<byte[], byte[]> letter = letters.get(id);
            if (letter != null) {
                assertThat(header(event, EventHeaders.ATTEMPT)).isEqualTo("1");
                assertThat(header(event, EventHeaders.RETRY_OF))
                        .isEqualTo(header(letter, EventHeaders.DEAD_ID));
                assertThat(header(event, EventHeaders.EVENT_TIME))
                        .isEqualTo(Long.toString(letter.timestamp() * 1_000));
                assertThat(event.partition()).isEqualTo(letter.partition());
            }
        }
        assertThat(letters).hasSize(dead);
        assertThat(ids).hasSize(dead + 1_000);
        // AssertJ would compare each with each.
        assertThat(ids.containsAll(letters.keySet())).isTrue();
    }

    /// @return how many the two brought back together
    private long runTwoAtOnce() {
        List<CompletableFuture<Long>> runs = new ArrayList<>();
        long before = read(names.retries(ORDERS)).size();
        for (int i = 0; i < 2; i++) {
            runs.add(
                    CompletableFuture.supplyAsync(
                            () -> retry.run(RetryUntilKilled.request(), _ -> {}).returning()));
        }
        int ended = 0;
        for (CompletableFuture<Long> run : runs) {
            try {
                run.join();
            } catch (CompletionException e) {
                // Whoever came second has ended whoever came first.
                assertThat(e.getCause())
                        .isInstanceOf(RetryRefused.class)
                        .hasMessageContaining("another retry of order.v1 has begun");
                ended++;
            }
        }
        assertThat(ended).isLessThan(2);
        return read(names.retries(ORDERS)).size() - before;
    }

    private static DeadLetterRetry.Request request(Contract contract) {
        return new DeadLetterRetry.Request(
                contract, DeadLetterFilter.ALL, List.of(), Long.MAX_VALUE);
    }

    private Enricher enricher(Contract contract) {
        return Enricher.start(
                log,
                new Enricher.Instance(names, "one", folder),
                EnricherSettings.DEFAULT,
                List.of(Flow.of(names, contract)));
    }

    private void send(int from, int to, String payload) throws Exception {
        sendAs("o-", from, to, payload, 0);
    }

    private void sendAs(String prefix, int from, int to, String payload, int attempt)
            throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = log.producer("orders", Map.of())) {
            for (int order = from; order < to; order++) {
                String id = prefix + order;
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(
                                names.raw(ORDERS),
                                Hash128.of("shop", id).toString().getBytes(UTF_8),
                                payload.formatted(order).getBytes(UTF_8));
                EventHeader.add(record.headers(), EventHeaders.SOURCE, "shop");
                EventHeader.add(record.headers(), EventHeaders.ID, id);
                EventHeader.add(record.headers(), EventHeaders.ID_ORIGIN, "client");
                if (attempt > 0) {
                    // Beyond the dedupe window, as far as the enricher can tell.
                    EventHeader.add(record.headers(), EventHeaders.ATTEMPT, "9" + attempt);
                }
                sent.add(producer.send(record));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    /// Each look goes on where the last one ended.
    private void await(String topic, int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        AtomicInteger found = new AtomicInteger();
        try (TopicScan scan = new TopicScan(log, List.of(topic))) {
            Map<TopicPartition, Long> from = scan.begins();
            while (found.get() < count && System.nanoTime() < deadline) {
                Map<TopicPartition, Long> to = scan.ends();
                scan.read(from, to, _ -> found.incrementAndGet());
                from = to;
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        assertThat(found).as(topic).hasValue(count);
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (TopicScan scan = new TopicScan(log, List.of(topic))) {
            scan.read(scan.begins(), scan.ends(), records::add);
        }
        return records;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return Objects.requireNonNullElse(EventHeader.text(record.headers(), name), "");
    }

    private Process child(String failPoint) throws IOException {
        return ChildJvm.start(
                RetryUntilKilled.class,
                failPoint,
                Redirect.to(folder.resolve("child.log").toFile()),
                SharedKafka.bootstrapServers(),
                names.prefix());
    }
}
