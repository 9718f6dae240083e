package leat.stream.log;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions that a [Stage] has been given, each from its restoration to its release. The
/// state of a new one is restored on a thread of its own; all else happens on the stage's.
final class StagePartitions implements StageLog.Rebalance {

    private static final Logger LOG = LoggerFactory.getLogger(StagePartitions.class);
    private static final long MIN_WAIT_NANOS = Duration.ofMillis(50).toNanos();
    private static final long MAX_WAIT_NANOS = Duration.ofSeconds(5).toNanos();

    private final String role;
    private final StageLog log;
    private final LogReader reader;
    private final Processor processor;
    private final Executor openers;
    private final StageTicker ticker;
    private final Map<TopicPartition, Slot> slots = new HashMap<>();
    private boolean member;

    /// What the stage has of a partition.
    private sealed interface Slot {
        /// Its state is being restored.
        record Restoring(Opening opening) implements Slot {}

        /// It is processed; `position` is the committed one.
        record Open(PartitionProcessor processor, StagePosition position) implements Slot {}

        /// It waits for an operator.
        record Stopped(@Nullable PartitionProcessor processor, String why) implements Slot {}
    }

    StagePartitions(
            String role,
            StageLog log,
            LogReader reader,
            Processor processor,
            Executor openers,
            StageTicker ticker) {
        this.role = role;
        this.log = log;
        this.reader = reader;
        this.processor = processor;
        this.openers = openers;
        this.ticker = ticker;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions) {
        member = true;
        for (TopicPartition partition : partitions) {
            slots.put(
                    partition,
                    new Slot.Restoring(Opening.start(() -> restore(partition), openers)));
        }
    }

    @Override
    public void revoked(Collection<TopicPartition> partitions) {
        release(partitions);
    }

    private Opening.Opened restore(TopicPartition partition) {
        long waitNanos = MIN_WAIT_NANOS;
        while (true) {
            try {
                AssignedPartition assigned = reader.assigned(partition);
                return new Opening.Opened(assigned, processor.open(assigned, reader));
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

    /// Lets restored partitions flow; whether any is still being restored.
    boolean settle() {
        boolean opening = false;
        for (Map.Entry<TopicPartition, Slot> entry : slots.entrySet()) {
            if (!(entry.getValue() instanceof Slot.Restoring(Opening restoring))) {
                continue;
            }
            if (!restoring.task().isDone()) {
                opening = true;
                continue;
            }
            Slot settled = settled(restoring.task());
            entry.setValue(settled);
            if (settled instanceof Slot.Open open) {
                log.seek(entry.getKey(), open.position().offset());
                log.resume(List.of(entry.getKey()));
                LOG.atInfo()
                        .addKeyValue("stage", role)
                        .addKeyValue("partition", entry.getKey())
                        .addKeyValue("offset", open.position().offset())
                        .log("Partition opened");
            }
        }
        return opening;
    }

    private static Slot settled(FutureTask<Opening.Opened> task) {
        try {
            Opening.Opened opened = task.get();
            return new Slot.Open(opened.processor(), opened.assigned().position());
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

    /// Lets go of all partitions; the group has to give them again.
    void releaseAll() {
        member = false;
        release(all());
    }

    private void release(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            switch (slots.remove(partition)) {
                case Slot.Open open -> open.processor().close();
                case Slot.Restoring(Opening opening) -> opening.giveUp();
                case Slot.Stopped(PartitionProcessor stopped, _) when stopped != null ->
                        stopped.close();
                case Slot.Stopped _ -> {}
                case null -> {}
            }
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
        PartitionProcessor processor = slot(partition).processor();
        processor.committed(position.offset());
        slots.put(partition, new Slot.Open(processor, position));
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
                log.seek(batch.partition(), open.position().offset());
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
                case Slot.Open _ -> open = true;
                case Slot.Restoring _ -> {}
            }
        }
        return open || !stopped.isEmpty()
                ? new StageHealth.Running(stopped)
                : new StageHealth.Starting();
    }
}
