package leat.ml.monitor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import leat.core.alert.AlertWatch;
import leat.core.event.Names;
import leat.core.prediction.Scoring;
import leat.ml.registry.Artifacts;
import leat.ml.registry.Models;
import leat.stream.log.LogConnection;
import leat.stream.log.Stage;
import leat.stream.log.StageHealth;
import leat.stream.log.StageSettings;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One instance of the watching of models: a stage that judges, and a thread that says when windows
/// are over. Of several instances the one that has the partition of inputs judges.
public final class ModelMonitor implements AutoCloseable {

    /// The name in groups, transactional ids, metrics and fail points.
    public static final String ROLE = "model-monitor";

    private static final Logger LOG = LoggerFactory.getLogger(ModelMonitor.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    /// What is said is said again, so that a window that could not be read is soon tried again.
    private static final Duration REPEAT_INTERVAL = Duration.ofSeconds(30);

    private static final int MAX_BATCH_RECORDS = 1_000;
    private static final int MAX_BATCH_BYTES = 1 << 20;

    private final Stage stage;
    private final Thread looker;
    private final OwnModels models;
    private final CountDownLatch closing = new CountDownLatch(1);

    private ModelMonitor(Stage stage, OwnModels models, Place place, Looking looking) {
        this.stage = stage;
        this.models = models;
        this.looker =
                Thread.ofVirtual()
                        .name("model-monitor-passing")
                        .start(() -> lookOn(place.log(), looking));
    }

    /// Who and where an instance is.
    ///
    /// @param instance tells the monitors of an installation apart; stable over restarts
    public record Place(LogConnection log, Names names, String instance) {}

    /// How it works.
    ///
    /// @param commitInterval the least time between two transactions
    /// @param clockGrace by how much the brokers' clocks may be behind this one
    public record Pace(Duration commitInterval, Duration clockGrace) {}

    /// What is known of versions.
    ///
    /// @param timeout of one run of a model
    public record Known(Models models, Artifacts artifacts, Duration timeout) {}

    /// Starts an instance.
    ///
    /// @param known stays open when this is closed
    /// @param scorings those without monitoring are passed over
    public static ModelMonitor start(
            Place place, Pace pace, Known known, List<Scoring> scorings, AlertWatch alerts) {
        ModelMonitorTopics topics = new ModelMonitorTopics(place.names());
        OwnModels models =
                new OwnModels(place.log(), place.names(), known.models(), known.timeout());
        WatchingPartition.Known versions =
                new WatchingPartition.Known(
                        new TrainedVersions(known.models(), known.artifacts()), models);
        StageSettings stageSettings =
                new StageSettings(
                        place.names(),
                        ROLE,
                        place.instance(),
                        1,
                        List.of(topics.inputs()),
                        MAX_BATCH_RECORDS,
                        MAX_BATCH_BYTES,
                        pace.commitInterval());
        Stage stage =
                Stage.of(
                                place.log(),
                                stageSettings,
                                (_, reader) ->
                                        WatchingPartition.restore(
                                                place.names(), scorings, versions, reader, alerts))
                        .start();
        return new ModelMonitor(
                stage,
                models,
                place,
                new Looking(topics, scorings, pace.clockGrace(), InstantSource.system()));
    }

    public StageHealth health() {
        return stage.health();
    }

    private void lookOn(LogConnection log, Looking looking) {
        try (Producer<byte[], byte[]> producer = log.producer("model-monitor-passing", Map.of())) {
            while (!closing.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    for (ProducerRecord<byte[], byte[]> record : looking.look()) {
                        Future<RecordMetadata> _ = producer.send(record);
                    }
                } catch (KafkaException e) {
                    LOG.atWarn()
                            .addKeyValue("cause", e.getMessage())
                            .log("Cannot tell that windows of models are over; trying again");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says which windows are over: the clock is read here, and never while judging.
    static final class Looking {
        private final ModelMonitorTopics topics;
        private final List<Scoring> scorings;
        private final Duration grace;
        private final InstantSource clock;
        private final Map<String, Said> said = new HashMap<>();

        private record Said(long throughMillis, long atMillis) {}

        /// @param grace by how much the brokers' clocks may be behind this one
        Looking(
                ModelMonitorTopics topics,
                List<Scoring> scorings,
                Duration grace,
                InstantSource clock) {
            this.topics = topics;
            this.scorings = List.copyOf(scorings);
            this.grace = grace;
            this.clock = clock;
        }

        List<ProducerRecord<byte[], byte[]>> look() {
            long now = clock.millis();
            return scorings.stream()
                    .flatMap(scoring ->
                            scoring.monitoring().stream()
                                    .map(monitoring ->
                                            Math.floorDiv(
                                                            now - grace.toMillis(),
                                                            monitoring.window().toMillis())
                                                    * monitoring.window().toMillis())
                                    .filter(through -> isNews(scoring, through, now))
                                    .map(through -> record(scoring, through)))
                    .toList();
        }

        private boolean isNews(Scoring scoring, long through, long now) {
            Said last = said.get(scoring.nameAndVersion());
            if (last != null
                    && last.throughMillis() >= through
                    && now - last.atMillis() < REPEAT_INTERVAL.toMillis()) {
                return false;
            }
            said.put(scoring.nameAndVersion(), new Said(through, now));
            return true;
        }

        private ProducerRecord<byte[], byte[]> record(Scoring scoring, long through) {
            String name = scoring.nameAndVersion();
            return new ProducerRecord<>(
                    topics.inputs(),
                    0,
                    name.getBytes(StandardCharsets.UTF_8),
                    new ModelInput.Passed(name, through).bytes());
        }
    }

    /// Lets the batch in flight end and leaves the group.
    @Override
    public void close() {
        closing.countDown();
        stage.close();
        try {
            looker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        models.close();
    }
}
