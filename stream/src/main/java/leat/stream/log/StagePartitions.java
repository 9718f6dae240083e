package leat.stream.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions that a [Stage] has been given, each from its restoration to its release. The
/// state of a new one is restored, and a batch that waits for others is processed, on a thread of
/// its own; all else happens on the stage's.
final class StagePartitions implements StageLog.Rebalance {

    private static final Logger LOG = LoggerFactory.getLogger(StagePartitions.class);
    private static final long MIN_WAIT_NANOS = Duration.ofMillis(50).toNanos();
    private static final long MAX_WAIT_NANOS = Duration.ofSeconds(5).toNanos();

    /// Batches that are processed aside at a time; each is as large as a transaction's.
    private static final int MAX_ASIDE = 8;

    private final String role;
    private final StageLog log;
    private final LogReader reader;
    private final Processor processor;
    private final Executor aside;
    private final StageTicker ticker;
    private final Map<TopicPartition, Slot> slots = new HashMap<>();

    /// What was processed aside and is not in a transaction yet.
    private final Map<TopicPartition, Processed> processed = new HashMap<>();

    /// Paused until fewer batches are processed aside.
    private final Set<TopicPartition> held = new HashSet<>();

    private boolean member;

    /// What the stage has of a partition.
    private sealed interface Slot {
        /// Its state is being restored.
        record Restoring(SideTask<Restored> restoration) implements Slot {}

        /// It is processed; `position` is the committed one.
        record Open(PartitionProcessor processor, StagePosition position, BatchPace pace)
                implements Slot {}

        /// A batch of it is being processed aside; until then it is paused.
        record Busy(Open open, PartitionBatch batch, SideTask<Emissions> work, long begunNanos)
                implements Slot {
            /// As it goes on after the batch.
            Open done(long nanos) {
                BatchPace next = open.pace().after(batch.records().size(), nanos - begunNanos);
                return new Open(open.processor(), open.position(), next);
            }
        }

        /// It waits for an operator.
        record Stopped(@Nullable PartitionProcessor processor, String why) implements Slot {}
    }

    /// What a restoration yields.
    private record Restored(AssignedPartition assigned, PartitionProcessor processor) {}

    /// A batch and what processing it yielded, a result or a failure.
    private record Processed(PartitionBatch batch, FutureTask<Emissions> result) {}

    StagePartitions(
            String role,
            StageLog log,
            LogReader reader,
            Processor processor,
            Executor aside,
            StageTicker ticker) {
        this.role = role;
        this.log = log;
        this.reader = reader;
        this.processor = processor;
        this.aside = aside;
        this.ticker = ticker;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions) {
        member = true;
        for (TopicPartition partition : partitions) {
            slots.put(
                    partition, new Slot.Restoring(SideTask.start(() -> restore(partition), aside)));
        }
    }

    @Override
    public void revoked(Collection<TopicPartition> partitions) {
        release(partitions);
    }

    private Restored restore(TopicPartition partition) {
        long waitNanos = MIN_WAIT_NANOS;
        while (true) {
            try {
                AssignedPartition assigned = reader.assigned(partition);
                return new Restored(assigned, processor.open(assigned, reader));
            } catch (LogUnavailable e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("stage", role)
                        .addKeyValue("partition", partition)
                        .addKeyValue("cause", e.getMessage())
                        .log("Cannot restore a partition yet; trying again");
                ticker.park(waitNanos);
                waitNanos = Math.min(2 * waitNanos, MAX_WAIT_NANOS);
            }
        }
    }

    /// Lets restored partitions flow and gathers what was processed aside; whether other work goes
    /// on aside.
    boolean settle() {
        boolean aside = false;
        for (TopicPartition partition : all()) {
            switch (slots.get(partition)) {
                case Slot.Restoring(SideTask<Restored> restoration) -> {
                    if (restoration.task().isDone()) {
                        restored(partition, settled(restoration.task()));
                    } else {
                        aside = true;
                    }
                }
                case Slot.Busy busy -> {
                    if (busy.work().task().isDone()) {
                        slots.put(partition, busy.done(ticker.nanos()));
                        processed.put(partition, new Processed(busy.batch(), busy.work().task()));
                    } else {
                        aside = true;
                    }
                }
                case Slot.Open _, Slot.Stopped _ -> {}
                case null -> {}
            }
        }
        if (!held.isEmpty() && busy() < MAX_ASIDE) {
            log.resume(held.stream().filter(this::isOpen).toList());
            held.clear();
        }
        return aside;
    }

    /// Whether [#take] has something without a further poll.
    boolean hasProcessed() {
        return !processed.isEmpty();
    }

    private void restored(TopicPartition partition, Slot settled) {
        slots.put(partition, settled);
        if (settled instanceof Slot.Open open) {
            log.seek(partition, open.position().offset());
            log.resume(List.of(partition));
            LOG.atInfo()
                    .addKeyValue("stage", role)
                    .addKeyValue("partition", partition)
                    .addKeyValue("offset", open.position().offset())
                    .log("Partition opened");
        }
    }

    private static Slot settled(FutureTask<Restored> task) {
        try {
            Restored restored = task.get();
            return new Slot.Open(
                    restored.processor(), restored.assigned().position(), BatchPace.FIRST);
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case PartitionStopped stopped ->
                        new Slot.Stopped(null, String.valueOf(stopped.getMessage()));
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            };
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private long busy() {
        return slots.values().stream().filter(Slot.Busy.class::isInstance).count();
    }

    /// Takes what was polled: batches that wait for others are begun aside. Yields what can be in
    /// the next transaction.
    List<PartitionBatch> take(List<PartitionBatch> polled) {
        List<PartitionBatch> ready = new ArrayList<>(polled.size());
        processed.values().forEach(done -> ready.add(done.batch()));
        for (PartitionBatch batch : polled) {
            if (slots.get(batch.partition()) instanceof Slot.Open open) {
                if (!batch.records().isEmpty() && open.processor().waits()) {
                    begin(open, batch);
                } else if (moves(open, batch)) {
                    ready.add(batch);
                }
            }
        }
        return ready;
    }

    /// A batch without records is worth a transaction where it moves the position, and nothing of
    /// the partition waits aside.
    private boolean moves(Slot.Open open, PartitionBatch batch) {
        return !batch.records().isEmpty()
                || (batch.end() > open.position().offset()
                        && !open.processor().waits()
                        && !processed.containsKey(batch.partition()));
    }

    private void begin(Slot.Open open, PartitionBatch batch) {
        TopicPartition partition = batch.partition();
        log.pause(List.of(partition));
        if (processed.containsKey(partition) || busy() >= MAX_ASIDE) {
            log.seek(partition, batch.records().getFirst().offset());
            held.add(partition);
            return;
        }
        PartitionBatch head = open.pace().head(batch);
        if (head.end() < batch.end()) {
            log.seek(partition, head.end());
        }
        long begun = ticker.nanos();
        SideTask<Emissions> work = SideTask.start(() -> open.processor().process(head), aside);
        slots.put(partition, new Slot.Busy(open, head, work, begun));
    }

    /// What a batch becomes: as it was processed aside, else processed now.
    Emissions process(PartitionBatch batch) {
        Processed done = processed.remove(batch.partition());
        if (done == null || !done.batch().equals(batch)) {
            return processor(batch).process(batch);
        }
        try {
            return done.result().get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    /// Lets go of all partitions; the group has to give them again.
    void releaseAll() {
        member = false;
        release(all());
    }

    private void release(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            forgetProcessed(partition);
            held.remove(partition);
            switch (slots.remove(partition)) {
                case Slot.Open open -> open.processor().close();
                case Slot.Busy busy -> {
                    busy.work().giveUp();
                    busy.open().processor().aborted();
                    busy.open().processor().close();
                }
                case Slot.Restoring(SideTask<Restored> restoration) -> {
                    Restored restored = restoration.giveUp();
                    if (restored != null) {
                        restored.processor().close();
                    }
                }
                case Slot.Stopped(PartitionProcessor stopped, _) when stopped != null ->
                        stopped.close();
                case Slot.Stopped _ -> {}
                case null -> {}
            }
        }
    }

    /// A batch that was processed aside never was.
    private void forgetProcessed(TopicPartition partition) {
        if (processed.remove(partition) != null && slots.get(partition) instanceof Slot.Open open) {
            open.processor().aborted();
        }
    }

    List<TopicPartition> all() {
        return List.copyOf(slots.keySet());
    }

    /// Those that are processed.
    List<TopicPartition> open() {
        return slots.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Slot.Open)
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean isOpen(TopicPartition partition) {
        return slots.get(partition) instanceof Slot.Open;
    }

    /// Who processes an open partition.
    PartitionProcessor processor(PartitionBatch batch) {
        return slot(batch.partition()).processor();
    }

    /// The committed position of an open partition.
    StagePosition position(PartitionBatch batch) {
        return slot(batch.partition()).position();
    }

    /// What came up to `position` is committed.
    void committed(TopicPartition partition, StagePosition position) {
        Slot.Open open = slot(partition);
        PartitionProcessor processor = open.processor();
        processor.committed(position.offset());
        slots.put(partition, new Slot.Open(processor, position, open.pace()));
        if (processor.waits()) {
            log.resume(List.of(partition));
        }
    }

    private Slot.Open slot(TopicPartition partition) {
        if (slots.get(partition) instanceof Slot.Open open) {
            return open;
        }
        throw new IllegalStateException(partition + " is processed and not open");
    }

    /// Lets the open ones among the batches be polled again from their committed positions.
    void rewind(List<PartitionBatch> batches) {
        for (PartitionBatch batch : batches) {
            if (slots.get(batch.partition()) instanceof Slot.Open open) {
                forgetProcessed(batch.partition());
                log.seek(batch.partition(), open.position().offset());
                if (open.processor().waits()) {
                    log.resume(List.of(batch.partition()));
                }
            }
        }
    }

    /// Processes no more of a partition until an operator has acted.
    void stop(TopicPartition partition, String why) {
        LOG.atError()
                .addKeyValue("stage", role)
                .addKeyValue("partition", partition)
                .log("Partition stopped: {}", why);
        PartitionProcessor stopped =
                slots.get(partition) instanceof Slot.Open open ? open.processor() : null;
        slots.put(partition, new Slot.Stopped(stopped, why));
        log.pause(List.of(partition));
    }

    /// How the stage is doing, as far as its partitions tell.
    StageHealth health() {
        Map<TopicPartition, String> stopped = new HashMap<>();
        boolean open = slots.isEmpty() && member;
        for (Map.Entry<TopicPartition, Slot> entry : slots.entrySet()) {
            switch (entry.getValue()) {
                case Slot.Stopped slot -> stopped.put(entry.getKey(), slot.why());
                case Slot.Open _, Slot.Busy _ -> open = true;
                case Slot.Restoring _ -> {}
            }
        }
        return open || !stopped.isEmpty()
                ? new StageHealth.Running(stopped)
                : new StageHealth.Starting();
    }
}
