package leat.stream.log;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import leat.core.event.TopicId;
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

/// The runtime of a stateless or locally stateful stage: `poll → process → emit`, outputs and
/// positions in one Kafka transaction, exactly once.
///
/// One thread does all of it, save that the state of a new partition is restored, and a batch that
/// has to wait for others is processed, on a thread of its own while the other partitions go on. No
/// transaction is ever open while a rebalance is heard of, so a revocation returns with everything
/// committed or nothing begun; what is processed aside is given up. How it meets failures is
/// written in `docs/decisions/stage-runtime.md`.
public final class Stage implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
    private static final Duration IDLE_POLL = Duration.ofMillis(100);
    private static final Duration ASIDE_POLL = Duration.ofMillis(5);
    private static final long MIN_BACKOFF_NANOS = Duration.ofMillis(50).toNanos();
    private static final long MAX_BACKOFF_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long FENCED_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    /// A search for poison yields to the group after this, well within the longest poll interval.
    private static final long BISECT_NANOS = Duration.ofSeconds(60).toNanos();

    private final StageSettings settings;
    private final StageLog log;
    private final LogReader reader;
    private final StageTicker ticker;
    private final StageMetrics metrics;
    private final StagePartitions partitions;
    private final String afterProcess;
    private final String afterCommit;
    private final String afterMerge;

    private volatile boolean stopping;
    private volatile StageHealth health = new StageHealth.Starting();
    private boolean joined;
    private int poison;
    private long backoffNanos = MIN_BACKOFF_NANOS;
    private @Nullable Long lastFencedNanos;
    private @Nullable Thread runner;

    Stage(
            StageSettings settings,
            StageLog log,
            LogReader reader,
            Processor processor,
            Executor aside,
            StageTicker ticker) {
        this.settings = settings;
        this.log = log;
        this.reader = reader;
        this.ticker = ticker;
        this.partitions =
                new StagePartitions(settings.role(), log, reader, processor, aside, ticker);
        this.metrics = new StageMetrics(settings.role());
        this.afterProcess = settings.role() + ".after-process";
        this.afterCommit = settings.role() + ".after-commit";
        this.afterMerge = settings.role() + ".after-merge";
    }

    /// A stage on Kafka. [#start] or [#run] sets it going.
    public static Stage of(LogConnection connection, StageSettings settings, Processor processor) {
        KafkaLogReader reader = new KafkaLogReader(connection, settings.group());
        AssignedIds ids = new AssignedIds();
        return new Stage(
                settings,
                new KafkaStageLog(connection, settings, ids::of),
                reader,
                (assigned, again) -> {
                    ids.put(assigned);
                    return processor.open(assigned, again);
                },
                task -> Thread.ofVirtual().name(settings.role() + "-restore").start(task),
                StageTicker.SYSTEM);
    }

    /// The topic ids that the positions are stamped with.
    private static final class AssignedIds {
        private final Map<TopicPartition, TopicId> ids =
                new java.util.concurrent.ConcurrentHashMap<>();

        void put(AssignedPartition assigned) {
            ids.put(assigned.partition(), assigned.topicId());
        }

        TopicId of(TopicPartition partition) {
            return java.util.Objects.requireNonNull(ids.get(partition), "partition is not open");
        }
    }

    /// Runs the stage on a new thread.
    public Stage start() {
        Thread thread =
                Thread.ofPlatform().name(settings.role() + "-" + settings.member()).unstarted(this);
        runner = thread;
        thread.start();
        return this;
    }

    /// How the stage is doing; from any thread.
    public StageHealth health() {
        return health;
    }

    /// Runs until [#close] or until the stage cannot go on.
    ///
    /// @throws StageFenced when another process has the same instance id
    @Override
    public void run() {
        String why = "";
        try {
            while (!stopping) {
                step();
            }
        } catch (Throwable e) {
            why = String.valueOf(e.getMessage());
            LOG.atError().addKeyValue("stage", settings.role()).setCause(e).log("Stage stopped");
            throw e;
        } finally {
            closeAll();
            health = new StageHealth.Stopped(why);
        }
    }

    /// Begins to end; [#close] waits for it.
    public void stop() {
        stopping = true;
        log.wakeUp();
    }

    /// Lets the batch in flight end, leaves the group and returns when the state is stored.
    @Override
    public void close() {
        stop();
        Thread running = runner;
        if (running != null && !running.equals(Thread.currentThread())) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// One turn: join if needed, poll, process, commit.
    void step() {
        try {
            if (!joined) {
                log.open(partitions);
                joined = true;
            }
            boolean aside = partitions.settle();
            long begun = ticker.nanos();
            List<PartitionBatch> polled = log.poll(pollTimeout(aside));
            List<PartitionBatch> ready = partitions.take(polled);
            if (!ready.isEmpty()) {
                transact(ready);
                long rest = settings.commitInterval().toNanos() - (ticker.nanos() - begun);
                ticker.park(rest);
            }
            backoffNanos = MIN_BACKOFF_NANOS;
            health = partitions.health();
        } catch (StageLogFailed e) {
            meet(e);
        }
    }

    private Duration pollTimeout(boolean aside) {
        if (partitions.hasProcessed()) {
            return Duration.ZERO;
        }
        return aside ? ASIDE_POLL : IDLE_POLL;
    }

    private void meet(StageLogFailed failure) {
        if (health instanceof StageHealth.Retrying retrying) {
            health = new StageHealth.Retrying(retrying.since(), failure.what());
        } else {
            health = new StageHealth.Retrying(Instant.now(), failure.what());
            LOG.atWarn()
                    .addKeyValue("stage", settings.role())
                    .addKeyValue("duty", failure.duty())
                    .setCause(failure.cause())
                    .log("Kafka trouble; trying again");
        }
        switch (failure.duty()) {
            case RETRY, BISECT -> metrics.retries.inc();
            case REOPEN -> reopen();
            case FENCED -> {
                Long last = lastFencedNanos;
                long now = ticker.nanos();
                if (last != null && now - last < FENCED_AGAIN_NANOS) {
                    throw new StageFenced(settings, failure.cause());
                }
                lastFencedNanos = now;
                reopen();
            }
        }
        backOff();
    }

    private void reopen() {
        metrics.reopens.inc();
        joined = false;
        partitions.releaseAll();
        log.drop();
    }

    /// Waits while staying in the group, so that a long outage costs no rebalance.
    private void backOff() {
        long until = ticker.nanos() + backoffNanos;
        backoffNanos = Math.min(2 * backoffNanos, MAX_BACKOFF_NANOS);
        if (!joined) {
            ticker.park(until - ticker.nanos());
            return;
        }
        try {
            log.pause(partitions.all());
            for (long rest = until - ticker.nanos();
                    rest > 0 && !stopping;
                    rest = until - ticker.nanos()) {
                log.poll(Duration.ofNanos(rest));
                ticker.polled();
            }
            log.resume(partitions.open());
        } catch (StageLogFailed e) {
            // The next turn meets it again, with its own back-off.
            reopen();
        }
    }

    private void closeAll() {
        try {
            partitions.releaseAll();
        } finally {
            log.close();
            if (reader instanceof KafkaLogReader kafka) {
                kafka.close();
            }
        }
    }

    // A polled batch becomes one transaction, or as many as it takes to find the culprit.

    private void transact(List<PartitionBatch> batches) {
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
        } catch (PartitionStopped e) {
            begun.forEach(batch -> partitions.processor(batch).aborted());
            throw new StoppedAt(begun.getLast().partition(), e);
        } catch (StageLogFailed e) {
            begun.forEach(batch -> partitions.processor(batch).aborted());
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            begun.forEach(batch -> partitions.processor(batch).aborted());
            throw new StageLogFailed(Duty.BISECT, e);
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
                .addKeyValue("stage", settings.role())
                .addKeyValue("records", batches.stream().mapToInt(b -> b.records().size()).sum())
                .log("A batch failed twice; looking for the culprit");
        poison = 0;
        List<PartitionBatch> suspects =
                batches.stream().filter(batch -> !batch.records().isEmpty()).toList();
        if (suspects.isEmpty()) {
            partitions.rewind(batches);
            return;
        }
        long until = ticker.nanos() + BISECT_NANOS;
        Deque<List<PartitionBatch>> parts = new ArrayDeque<>(halves(suspects));
        while (!parts.isEmpty()) {
            if (ticker.nanos() > until || stopping) {
                partitions.rewind(batches);
                return;
            }
            List<PartitionBatch> part = parts.pop();
            if (part.size() == 1 && part.getFirst().records().size() == 1) {
                judge(part.getFirst());
            } else if (!succeeds(part)) {
                List<List<PartitionBatch>> halves = halves(part);
                halves.reversed().forEach(parts::push);
            }
        }
        LOG.atWarn()
                .addKeyValue("stage", settings.role())
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

    /// One record alone: processed, or dead with its payload, or dead without.
    private void judge(PartitionBatch batch) {
        try {
            attempt(List.of(batch));
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
            poison++;
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
