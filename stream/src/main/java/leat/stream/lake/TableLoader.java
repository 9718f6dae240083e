package leat.stream.lake;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import leat.core.event.TopicId;
import leat.stream.log.Backoff;
import leat.stream.log.LoaderThread;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads one table with a thread of its own: what stops it stops no other table.
final class TableLoader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableLoader.class);

    private final TableSource source;
    private final LogConnection connection;
    private final Admin admin;
    private final LakeLoaderSettings settings;
    private final LakeMetrics metrics;
    private final Lanes lanes;
    private final LoaderThread thread;
    private volatile LoaderHealth health = new LoaderHealth.Starting();
    private volatile boolean leading;

    TableLoader(
            TableSource source,
            LogConnection connection,
            Admin admin,
            LakeLoaderSettings settings) {
        this.source = source;
        this.connection = connection;
        this.admin = admin;
        this.settings = settings;
        this.metrics = new LakeMetrics(source.contract(), source.kind());
        this.lanes = new Lanes("lake-" + source.label(), settings.writers());
        this.thread = new LoaderThread("lake-" + source.label(), this::run);
    }

    void start() {
        thread.start();
    }

    TableSource source() {
        return source;
    }

    LoaderHealth health() {
        return health;
    }

    /// Whether this loader has the first partition, which one loader of all instances has: it cares
    /// for the table.
    boolean leading() {
        return leading;
    }

    private void run() {
        Backoff backoff = new Backoff();
        while (!isStopping()) {
            try {
                session(backoff);
            } catch (LoaderStopped e) {
                LOG.atError()
                        .setCause(e)
                        .addKeyValue("table", source.label())
                        .log("Loader of a lake table stopped");
                leading = false;
                health = new LoaderHealth.Stopped(String.valueOf(e.getMessage()));
                return;
            } catch (RuntimeException e) {
                retrying(e);
                awaitStop(backoff.next());
            }
        }
        leading = false;
        health = new LoaderHealth.Stopped("");
    }

    private void session(Backoff backoff) {
        Map<String, TopicId> topics = new Topics(admin, 1).ids(source.topics());
        for (String topic : source.topics()) {
            if (!topics.containsKey(topic)) {
                throw new LogUnavailable("topic " + topic + " has not been made yet", null);
            }
        }
        LoaderGroup group = new LoaderGroup(source, admin, source.existing().uuid());
        // Before joining, so that a loader that has no business there disturbs nobody.
        group.demandOneLake();
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName());
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
        try (Consumer<byte[], byte[]> consumer =
                        connection.groupConsumer(group.member(), source.group(), config);
                TableSource.CloseableSink sink = source.sinks().of(topics);
                LoadSession session =
                        new LoadSession(
                                this, group, consumer, topics, sink, lanes, settings, metrics)) {
            consumer.subscribe(source.topics(), session);
            while (!isStopping()) {
                session.step();
                if (session.healthy()) {
                    backoff.reset();
                }
            }
        }
    }

    /// Stops the loader when a topic is no longer the one the table was loaded from.
    void checkTopics(String table, Map<String, TopicId> topics) {
        Map<String, TopicId> now = new Topics(admin, 1).ids(topics.keySet());
        topics.forEach((name, pinned) -> {
            TopicId id = now.get(name);
            if (id == null) {
                throw new LogUnavailable("topic " + name + " is gone", null);
            }
            if (!id.equals(pinned)) {
                throw StartPositions.recreated(table, name, pinned, id);
            }
        });
    }

    void lead(boolean first) {
        leading = first;
    }

    void running() {
        if (!(health instanceof LoaderHealth.Running)) {
            health = new LoaderHealth.Running();
        }
    }

    void retrying(RuntimeException cause) {
        metrics.retries.inc();
        Instant since =
                health instanceof LoaderHealth.Retrying(Instant began, _) ? began : Instant.now();
        health = new LoaderHealth.Retrying(since, String.valueOf(cause.getMessage()));
        LOG.atWarn()
                .setCause(cause)
                .addKeyValue("table", source.label())
                .log("Cannot load the lake, trying again");
    }

    private boolean isStopping() {
        return !thread.isGoingOn();
    }

    private void awaitStop(Duration wait) {
        try {
            thread.pause(wait);
        } catch (InterruptedException e) {
            thread.closing().countDown();
        }
    }

    /// Begins what [#close] waits for.
    void stop() {
        thread.closing().countDown();
    }

    /// Commits what is read, leaves the group and ends the threads.
    @Override
    public void close() {
        thread.close();
        lanes.close();
    }
}
