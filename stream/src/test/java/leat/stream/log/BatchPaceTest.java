package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leat.core.outcome.Reason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BatchPaceTest {

    private static final TopicPartition PARTITION = new TopicPartition("raw", 0);
    private static final int BACKLOG = 20_000;

    @Test
    void doublesWhileFullBatchesAreQuick() {
        BatchPace pace = BatchPace.FIRST;

        for (int batch = 0; batch < 6; batch++) {
            pace = pace.after(pace.records(), Duration.ofMillis(400).toNanos());
        }

        assertThat(pace.records()).isEqualTo(6_400);
    }

    @Test
    void staysWhereABatchWasNotFull() {
        BatchPace pace = new BatchPace(1_000);

        assertThat(pace.after(20, Duration.ofMillis(1).toNanos())).isEqualTo(pace);
    }

    @Test
    void shrinksToWhatFitsIntoTheTarget() {
        BatchPace pace = new BatchPace(1_000);

        assertThat(pace.after(1_000, Duration.ofSeconds(5).toNanos()).records()).isEqualTo(200);
        assertThat(pace.after(1_000, Duration.ofHours(1).toNanos()).records()).isEqualTo(10);
    }

    @Test
    void cutsABatchAtItsRecords() {
        PartitionBatch batch = new PartitionBatch(PARTITION, backlog(300), 301);

        PartitionBatch head = BatchPace.FIRST.head(batch);

        assertThat(head.records()).hasSize(100);
        assertThat(head.end()).isEqualTo(100);
        assertThat(new BatchPace(300).head(batch)).isSameAs(batch);
    }

    /// A service takes 5 ms an event, and the process lives for three seconds at a time.
    @Test
    void workIsCommittedThoughTheProcessIsKilledEveryFewSeconds() {
        SimulatedCluster cluster = new SimulatedCluster(List.of(PARTITION));
        cluster.want(PARTITION, "a.1");
        backlog(BACKLOG).forEach(cluster::append);
        SimulatedTicker ticker = new SimulatedTicker();
        List<Long> committed = new ArrayList<>();

        for (int life = 0; life < 5; life++) {
            cluster.kick("a.1");
            Stage stage = stage(cluster, ticker);
            long death = ticker.nanos() + Duration.ofSeconds(3).toNanos();
            while (ticker.nanos() < death) {
                stage.step();
                ticker.park(Duration.ofMillis(5).toNanos());
            }
            committed.add(cluster.committed(PARTITION).offset());
        }

        assertThat(committed).isSorted().doesNotHaveDuplicates();
        assertThat(committed.getFirst()).isGreaterThanOrEqualTo(300);
    }

    /// Polls all there is at once, as a log with a backlog does.
    private static Stage stage(SimulatedCluster cluster, SimulatedTicker ticker) {
        StageSettings settings =
                new StageSettings(
                        new leat.core.event.Names("leat"),
                        "enricher",
                        "a",
                        1,
                        List.of(PARTITION.topic()),
                        BACKLOG,
                        1 << 30,
                        Duration.ofMillis(10));
        return new Stage(
                settings,
                new SimulatedStageLog(cluster, "a.1", new Random(1), 0).pollingAtMost(BACKLOG),
                cluster,
                (_, _) -> new SlowPartition(ticker),
                Runnable::run,
                ticker);
    }

    /// Asks a slow service about each event.
    private record SlowPartition(SimulatedTicker ticker) implements PartitionProcessor {
        @Override
        public boolean waits() {
            return true;
        }

        @Override
        public Emissions process(PartitionBatch batch) {
            ticker.park(Duration.ofMillis(5).toNanos() * batch.records().size());
            return new Emissions(List.of(), new Counts(batch.records().size(), 0, 0));
        }

        @Override
        public Emissions poison(
                ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload) {
            throw new AssertionError("no record is poison");
        }

        @Override
        public void committed(long offset) {}

        @Override
        public void aborted() {}

        @Override
        public void close() {}
    }

    private static List<ConsumerRecord<byte[], byte[]>> backlog(int records) {
        List<ConsumerRecord<byte[], byte[]>> backlog = new ArrayList<>();
        for (int offset = 0; offset < records; offset++) {
            backlog.add(
                    new ConsumerRecord<>(
                            PARTITION.topic(), 0, offset, new byte[] {1}, new byte[] {1}));
        }
        return backlog;
    }
}
