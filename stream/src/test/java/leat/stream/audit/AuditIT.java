package leat.stream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The audit on a real broker, over topics that the test writes as the collector and the enricher
/// would, with aborted transactions and faults in between.
final class AuditIT {

    private static final int EVENTS = 500;

    @TempDir private Path folder;
    private final LogConnection connection = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();
    private final Contract contract = SimulatedPlatform.run(1, 1).contract;
    private final Instant start = Instant.now();
    private final Map<Integer, Long> next = new HashMap<>();
    private final Producer<byte[], byte[]> collector =
            connection.producer("audit-it-collector", Map.of());
    private TopicId rawId = new TopicId("aaaaaaaaaaaaaaaaaaaaaa");

    @BeforeEach
    void createTopics() {
        SharedKafka.create(TopicSpec.of(names, contract));
        try (Admin admin = connection.admin()) {
            rawId =
                    new Topics(admin, 1)
                            .ids(List.of(names.raw(contract)))
                            .getOrDefault(names.raw(contract), rawId);
        }
    }

    @AfterEach
    void closeCollector() {
        collector.close();
    }

    @Test
    void whatAPipelineDidInTransactionsIsCleanAndWhatWasAbortedDoesNotCount() {
        // Given 500 events, a fifth of them duplicates and a tenth bad, of which the last are not
        // processed yet
        pipeline(Set.of(), Set.of());
        accept("late", 0);

        // When
        AuditReport report = audit(true);

        // Then
        assertThat(report.clean()).as("%s", report).isTrue();
        HopAudit enricher = report.contracts().getFirst().hops().getFirst();
        assertThat(enricher.expected()).isEqualTo(EVENTS + 1);
        assertThat(enricher.duplicates()).isEqualTo(EVENTS / 5);
        assertThat(enricher.dead()).isEqualTo(40);
        assertThat(enricher.found()).isEqualTo(EVENTS - EVENTS / 5 - 40);
        assertThat(enricher.pending()).isEqualTo(1);
    }

    @Test
    void anOutputLeftOutAndAnOutputWrittenTwiceAreNamed() {
        pipeline(Set.of(7), Set.of(11));

        for (boolean deep : new boolean[] {false, true}) {
            AuditReport report = audit(deep);

            assertThat(report.clean()).isFalse();
            assertThat(report.contracts().getFirst().hops().getFirst().offences())
                    .extracting(AuditReport.Offences::offence)
                    .containsExactly(Offence.OUTPUT_MISSING, Offence.OUTPUT_DOUBLED);
            assertThat(report.contracts().getFirst().hops().getFirst().offences())
                    .allMatch(offences -> offences.count() == 1)
                    .allMatch(offences ->
                            offences.first().getFirst().startsWith(names.raw(contract) + "/"));
        }
    }

    @Test
    void aContractWithoutTopicsIsNotedAndClean() {
        Names unused = SharedKafka.freshNames();

        AuditReport report = audit(unused, false);

        assertThat(report.clean()).isTrue();
        assertThat(report.contracts().getFirst().notes())
                .anyMatch(n -> n.contains("does not exist"));
    }

    /// Accepts the events and enriches them in batches, each second one of which is aborted and
    /// repeated.
    private void pipeline(Set<Integer> leftOut, Set<Integer> twice) {
        Set<String> seen = new HashSet<>();
        try (Producer<byte[], byte[]> producer =
                connection.transactionalProducer(
                        "audit-it", names.transactionalId("enricher", "it"), Map.of())) {
            producer.initTransactions();
            for (int from = 0; from < EVENTS; from += 50) {
                boolean repeated = from / 50 % 2 == 1;
                Map<Integer, Position> batch = new HashMap<>();
                for (int i = from; i < from + 50; i++) {
                    batch.put(i, accept("e" + (i % 5 == 4 ? i - 1 : i), i / 5 % 3));
                }
                if (repeated) {
                    producer.beginTransaction();
                    batch.forEach((i, position) -> send(producer, output(i, position)));
                    producer.flush();
                    producer.abortTransaction();
                }
                producer.beginTransaction();
                for (int i = from; i < from + 50; i++) {
                    Position position = batch.getOrDefault(i, new Position(rawId, 0, 0));
                    if (seen.add("e" + (i % 5 == 4 ? i - 1 : i)) && !leftOut.contains(i)) {
                        send(producer, output(i, position));
                        if (twice.contains(i)) {
                            send(producer, output(i, position));
                        }
                    }
                }
                producer.commitTransaction();
            }
        }
        commit();
    }

    /// The commit waits for what was sent, and fails if it did.
    private static void send(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> _ = producer.send(record);
    }

    private ProducerRecord<byte[], byte[]> output(int i, Position position) {
        String topic =
                i % 10 == 0 ? names.dead(contract, DeadStage.ENRICHER) : names.enriched(contract);
        // 10 × 50 events have 50 bad ones; those at i % 50 == 0 are good, so that 40 are left.
        String target = i % 50 == 0 ? names.enriched(contract) : topic;
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        target,
                        position.partition(),
                        Instant.now().toEpochMilli(),
                        null,
                        bytes("{}"));
        record.headers()
                .add(EventHeaders.SOURCE, bytes("it"))
                .add(EventHeaders.ID, bytes("e" + i))
                .add(EventHeaders.POSITION, bytes(position.toString()));
        return record;
    }

    private Position accept(String id, int partition) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(names.raw(contract), partition, null, bytes("{}"));
        record.headers().add(EventHeaders.SOURCE, bytes("it")).add(EventHeaders.ID, bytes(id));
        try {
            RecordMetadata written = collector.send(record).get();
            if (!id.equals("late")) {
                next.put(partition, written.offset() + 1);
            }
            return new Position(rawId, partition, written.offset());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        next.forEach((partition, offset) ->
                offsets.put(
                        new TopicPartition(names.raw(contract), partition),
                        new OffsetAndMetadata(offset)));
        try (Admin admin = connection.admin()) {
            admin.alterConsumerGroupOffsets(names.group("enricher"), offsets).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private AuditReport audit(boolean deep) {
        return audit(names, deep);
    }

    private AuditReport audit(Names names, boolean deep) {
        try (KafkaAuditLog log = new KafkaAuditLog(connection, Duration.ofSeconds(30))) {
            Audit audit =
                    new Audit(
                            names,
                            AuditSettings.DEFAULT,
                            new Audit.Sources(log, Optional.empty(), Optional.empty()),
                            folder,
                            InstantSource.system());
            return audit.run(
                    new AuditRequest(
                            List.of(contract),
                            start.minusSeconds(1),
                            Instant.now().plusSeconds(60),
                            deep,
                            Optional.empty()));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
