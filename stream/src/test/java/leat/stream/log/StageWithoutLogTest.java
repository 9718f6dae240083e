package leat.stream.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import leat.core.event.Names;
import leat.core.outcome.Reason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// Processors that read the log themselves, while it is away.
final class StageWithoutLogTest {

    private static final TopicPartition INPUT = new TopicPartition("sim.inputs", 0);

    @Test
    void recordsWaitUntilTheLogIsBackAndNoneIsToBlame() {
        SimulatedCluster cluster = new SimulatedCluster(List.of(INPUT));
        cluster.want(INPUT, "a");
        for (int offset = 0; offset < 5; offset++) {
            byte[] value = ("input " + offset).getBytes(UTF_8);
            cluster.append(new ConsumerRecord<>(INPUT.topic(), 0, offset, new byte[0], value));
        }
        Reading reading = new Reading();
        Stage stage =
                new Stage(
                        new StageSettings(
                                new Names("sim"),
                                "reading",
                                "a",
                                1,
                                List.of(),
                                100,
                                1 << 20,
                                Duration.ofMillis(10)),
                        new SimulatedStageLog(cluster, "a", new Random(3), 0).roomy(),
                        cluster,
                        (_, _) -> reading,
                        Runnable::run,
                        new SimulatedTicker());
        reading.away = true;
        for (int step = 0; step < 200; step++) {
            stage.step();
        }
        assertThat(reading.attempts).isGreaterThan(3);
        assertThat(cluster.written()).isEmpty();

        reading.away = false;
        for (int step = 0; step < 1_000 && !cluster.done(); step++) {
            stage.step();
        }

        assertThat(cluster.written())
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("input 0", "input 1", "input 2", "input 3", "input 4");
    }

    /// Copies, and needs the log for it.
    private static final class Reading implements PartitionProcessor {
        private boolean away;
        private int attempts;

        @Override
        public Emissions process(PartitionBatch batch) {
            attempts++;
            if (away) {
                throw new LogUnavailable("no broker answers", null);
            }
            return emitted(batch.records());
        }

        @Override
        public Emissions poison(
                ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload) {
            return emitted(List.of());
        }

        private static Emissions emitted(List<ConsumerRecord<byte[], byte[]>> records) {
            return new Emissions(
                    records.stream()
                            .map(record ->
                                    new ProducerRecord<byte[], byte[]>("sim.out", record.value()))
                            .toList(),
                    Counts.NONE);
        }

        @Override
        public void committed(long offset) {}

        @Override
        public void aborted() {}

        @Override
        public void close() {}
    }
}
