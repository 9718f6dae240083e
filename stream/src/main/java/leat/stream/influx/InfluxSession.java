package leat.stream.influx;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.stream.log.Backoff;
import leat.stream.log.LogUnavailable;
import leat.stream.log.OncePerMinute;
import leat.stream.log.StageHealth;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One membership in the loaders' group, until the first thing that makes a new start necessary.
/// One thread uses it.
///
/// Side effects in their order: the lines are written, then the positions behind them committed.
/// Between the two nothing can be lost, and what is written again is there once.
final class InfluxSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InfluxSession.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final InfluxLoader.Parts parts;
    private final Consumer<StageHealth> states;
    private final String topic;
    private final TopicId topicId;
    private final InfluxDatabase database;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final PendingLines pending = new PendingLines();
    private final OncePerMinute refusals = new OncePerMinute();

    private InfluxSession(
            InfluxLoader.Parts parts,
            Consumer<StageHealth> states,
            TopicId topicId,
            InfluxDatabase database) {
        this.parts = parts;
        this.states = states;
        this.topic = parts.names().enriched(parts.contract());
        this.topicId = topicId;
        this.database = database;
        String client = parts.names().group("influx") + "." + parts.contract().nameAndMajor();
        this.consumer =
                parts.log()
                        .groupConsumer(
                                client,
                                client,
                                Map.of(
                                        "max.poll.records",
                                        parts.settings().batchPoints(),
                                        "max.poll.interval.ms",
                                        600_000));
    }

    /// Finds the topic, makes the database where it is missing, and prepares to join the group.
    static InfluxSession open(InfluxLoader.Parts parts, Consumer<StageHealth> states) {
        String topic = parts.names().enriched(parts.contract());
        TopicId id;
        try (Admin admin = parts.log().admin()) {
            TopicId found = new Topics(admin, 1).ids(List.of(topic)).get(topic);
            if (found == null) {
                throw new LogUnavailable(
                        "topic " + topic + " does not exist; leat up makes it", null);
            }
            id = found;
        }
        InfluxDatabase database = new InfluxDatabase(parts.settings(), parts.credentials());
        try {
            database.create();
            return new InfluxSession(parts, states, id, database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// Loads until it is told to close.
    void run(CountDownLatch closing, Backoff backoff) {
        consumer.subscribe(List.of(topic), new Assignments());
        states.accept(new StageHealth.Running(Map.of()));
        while (closing.getCount() > 0) {
            collect(consumer.poll(POLL));
            while (!pending.isEmpty() && closing.getCount() > 0 && !write(backoff)) {
                // Stays in the group, and reads nothing more, whoever gets which partitions.
                long until = System.nanoTime() + backoff.next().toNanos();
                while (!pending.isEmpty() && System.nanoTime() < until && closing.getCount() > 0) {
                    consumer.pause(consumer.assignment());
                    collect(consumer.poll(Duration.ofMillis(100)));
                }
            }
            consumer.resume(consumer.assignment());
        }
    }

    private void collect(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            if (record.value() != null) {
                switch (LinePoint.of(record.value())) {
                    case LinePoint.Line.Point(String text) -> pending.add(partition, text);
                    case LinePoint.Line.Nothing _ -> parts.metrics().empty.inc();
                    case LinePoint.Line.Unusable(String reason) ->
                            refused(partition + "@" + record.offset(), reason);
                }
            }
        }
        records.nextOffsets()
                .forEach((partition, next) -> pending.reached(partition, next.offset()));
    }

    /// Whether everything is written and its positions are committed.
    private boolean write(Backoff backoff) {
        List<String> lines = pending.lines();
        int size = parts.settings().batchPoints();
        try {
            for (int from = 0; from < lines.size(); from += size) {
                List<String> batch = lines.subList(from, Math.min(lines.size(), from + size));
                parts.metrics().written.inc(database.write(batch, this::refused));
            }
        } catch (InfluxUnavailable e) {
            states.accept(new StageHealth.Retrying(Instant.now(), String.valueOf(e.getMessage())));
            return false;
        }
        FailPoint.reach("influx.after-write");
        commit();
        FailPoint.reach("influx.after-commit");
        pending.clear();
        backoff.reset();
        states.accept(new StageHealth.Running(Map.of()));
        return true;
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        pending.next()
                .forEach((partition, offset) ->
                        next.put(partition, new OffsetAndMetadata(offset, mark())));
        try {
            consumer.commitSync(next);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // Whoever has the partitions now writes these points again, to no effect.
            LOG.atInfo()
                    .addKeyValue("reason", e.getMessage())
                    .log("Offsets not committed during a rebalance");
        }
    }

    /// What is committed beside an offset: it counts for this topic only.
    private String mark() {
        return "topic=" + topicId.value();
    }

    /// Log and lake have the point; one of them is named a minute, all are counted.
    private void refused(String point, String reason) {
        parts.metrics().refused.inc();
        if (refusals.isDue()) {
            LOG.atWarn()
                    .addKeyValue("point", point.length() > 300 ? point.substring(0, 300) : point)
                    .addKeyValue("reason", reason)
                    .log("InfluxDB does not take a point; more within a minute are only counted");
        }
    }

    @Override
    public void close() {
        try (database) {
            consumer.close();
        }
    }

    private final class Assignments implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    consumer.committed(Set.copyOf(partitions));
            Set<TopicPartition> fromStart = new HashSet<>();
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = committed.get(partition);
                if (offset != null && !offset.metadata().equals(mark())) {
                    fromStart.add(partition);
                }
            }
            if (!fromStart.isEmpty()) {
                consumer.seekToBeginning(fromStart);
            }
            if (!pending.isEmpty()) {
                consumer.pause(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            pending.drop(partitions);
        }
    }
}
