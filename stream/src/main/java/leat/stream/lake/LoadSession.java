package leat.stream.lake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leat.core.event.TopicId;
import leat.stream.log.Backoff;
import leat.stream.log.LogUnavailable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One membership in the table's group: reads, fills one append while the one before it is being
/// committed, and starts again from the table's positions whenever anything is in doubt. All of it
/// runs on the loader's thread but the lanes' work and the commit itself, so that the consumer is
/// polled, and stays in the group, however long storage takes.
final class LoadSession implements ConsumerRebalanceListener, AutoCloseable {

    private static final int CHUNK_RECORDS = 1_000;
    private static final long CHUNK_BYTES = 1 << 20;
    private static final Duration IDLE_POLL = Duration.ofMillis(100);
    private static final Duration BUSY_POLL = Duration.ofMillis(5);
    private static final Duration HAND_OVER = Duration.ofSeconds(30);

    private final TableLoader loader;
    private final LoaderGroup group;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, TopicId> topics;
    private final TableSource.CloseableSink sink;
    private final Lanes lanes;
    private final LakeLoaderSettings settings;
    private final LakeMetrics metrics;
    private final StartPositions starts;
    private final ExecutorService committer;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Backoff backoff = new Backoff();

    /// The offset that the next append starts at, of each partition that is read.
    private final Map<TopicPartition, Long> next = new HashMap<>();

    /// Partitions that are ours and wait to be looked up in the table.
    private final Set<TopicPartition> unpositioned = new HashSet<>();

    private final Set<Append.RecordPlace> suspects = new HashSet<>();
    private @Nullable Append filling;
    private @Nullable InFlight inFlight;
    private long retryAtNanos = System.nanoTime();
    private boolean healthy;

    private record InFlight(
            Append append, List<Advance> advances, CompletableFuture<Outcome> outcome) {}

    private record Outcome(Append.Written written, LakeCommit.Result result) {}

    LoadSession(
            TableLoader loader,
            LoaderGroup group,
            Consumer<byte[], byte[]> consumer,
            Map<String, TopicId> topics,
            TableSource.CloseableSink sink,
            Lanes lanes,
            LakeLoaderSettings settings,
            LakeMetrics metrics) {
        this.loader = loader;
        this.group = group;
        this.consumer = consumer;
        this.topics = Map.copyOf(topics);
        this.sink = sink;
        this.lanes = lanes;
        this.settings = settings;
        this.metrics = metrics;
        this.starts = new StartPositions(consumer, topics, settings.skipDeleted(), metrics);
        this.committer =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform()
                                .daemon()
                                .name("lake-" + loader.source().label() + "-commit")
                                .factory());
    }

    boolean healthy() {
        return healthy;
    }

    /// Reads once, and does whatever is due.
    void step() {
        settle();
        Append current = filling;
        if (current != null && current.failure() != null) {
            startOver(current.failure());
        }
        // What waited for the commit before it must not wait for a poll, which would find every
        // partition paused.
        sealWhenDue();
        prepare();
        loader.lead(next.containsKey(new TopicPartition(loader.source().topics().getFirst(), 0)));
        boolean read = filling != null && lanes.hasRoom() && !full();
        Set<TopicPartition> readable = new HashSet<>(next.keySet());
        Set<TopicPartition> others = new HashSet<>(consumer.assignment());
        if (read) {
            others.removeAll(readable);
            consumer.resume(readable);
        }
        consumer.pause(others);
        try {
            boolean busy = inFlight != null || !lanes.hasRoom();
            take(consumer.poll(busy ? BUSY_POLL : IDLE_POLL));
        } catch (OffsetOutOfRangeException e) {
            startOver(new LogUnavailable("the log does not reach the table's positions", e));
        }
        sealWhenDue();
    }

    private void sealWhenDue() {
        if (due() && inFlight == null) {
            seal();
        }
    }

    private boolean full() {
        return filling != null && filling.bytes() >= settings.commitSize().bytes();
    }

    private boolean due() {
        Append current = filling;
        return current != null
                && !current.isEmpty()
                && (full() || current.ageNanos() >= settings.commitInterval().toNanos());
    }

    private void take(ConsumerRecords<byte[], byte[]> polled) {
        Append current = filling;
        if (current == null) {
            // A rebalance inside the poll has sealed the append that these were meant for.
            polled.partitions().stream()
                    .filter(next::containsKey)
                    .forEach(p -> consumer.seek(p, next.getOrDefault(p, 0L)));
            return;
        }
        for (TopicPartition partition : polled.partitions()) {
            if (!next.containsKey(partition)) {
                continue;
            }
            List<ConsumerRecord<byte[], byte[]>> chunk = new ArrayList<>();
            long bytes = 0;
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                chunk.add(record);
                bytes += Math.max(0, record.serializedValueSize());
                if (chunk.size() == CHUNK_RECORDS || bytes >= CHUNK_BYTES) {
                    current.add(partition, chunk, bytes);
                    chunk = new ArrayList<>();
                    bytes = 0;
                }
            }
            if (!chunk.isEmpty()) {
                current.add(partition, chunk, bytes);
            }
        }
    }

    /// Looks partitions up in the table and makes the next append, when storage lets us.
    private void prepare() {
        // A commit under way may still move the positions of what is looked up.
        boolean lookUp = !unpositioned.isEmpty() && inFlight == null;
        boolean needed = lookUp || (filling == null && !next.isEmpty());
        if (!needed || System.nanoTime() - retryAtNanos < 0) {
            return;
        }
        try {
            Table table = loader.source().existing();
            position(table);
            if (filling == null && !next.isEmpty()) {
                filling = new Append(table, layout(table), lanes, suspects);
            }
            healthy = true;
            backoff.reset();
            loader.running();
        } catch (LoaderStopped e) {
            throw e;
        } catch (RuntimeException e) {
            wait(e);
        }
    }

    private void position(Table table) {
        if (unpositioned.isEmpty() || inFlight != null) {
            return;
        }
        loader.checkTopics(table.name(), topics);
        group.demandOneLake();
        starts.pin(table);
        starts.of(table, unpositioned)
                .forEach((partition, start) -> {
                    consumer.seek(partition, start.read());
                    next.put(partition, start.next());
                });
        unpositioned.clear();
        sink.forget();
    }

    private Append.Layout layout(Table table) {
        return new Append.Layout(
                loader.source().partitioning(),
                () -> loader.source().decoders().of(table.schema(), topics),
                table.schema(),
                settings);
    }

    /// Ends the append that is filled and commits it on a thread of its own.
    private void seal() {
        Append append = filling;
        if (append == null || append.isEmpty()) {
            return;
        }
        List<Advance> advances = new ArrayList<>();
        next.replaceAll((partition, from) -> {
            long to = Math.max(from, consumer.position(partition));
            if (to > from) {
                advances.add(new Advance(id(partition), partition.partition(), from, to));
            }
            return to;
        });
        LakeCommit commit =
                new LakeCommit(
                        append.table(),
                        sink,
                        () -> loader.checkTopics(append.table().name(), topics),
                        loader::retrying,
                        cancelled);
        CompletableFuture<Outcome> outcome =
                append.finish()
                        .thenApplyAsync(
                                written -> new Outcome(written, commit.run(written, advances)),
                                committer);
        inFlight = new InFlight(append, advances, outcome);
        filling = null;
    }

    /// Takes note of a commit that has ended.
    private void settle() {
        InFlight ended = inFlight;
        if (ended == null || !ended.outcome().isDone()) {
            return;
        }
        inFlight = null;
        try {
            Outcome outcome = ended.outcome().join();
            switch (outcome.result()) {
                case LakeCommit.Result.Done _ -> done(ended, outcome.written());
                case LakeCommit.Result.Refused(String why, boolean filesAreOurs) -> {
                    metrics.refused.inc();
                    if (filesAreOurs) {
                        ended.append().discard();
                    }
                    startOver(new LogUnavailable("the lake refused a commit: " + why, null));
                }
            }
        } catch (CompletionException e) {
            ended.append().discard();
            RuntimeException cause = e.getCause() instanceof RuntimeException failed ? failed : e;
            startOver(cause);
        }
    }

    private void done(InFlight ended, Append.Written written) {
        suspects.clear();
        loader.running();
        metrics.rows.inc(written.rows());
        metrics.dead.inc(written.refused().size());
        metrics.bytes.inc(written.files().stream().mapToLong(DataFile::fileSizeInBytes).sum());
        metrics.commits.inc();
        metrics.newest.set(written.newestMillis() / 1000.0);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        long lag = 0;
        for (TopicPartition partition : consumer.assignment()) {
            lag += consumer.currentLag(partition).orElse(0);
            for (Advance advance : ended.advances()) {
                if (advance.partition() == partition.partition()
                        && advance.topic().equals(id(partition))) {
                    offsets.put(partition, new OffsetAndMetadata(advance.to()));
                }
            }
        }
        metrics.lag.set((double) lag);
        // For whoever looks at the group's lag; the table's positions are what counts.
        consumer.commitAsync(offsets, (_, _) -> {});
    }

    /// Throws away what is being read and goes back to the table's positions, after a wait.
    private void startOver(@Nullable RuntimeException cause) {
        if (cause instanceof LoaderStopped stopped) {
            throw stopped;
        }
        if (cause instanceof TableFiles.BadRow bad) {
            suspects.add(new Append.RecordPlace(bad.row().partition(), bad.row().offset()));
        }
        discardFilling();
        unpositioned.addAll(next.keySet());
        next.clear();
        wait(cause == null ? new LogUnavailable("started over", null) : cause);
    }

    private void discardFilling() {
        Append current = filling;
        filling = null;
        if (current != null) {
            current.discard();
        }
    }

    private void wait(RuntimeException cause) {
        healthy = false;
        retryAtNanos = System.nanoTime() + backoff.next().toNanos();
        loader.retrying(cause);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        // Only noted here: to ask the table may take long, and a callback must not.
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, 0);
        }
        consumer.pause(partitions);
        unpositioned.addAll(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        finishWithin(HAND_OVER);
        drop(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        drop(partitions);
        if (filling != null && !filling.isEmpty()) {
            startOver(new LogUnavailable("the group has taken partitions away", null));
        }
    }

    private void drop(Collection<TopicPartition> partitions) {
        partitions.forEach(next::remove);
        unpositioned.removeAll(partitions);
    }

    /// Commits all that is read, or throws it away when that takes too long.
    private void finishWithin(Duration limit) {
        try {
            awaitInFlight(limit);
            if (inFlight == null) {
                seal();
                awaitInFlight(limit);
            }
        } catch (TimeoutException e) {
            startOver(
                    new LogUnavailable("a commit did not end before partitions were given up", e));
        }
        discardFilling();
    }

    private void awaitInFlight(Duration limit) throws TimeoutException {
        InFlight running = inFlight;
        if (running == null) {
            return;
        }
        try {
            Outcome _ = running.outcome().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // How it failed is looked at below, as for every commit.
            settle();
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable("interrupted while a commit ended", e);
        }
        settle();
    }

    private TopicId id(TopicPartition partition) {
        TopicId id = topics.get(partition.topic());
        if (id == null) {
            throw new IllegalStateException("no topic of this table: " + partition);
        }
        return id;
    }

    /// Commits what is read, then ends the commit thread. What is not committed by then is read
    /// again by the next loader.
    @Override
    public void close() {
        try {
            finishWithin(HAND_OVER);
        } finally {
            cancelled.countDown();
            discardFilling();
            committer.close();
        }
    }
}
