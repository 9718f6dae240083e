package leat.ml.featurestore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import leat.core.event.TopicId;
import leat.ml.featurestore.SourceLook.Found;
import leat.stream.log.Backoff;
import leat.stream.log.LoaderThread;
import leat.stream.log.LogUnavailable;
import leat.stream.log.StageHealth;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One view in this process: Kafka Streams, and a thread that starts it, starts it again after it
/// failed, and says how it is doing.
final class RunningView implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningView.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);
    private static final InstantSource CLOCK = InstantSource.system();

    private final FeatureStore.Place place;
    private final FeatureStoreSettings settings;
    private final EntityMemory memory;
    private final FeatureFlow flow;
    private final FeatureMetrics metrics;
    private final CommitPace pace;
    private final LoaderThread thread;
    private final Backoff backoff = new Backoff();
    private volatile StageHealth health = new StageHealth.Starting();
    private volatile boolean closedInTime = true;

    private RunningView(
            FeatureStore.Place place,
            FeatureStoreSettings settings,
            EntityMemory memory,
            FeatureFlow flow) {
        this.place = place;
        this.settings = settings;
        this.memory = memory;
        this.flow = flow;
        this.metrics = new FeatureMetrics(flow.name());
        this.pace = new CommitPace(settings.commitInterval());
        this.thread = new LoaderThread("features-" + flow.name(), this::work);
    }

    static RunningView start(
            FeatureStore.Place place,
            FeatureStoreSettings settings,
            EntityMemory memory,
            FeatureFlow flow) {
        RunningView view = new RunningView(place, settings, memory, flow);
        view.thread.start();
        return view;
    }

    StageHealth health() {
        return health;
    }

    /// Asks it to end; returns at once.
    void stop() {
        thread.closing().countDown();
    }

    @Override
    public void close() {
        thread.close();
    }

    /// Closes it for good: the state on this process's disk is removed. What the log has of it
    /// stays.
    void retire() {
        close();
        if (!closedInTime) {
            return;
        }
        Path state = StreamsProperties.stateFolder(place).resolve(flow.application(place.names()));
        try {
            Utils.delete(state.toFile());
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("view", flow.name())
                    .addKeyValue("folder", state)
                    .setCause(e)
                    .log("The state of a former version could not be removed");
        }
    }

    /// Whether it has ended by itself and does not come back.
    boolean hasFailed() {
        return health instanceof StageHealth.Stopped(String why) && !why.isEmpty();
    }

    private boolean goesOn() {
        return thread.isGoingOn() && !(health instanceof StageHealth.Stopped);
    }

    private void work() {
        try (Admin admin = place.log().admin()) {
            SourceLook look = new SourceLook(admin, place.names(), flow);
            while (goesOn()) {
                attempt(look);
            }
            if (!(health instanceof StageHealth.Stopped)) {
                health = new StageHealth.Stopped("");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            health = new StageHealth.Stopped("it was interrupted");
        } catch (RuntimeException | Error e) {
            stopped("of a fault of the program: " + e);
            throw e;
        }
    }

    /// Runs until it fails or is to close, and then waits where another attempt makes sense.
    private void attempt(SourceLook look) throws InterruptedException {
        try {
            Optional<ViewTopology.Ids> topics = topics(look);
            if (topics.isPresent()) {
                follow(look, topics.get());
            }
        } catch (ViewRefused e) {
            stopped(e.getMessage() + ": " + e.remedy());
        } catch (LogUnavailable | KafkaException e) {
            retrying(String.valueOf(e.getMessage()));
        }
        if (goesOn()) {
            thread.pause(backoff.next());
        }
    }

    /// The topics to read; empty when they cannot be read now or at all.
    private Optional<ViewTopology.Ids> topics(SourceLook look) {
        return switch (look.look()) {
            case Found.Missing(String why) -> {
                retrying(why);
                yield Optional.empty();
            }
            case Found.Wrong(String why) -> {
                stopped(why);
                yield Optional.empty();
            }
            case Found.Source(ViewTopology.Ids found) -> {
                RegisteredView registered =
                        new FeatureRegistry(place.log(), place.names())
                                .read()
                                .versions()
                                .get(flow.name());
                if (registered == null) {
                    retrying("the view is not registered yet");
                    yield Optional.empty();
                }
                Claim.changed(flow, registered)
                        .ifPresent(refused -> {
                            throw refused;
                        });
                Claim.dropped(flow, registered)
                        .ifPresent(refused -> {
                            throw refused;
                        });
                refuseOther(found.source(), registered.sourceTopic());
                yield Optional.of(found);
            }
        };
    }

    private void refuseOther(TopicId topic, TopicId registered) {
        if (!topic.equals(registered)) {
            throw new ViewRefused(
                    "the topic "
                            + flow.sourceTopic(place.names())
                            + " was made again since the view "
                            + flow.name()
                            + " began to read it",
                    "count the view's version up, so that it starts anew");
        }
    }

    /// Of views that start together, all but one would fail at it.
    private void makeStateFolder() {
        Path folder = StreamsProperties.stateFolder(place);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ProcessorStateException("the folder " + folder + " cannot be made", e);
        }
    }

    private void follow(SourceLook look, ViewTopology.Ids topics) throws InterruptedException {
        makeStateFolder();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Properties properties = StreamsProperties.of(flow, place, settings);
        KafkaStreams streams =
                new KafkaStreams(
                        ViewTopology.of(flow, place.names(), topics, memory, metrics, pace),
                        properties);
        try {
            streams.setUncaughtExceptionHandler(e -> {
                failure.compareAndSet(null, e);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            closedInTime = false;
            streams.start();
            while (goesOn() && failure.get() == null) {
                watch(look, topics, streams);
                thread.pause(LOOK_INTERVAL);
            }
        } finally {
            boolean closed =
                    streams.close(
                            CloseOptions.timeout(CLOSE_PATIENCE)
                                    .withGroupMembershipOperation(
                                            CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            if (!closed) {
                LOG.atWarn()
                        .addKeyValue("view", flow.name())
                        .log("The view's threads did not end in time");
            }
            closedInTime = closed;
        }
        Throwable failed = failure.get();
        if (failed != null) {
            failed(failed);
        }
    }

    private void watch(SourceLook look, ViewTopology.Ids topics, KafkaStreams streams) {
        switch (look.look()) {
            case Found.Missing(String why) -> retrying(why);
            case Found.Wrong(String why) -> stopped(why);
            case Found.Source(ViewTopology.Ids found) -> {
                refuseOther(found.source(), topics.source());
                if (!found.input().equals(topics.input())) {
                    throw new LogUnavailable(
                            "the topic " + flow.input(place.names()) + " was made again", null);
                }
                if (streams.state() == KafkaStreams.State.RUNNING) {
                    health = new StageHealth.Running(Map.of());
                    backoff.reset();
                } else if (!(health instanceof StageHealth.Retrying)) {
                    health = new StageHealth.Starting();
                }
            }
        }
        pace.look(streams.metrics());
        metrics.stateBytes(
                streams.metrics().values().stream()
                        .filter(metric -> metric.metricName().name().equals("total-sst-files-size"))
                        .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
                        .sum());
    }

    private void failed(Throwable failure) {
        ViewFailure told = ViewFailure.of(failure);
        Optional<String> lasting = told.lasting(place.instance());
        if (lasting.isPresent()) {
            stopped(lasting.get());
            return;
        }
        retrying(String.valueOf(told.cause()));
        LOG.atError()
                .addKeyValue("view", flow.name())
                .setCause(failure)
                .log("The view failed; starting it again");
    }

    private void retrying(String why) {
        Instant since =
                health instanceof StageHealth.Retrying(Instant began, var _)
                        ? began
                        : CLOCK.instant();
        boolean first = !(health instanceof StageHealth.Retrying);
        health = new StageHealth.Retrying(since, why);
        if (first) {
            LOG.atWarn()
                    .addKeyValue("view", flow.name())
                    .addKeyValue("cause", why)
                    .log("A view waits");
        }
    }

    private void stopped(String why) {
        health = new StageHealth.Stopped(why);
        LOG.atError()
                .addKeyValue("view", flow.name())
                .addKeyValue("cause", why)
                .log("A view has stopped");
    }
}
