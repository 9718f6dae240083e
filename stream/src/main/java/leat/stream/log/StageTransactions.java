package leat.stream.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import leat.core.failpoint.FailPoint;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.stream.log.StageLogFailed.Duty;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The transactions of a stage: a polled batch becomes one, or as many as it takes to find the
/// record that fails, which goes to the dead letters. For the stage's thread.
final class StageTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(StageTransactions.class);

    /// A search for poison yields to the group after this, well within the longest poll interval.
    private static final long BISECT_NANOS = Duration.ofSeconds(60).toNanos();

    private final String role;
    private final StageLog log;
    private final StagePartitions partitions;
    private final StageMetrics metrics;
    private final StageTicker ticker;
    private final BooleanSupplier stopping;
    private final String afterProcess;
    private final String afterCommit;
    private final String afterMerge;

    /// @param stopping whether a search for poison is to be given up
    StageTransactions(
            String role,
            StageLog log,
            StagePartitions partitions,
            StageMetrics metrics,
            StageTicker ticker,
            BooleanSupplier stopping) {
        this.role = role;
        this.log = log;
        this.partitions = partitions;
        this.metrics = metrics;
        this.ticker = ticker;
        this.stopping = stopping;
        this.afterProcess = role + ".after-process";
        this.afterCommit = role + ".after-commit";
        this.afterMerge = role + ".after-merge";
    }

    /// Commits what was polled; where it cannot be committed now, it is read again.
    ///
    /// @throws StageLogFailed when the log is in trouble
    void run(List<PartitionBatch> batches) {
        try {
            boolean done = succeeds(batches);
            if (!done) {
                done = succeeds(batches);
            }
            if (!done) {
                bisect(batches);
            }
        } catch (StageLogFailed e) {
            if (e.duty() == Duty.RETRY) {
                partitions.rewind(batches);
            }
            throw e;
        } catch (StoppedAt e) {
            partitions.stop(e.partition, String.valueOf(e.getMessage()));
            partitions.rewind(batches);
        }
    }

    /// A partition that [PartitionStopped].
    private static final class StoppedAt extends RuntimeException {
        private final TopicPartition partition;

        StoppedAt(TopicPartition partition, PartitionStopped cause) {
            super(cause.getMessage(), cause);
            this.partition = partition;
        }
    }

    /// False when a record in the batches is to blame.
    private boolean succeeds(List<PartitionBatch> batches) {
        try {
            attempt(batches);
            return true;
        } catch (StageLogFailed e) {
            if (e.duty() != Duty.BISECT) {
                throw e;
            }
            return false;
        }
    }

    private void attempt(List<PartitionBatch> batches) {
        Transaction transaction = new Transaction();
        List<PartitionBatch> begun = new ArrayList<>();
        try {
            for (PartitionBatch batch : batches) {
                begun.add(batch);
                transaction.add(batch, partitions.process(batch));
            }
            transaction.commit();
        } catch (RuntimeException | StackOverflowError e) {
            begun.forEach(batch -> partitions.processor(batch).aborted());
            throw switch (e) {
                case PartitionStopped stopped ->
                        new StoppedAt(begun.getLast().partition(), stopped);
                case StageLogFailed failed -> failed;
                // A processor that reads the log too: no record is to blame.
                case LogUnavailable away -> new StageLogFailed(Duty.RETRY, away);
                default -> new StageLogFailed(Duty.BISECT, e);
            };
        }
        transaction.merge();
    }

    /// Batches of different partitions with what they became.
    private final class Transaction {
        private final List<PartitionBatch> batches = new ArrayList<>();
        private final List<ProducerRecord<byte[], byte[]>> emitted = new ArrayList<>();
        private final Map<TopicPartition, StagePosition> positions = new HashMap<>();

        void add(PartitionBatch batch, Emissions emissions) {
            batches.add(batch);
            emitted.addAll(emissions.records());
            positions.put(
                    batch.partition(),
                    new StagePosition(
                            batch.end(),
                            partitions.position(batch).counts().plus(emissions.counts())));
        }

        void commit() {
            FailPoint.reach(afterProcess);
            log.commit(emitted, positions);
            FailPoint.reach(afterCommit);
        }

        /// The transaction stands in the log.
        void merge() {
            positions.forEach(partitions::committed);
            batches.forEach(batch -> metrics.records.inc(batch.records().size()));
            metrics.commits.inc();
            FailPoint.reach(afterMerge);
        }
    }

    /// Commits the batches in smaller and smaller parts; what fails alone goes to the dead letters.
    private void bisect(List<PartitionBatch> batches) {
        LOG.atWarn()
                .addKeyValue("stage", role)
                .addKeyValue("records", batches.stream().mapToInt(b -> b.records().size()).sum())
                .log("A batch failed twice; looking for the culprit");
        List<PartitionBatch> suspects =
                batches.stream().filter(batch -> !batch.records().isEmpty()).toList();
        if (suspects.isEmpty()) {
            partitions.rewind(batches);
            return;
        }
        long until = ticker.nanos() + BISECT_NANOS;
        Deque<List<PartitionBatch>> parts = new ArrayDeque<>(halves(suspects));
        int poison = 0;
        while (!parts.isEmpty()) {
            if (ticker.nanos() > until || stopping.getAsBoolean()) {
                partitions.rewind(batches);
                return;
            }
            List<PartitionBatch> part = parts.pop();
            if (part.size() == 1 && part.getFirst().records().size() == 1) {
                poison += processes(part.getFirst()) ? 0 : 1;
            } else if (!succeeds(part)) {
                List<List<PartitionBatch>> halves = halves(part);
                halves.reversed().forEach(parts::push);
            }
        }
        LOG.atWarn()
                .addKeyValue("stage", role)
                .addKeyValue("poison", poison)
                .log("Poison records went to the dead letters");
    }

    private static List<List<PartitionBatch>> halves(List<PartitionBatch> batches) {
        if (batches.size() > 1) {
            int middle = batches.size() / 2;
            return List.of(batches.subList(0, middle), batches.subList(middle, batches.size()));
        }
        PartitionBatch only = batches.getFirst();
        if (only.records().size() == 1) {
            return List.of(batches);
        }
        return only.split(only.records().size() / 2).stream().map(List::of).toList();
    }

    /// One record alone: processed, or, where this is false, dead with its payload or without.
    private boolean processes(PartitionBatch batch) {
        try {
            attempt(List.of(batch));
            return true;
        } catch (StageLogFailed e) {
            if (e.duty() != Duty.BISECT) {
                throw e;
            }
            Reason reason = reason(e.cause());
            if (!buries(batch, reason, true) && !buries(batch, reason, false)) {
                throw new StoppedAt(
                        batch.partition(),
                        new PartitionStopped(
                                "the record at offset "
                                        + batch.records().getFirst().offset()
                                        + " can be neither processed nor written to the dead"
                                        + " letters: "
                                        + e.getMessage()));
            }
            metrics.poison.inc();
            return false;
        }
    }

    private boolean buries(PartitionBatch batch, Reason reason, boolean keepPayload) {
        ConsumerRecord<byte[], byte[]> record = batch.records().getFirst();
        PartitionProcessor processor = partitions.processor(batch);
        Transaction transaction = new Transaction();
        try {
            transaction.add(batch, processor.poison(record, reason, keepPayload));
            transaction.commit();
        } catch (StageLogFailed e) {
            processor.aborted();
            if (e.duty() != Duty.BISECT) {
                throw e;
            }
            return false;
        } catch (RuntimeException e) {
            processor.aborted();
            LOG.atError().setCause(e).log("Cannot write a dead letter");
            return false;
        }
        transaction.merge();
        return true;
    }

    private static Reason reason(@Nullable Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof RecordTooLargeException
                    || at instanceof RecordBatchTooLargeException) {
                return new Reason(
                        ReasonCode.TOO_LARGE,
                        "",
                        "the enriched event is larger than Kafka takes ("
                                + LogConnection.MAX_RECORD_BYTES
                                + " bytes): "
                                + at.getMessage());
            }
        }
        return new Reason(ReasonCode.INTERNAL, "", String.valueOf(cause));
    }
}
