package leat.ml.tracking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.failpoint.FailPoint;
import leat.core.tracking.LoggedPoints;
import leat.core.tracking.Metric;
import leat.core.tracking.TrackingCommand;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRecord;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/// Writes decisions, each in one transaction. Whoever opens one last is the only one that can
/// write: those before are fenced and find out at their next commit. For one thread.
final class TrackingWriter implements AutoCloseable {

    /// Somebody waits for each write, and others behind it.
    private static final Map<String, Object> IMPATIENT =
            Map.of(
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);

    private final TrackingTopics topics;
    private final StateRecords states;
    private final PointRecords points;
    private final Producer<byte[], byte[]> producer;

    /// Fences all others.
    ///
    /// @throws KafkaException when Kafka does not do it
    static TrackingWriter open(LogConnection log, TrackingTopics topics) {
        Producer<byte[], byte[]> producer =
                log.transactionalProducer(
                        "leat-tracking",
                        topics.names().transactionalId("tracking", "1"),
                        IMPATIENT);
        try {
            producer.initTransactions();
            return new TrackingWriter(topics, producer);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private TrackingWriter(TrackingTopics topics, Producer<byte[], byte[]> producer) {
        this.topics = topics;
        this.states = new StateRecords(topics.state());
        this.points = new PointRecords(topics.points());
        this.producer = producer;
    }

    /// Writes what was decided on a state.
    ///
    /// @return the offset of the last record in the topic of states
    /// @throws KafkaException when it was not written, or nobody can say whether it was; the writer
    ///   is of no use any more then
    long write(TrackingCommand.Decision decision, TrackingFold state) {
        producer.beginTransaction();
        List<TrackingRecord> records = new ArrayList<>(decision.records());
        if (!decision.points().isEmpty()) {
            long first = send(decision.runId(), decision.points());
            records.addAll(
                    new LoggedPoints(decision.runId(), decision.points(), first).newest(state));
            FailPoint.reach("tracking.after-points");
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (TrackingRecord record : records) {
            sent.add(producer.send(states.of(record)));
        }
        producer.flush();
        long last = offset(sent.getLast());
        FailPoint.reach("tracking.after-send");
        producer.commitTransaction();
        FailPoint.reach("tracking.after-commit");
        return last;
    }

    /// Nobody else writes between them, so one offset tells all.
    ///
    /// @return the offset of the first
    private long send(String runId, List<Metric> logged) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Metric point : logged) {
            sent.add(producer.send(points.of(runId, point)));
        }
        producer.flush();
        long first = offset(sent.getFirst());
        long last = offset(sent.getLast());
        if (last - first != logged.size() - 1) {
            throw new KafkaException(
                    "another writer has written to " + topics.points() + " at the same time");
        }
        return first;
    }

    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
