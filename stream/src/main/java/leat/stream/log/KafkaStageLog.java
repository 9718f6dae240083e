package leat.stream.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.stream.log.StageLogFailed.Duty;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/// Kafka as a [Stage] drives it. The consumer is a static member of the group (its instance id), so
/// that a process that was killed and starts again has its partitions back without waiting for the
/// dead member's session to end.
final class KafkaStageLog implements StageLog {

    private static final int MAX_BLOCK_MILLIS = 15_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /// By so many records a batch may be larger than its limit in bytes.
    private static final int MAX_POLL_RECORDS = 500;

    /// Longer transactions are ended by the coordinator, which looks like fencing and is not.
    private static final long UNFENCED_NANOS = Duration.ofSeconds(9).toNanos();

    private final LogConnection connection;
    private final StageSettings settings;
    private final Function<TopicPartition, TopicId> topicIds;
    private final String afterBegin;
    private final String afterSend;
    private final String afterOffsets;
    private @Nullable Consumer<byte[], byte[]> consumer;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable StageLogFailed postponed;

    /// @param topicIds the id of a partition's topic as it was at its assignment
    KafkaStageLog(
            LogConnection connection,
            StageSettings settings,
            Function<TopicPartition, TopicId> topicIds) {
        this.connection = connection;
        this.settings = settings;
        this.topicIds = topicIds;
        this.afterBegin = settings.role() + ".after-begin";
        this.afterSend = settings.role() + ".after-send";
        this.afterOffsets = settings.role() + ".after-offsets";
    }

    @Override
    public void open(Rebalance rebalance) {
        try {
            producer =
                    connection.transactionalProducer(
                            settings.transactionalId(),
                            settings.transactionalId(),
                            Map.of(
                                    ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS,
                                    ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10,
                                    ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20));
            producer.initTransactions();
            Consumer<byte[], byte[]> joining = groupConsumer();
            consumer = joining;
            joining.subscribe(settings.topics(), new PausedAtFirst(joining, rebalance));
        } catch (KafkaException e) {
            drop();
            throw failed(e, Duty.REOPEN, System.nanoTime());
        }
    }

    private Consumer<byte[], byte[]> groupConsumer() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.member());
        config.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName());
        config.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                Math.min(MAX_POLL_RECORDS, settings.maxBatchRecords()));
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, settings.maxBatchBytes());
        // Every position is set from what was looked up; nothing is guessed.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return connection.groupConsumer(settings.transactionalId(), settings.group(), config);
    }

    /// Holds new partitions back until the stage knows where to go on.
    private record PausedAtFirst(Consumer<byte[], byte[]> consumer, Rebalance rebalance)
            implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
            partitions.forEach(partition -> consumer.seek(partition, 0));
            rebalance.assigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            rebalance.revoked(partitions);
        }
    }

    /// Goes on polling what is there already until the batch is full, so that a backlog is worked
    /// off in large transactions.
    @Override
    public List<PartitionBatch> poll(Duration timeout) {
        throwPostponed();
        Gathering gathering = new Gathering();
        gathering.add(polled(timeout));
        try {
            while (gathering.mayTake(settings) && gathering.add(polled(Duration.ZERO))) {}
        } catch (StageLogFailed e) {
            // What was gathered has moved the consumer's position and must be processed first.
            postponed = e;
        }
        return gathering.batches();
    }

    private void throwPostponed() {
        StageLogFailed failure = postponed;
        if (failure != null) {
            postponed = null;
            throw failure;
        }
    }

    private ConsumerRecords<byte[], byte[]> polled(Duration timeout) {
        try {
            return consumer().poll(timeout);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } catch (FencedInstanceIdException e) {
            throw new StageLogFailed(Duty.FENCED, e);
        } catch (OffsetOutOfRangeException | NoOffsetForPartitionException e) {
            throw new StageLogFailed(Duty.REOPEN, e);
        } catch (KafkaException e) {
            throw new StageLogFailed(Duty.RETRY, e);
        }
    }

    /// The records of several polls, by partition.
    private static final class Gathering {
        private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records =
                new LinkedHashMap<>();
        private final Map<TopicPartition, Long> ends = new HashMap<>();
        private int count;
        private long bytes;

        /// Whether anything was added.
        boolean add(ConsumerRecords<byte[], byte[]> polled) {
            Map<TopicPartition, OffsetAndMetadata> next = polled.nextOffsets();
            // Past markers and aborted records the position moves without a record.
            next.forEach((partition, end) -> {
                records.computeIfAbsent(partition, _ -> new ArrayList<>());
                ends.put(partition, end.offset());
            });
            for (TopicPartition partition : polled.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> own = polled.records(partition);
                records.computeIfAbsent(partition, _ -> new ArrayList<>()).addAll(own);
                OffsetAndMetadata end = next.get(partition);
                ends.put(partition, end == null ? own.getLast().offset() + 1 : end.offset());
                bytes += PartitionBatch.bytes(own);
            }
            count += polled.count();
            return !polled.isEmpty();
        }

        boolean mayTake(StageSettings settings) {
            return count > 0 && !settings.isFull(count, bytes);
        }

        List<PartitionBatch> batches() {
            List<PartitionBatch> batches = new ArrayList<>();
            records.forEach((partition, own) ->
                    batches.add(
                            new PartitionBatch(partition, own, ends.getOrDefault(partition, 0L))));
            return batches;
        }
    }

    @Override
    public void commit(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, StagePosition> positions) {
        Producer<byte[], byte[]> sender = producer();
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        long begun = System.nanoTime();
        boolean ending = false;
        try {
            sender.beginTransaction();
            FailPoint.reach(afterBegin);
            for (ProducerRecord<byte[], byte[]> record : records) {
                Future<RecordMetadata> _ =
                        sender.send(
                                record,
                                (_, failure) -> {
                                    if (failure != null) {
                                        refused.compareAndSet(null, failure);
                                    }
                                });
            }
            FailPoint.reach(afterSend);
            sender.sendOffsetsToTransaction(offsets(positions), consumer().groupMetadata());
            FailPoint.reach(afterOffsets);
            ending = true;
            sender.commitTransaction();
        } catch (KafkaException e) {
            throw abort(sender, blamed(refused.get(), e), ending, begun);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(
            Map<TopicPartition, StagePosition> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((partition, position) -> {
            PositionMark mark =
                    new PositionMark(topicIds.apply(partition), Optional.of(position.counts()));
            offsets.put(
                    partition,
                    new OffsetAndMetadata(position.offset(), Optional.empty(), mark.toString()));
        });
        return offsets;
    }

    /// The refusal of one record is what matters; later errors only follow from it.
    private static Exception blamed(@Nullable Exception refused, KafkaException last) {
        return refused != null && isDataFault(refused) ? refused : last;
    }

    private static StageLogFailed abort(
            Producer<byte[], byte[]> producer, Exception cause, boolean ending, long begun) {
        boolean unknown =
                ending
                        && (cause instanceof org.apache.kafka.common.errors.TimeoutException
                                || cause
                                        instanceof
                                        org.apache.kafka.common.errors.InterruptException);
        Duty duty = isDataFault(cause) ? Duty.BISECT : unknown ? Duty.REOPEN : Duty.RETRY;
        StageLogFailed failed = failed(cause, duty, begun);
        if (failed.duty() == Duty.FENCED || failed.duty() == Duty.REOPEN) {
            return failed;
        }
        try {
            producer.abortTransaction();
            return failed;
        } catch (KafkaException e) {
            e.addSuppressed(cause);
            return failed(e, Duty.REOPEN, begun);
        }
    }

    private static StageLogFailed failed(Exception cause, Duty otherwise, long begun) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof ProducerFencedException
                    || at instanceof InvalidProducerEpochException
                    || at instanceof FencedInstanceIdException) {
                boolean timedOut = System.nanoTime() - begun > UNFENCED_NANOS;
                return new StageLogFailed(timedOut ? Duty.REOPEN : Duty.FENCED, cause);
            }
        }
        return new StageLogFailed(otherwise, cause);
    }

    private static boolean isDataFault(Exception failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof RecordTooLargeException
                    || at instanceof RecordBatchTooLargeException
                    || at instanceof InvalidTimestampException
                    || at instanceof org.apache.kafka.common.InvalidRecordException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        if (consumer().assignment().contains(partition)) {
            consumer().seek(partition, offset);
        }
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        consumer().pause(held(partitions));
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        consumer().resume(held(partitions));
    }

    private List<TopicPartition> held(Collection<TopicPartition> partitions) {
        return partitions.stream().filter(consumer().assignment()::contains).toList();
    }

    @Override
    public void wakeUp() {
        Consumer<byte[], byte[]> polled = consumer;
        if (polled != null) {
            polled.wakeup();
        }
    }

    @Override
    public void drop() {
        close(GroupMembershipOperation.REMAIN_IN_GROUP);
    }

    @Override
    public void close() {
        close(GroupMembershipOperation.LEAVE_GROUP);
    }

    private void close(GroupMembershipOperation membership) {
        Producer<byte[], byte[]> oldProducer = producer;
        Consumer<byte[], byte[]> oldConsumer = consumer;
        producer = null;
        consumer = null;
        postponed = null;
        try {
            if (oldProducer != null) {
                oldProducer.close(Duration.ZERO);
            }
        } finally {
            if (oldConsumer != null) {
                oldConsumer.close(
                        CloseOptions.groupMembershipOperation(membership)
                                .withTimeout(CLOSE_TIMEOUT));
            }
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        return java.util.Objects.requireNonNull(consumer, "the log is not open");
    }

    private Producer<byte[], byte[]> producer() {
        return java.util.Objects.requireNonNull(producer, "the log is not open");
    }
}
