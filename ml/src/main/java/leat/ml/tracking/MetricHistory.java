package leat.ml.tracking;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import leat.core.tracking.Metric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.search.Page;
import leat.core.tracking.search.PageRequest;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Reads the points of metrics where they are: in the log. One history at a time, so that no more
/// than one is in memory.
final class MetricHistory {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LogConnection log;
    private final PointRecords records;
    private final TopicPartition partition;
    private final ReentrantLock lock = new ReentrantLock();

    MetricHistory(LogConnection log, TrackingTopics topics) {
        this.log = log;
        this.records = new PointRecords(topics.points());
        this.partition = new TopicPartition(topics.points(), 0);
    }

    /// What a metric's points are, each once, although one that was logged again may be in the log
    /// more than once until it is compacted.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    Page<Metric> read(String runId, NewestMetric metric, PageRequest page) {
        takeTurn();
        try (Consumer<byte[], byte[]> consumer =
                log.pastReader("leat-tracking-history", Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, metric.first());
            return page.of(List.copyOf(points(consumer, runId, metric)));
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + partition.topic(), e);
        } finally {
            lock.unlock();
        }
    }

    private void takeTurn() {
        try {
            if (lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new LogUnavailable(
                "other histories have been read for " + PATIENCE.toSeconds() + " s already", null);
    }

    private Set<Metric> points(
            Consumer<byte[], byte[]> consumer, String runId, NewestMetric metric) {
        String key = metric.metric().key();
        Set<Metric> points = new LinkedHashSet<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) <= metric.last()) {
            if (System.nanoTime() > deadline) {
                throw new LogUnavailable(
                        "the points of "
                                + key
                                + " could not be read within "
                                + PATIENCE.toSeconds()
                                + " s",
                        null);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() <= metric.last() && records.holds(record, runId, key)) {
                    points.add(records.read(key, record));
                }
            }
        }
        return points;
    }
}
