package leat.stream.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.odcs.OdcsReader;
import leat.stream.collector.CollectorFixture;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.send.ClientAccess;
import leat.stream.send.Rows;
import leat.stream.testing.Await;
import leat.stream.testing.SharedKafka;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two processes pull from one source that one of them cannot reach.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class FailingSourceIT {

    private static final String SOURCE = "pull/numbers";
    private static final Contract UNKNOWN =
            OdcsReader.read(
                            Path.of("unknown.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: unknown
                            version: 1.0.0
                            status: active
                            schema:
                              - name: unknown
                                properties:
                                  - {name: id, logicalType: string}
                            """)
                    .orThrow();

    private final LogConnection log = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();

    /// One row a read.
    private record Numbers() implements Source {
        @Override
        public Page read(Map<String, String> position) {
            int next = Integer.parseInt(position.getOrDefault("n", "0"));
            return new Page(
                    new Rows.Named(
                            List.of("{}".getBytes(UTF_8)), List.of("number-" + next), SOURCE),
                    Map.of("n", Integer.toString(next + 1)),
                    false);
        }

        @Override
        public void close() {}
    }

    private record Unreachable(AtomicInteger tries) implements Source {
        @Override
        public Page read(Map<String, String> position) throws SourceFailed {
            tries.incrementAndGet();
            throw new SourceFailed("cannot be reached from here");
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void makeTopics() {
        List<TopicSpec> topics = new ArrayList<>(CollectorFixture.topics(names));
        topics.add(TopicSpec.compacted(names.extractions(), 1));
        SharedKafka.create(topics);
    }

    @Test
    void whoeverCannotReadTakesNothingFromWhoeverCan() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (CollectorFixture collector =
                CollectorFixture.open(log, names, CollectorFixture.settings())) {
            // Given
            Extraction failing =
                    extraction(collector, CLICKS, new Unreachable(tries), () -> ClientAccess.NONE);
            Extraction healthy =
                    extraction(collector, CLICKS, new Numbers(), () -> ClientAccess.NONE);
            Thread first = Thread.ofVirtual().start(failing);
            Await.until(() -> assertThat(tries).hasPositiveValue());
            Thread second = Thread.ofVirtual().start(healthy);
            Await.until(() -> assertThat(healthy.delivered().accepted()).isPositive());

            // When
            int before = tries.get();
            Await.until(() -> assertThat(tries.get()).isGreaterThan(before + 2));
            long delivered = healthy.delivered().accepted();

            // Then
            Await.until(
                    () -> assertThat(healthy.delivered().accepted()).isGreaterThan(delivered + 2));
            assertThat(healthy.health()).isEqualTo(new ExtractionHealth.Running());
            stop(failing, first);
            stop(healthy, second);
        }
    }

    @Test
    void aKeyThatCannotBeReadForAMomentDoesNotEndAPull() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (CollectorFixture collector =
                CollectorFixture.open(log, names, CollectorFixture.settings())) {
            // Given a contract that the collector does not know, so that it refuses
            Supplier<ClientAccess> access =
                    () -> {
                        if (asked.incrementAndGet() == 2) {
                            throw new IllegalStateException("the file of the key is not there");
                        }
                        return ClientAccess.NONE;
                    };
            Extraction refused = extraction(collector, UNKNOWN, new Numbers(), access);

            // When
            Thread thread = Thread.ofVirtual().start(refused);

            // Then
            Await.until(() -> assertThat(asked).hasValueGreaterThan(3));
            assertThat(refused.health()).isInstanceOf(ExtractionHealth.Retrying.class);
            stop(refused, thread);
        }
    }

    private static void stop(Extraction extraction, Thread thread) throws InterruptedException {
        extraction.stop();
        thread.join();
    }

    private Extraction extraction(
            CollectorFixture collector,
            Contract contract,
            Source source,
            Supplier<ClientAccess> access) {
        return new Extraction(
                new Extraction.Plan(
                        SOURCE, contract, address(collector), Duration.ofMillis(20), access, true),
                source,
                new OffsetLog.Place(log, names, InstantSource.system()),
                new ExtractionMetrics(new PrometheusRegistry()));
    }

    private static URI address(CollectorFixture collector) {
        return URI.create("http://127.0.0.1:" + collector.port());
    }
}
