package leat.stream.log;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import leat.core.event.TopicId;
import org.apache.kafka.common.TopicPartition;
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

    private final StageSettings settings;
    private final StageLog log;
    private final LogReader reader;
    private final StageTicker ticker;
    private final StageMetrics metrics;
    private final StagePartitions partitions;
    private final StageTransactions transactions;

    private volatile boolean stopping;
    private volatile StageHealth health = new StageHealth.Starting();
    private boolean joined;
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
        this.transactions =
                new StageTransactions(
                        settings.role(), log, partitions, metrics, ticker, () -> stopping);
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
        private final Map<TopicPartition, TopicId> ids = new ConcurrentHashMap<>();

        void put(AssignedPartition assigned) {
            ids.put(assigned.partition(), assigned.topicId());
        }

        TopicId of(TopicPartition partition) {
            return Objects.requireNonNull(ids.get(partition), "partition is not open");
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
                boolean full = settings.isFull(ready);
                transactions.run(ready);
                ticker.park(settings.restNanos(ticker.nanos() - begun, full));
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
}
