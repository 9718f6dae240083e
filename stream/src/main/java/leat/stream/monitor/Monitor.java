package leat.stream.monitor;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Stage;
import leat.stream.log.StageHealth;
import leat.stream.log.StageSettings;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One instance of the monitor: a stage that counts and judges, and a thread that finds out how far
/// the sources have come.
public final class Monitor implements AutoCloseable {

    /// The role's name in groups, transactional ids, metrics and fail points.
    public static final String ROLE = "monitor";

    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final int MAX_BATCH_RECORDS = 5_000;
    private static final int MAX_BATCH_BYTES = 16 << 20;

    private final Stage stage;
    private final Thread looker;
    private final CountDownLatch closing = new CountDownLatch(1);

    private final Optional<Webhook> webhook;

    private Monitor(Stage stage, Place place, Look look, Optional<Webhook> webhook) {
        this.stage = stage;
        this.webhook = webhook;
        MonitorTopics topics = new MonitorTopics(place.names());
        this.looker =
                Thread.ofVirtual()
                        .name("monitor-passing")
                        .start(() -> lookOn(place.connection(), topics, look));
    }

    /// What the looking needs.
    private record Look(
            Passing.Groups groups, List<Watched> watched, Duration grace, InstantSource clock) {}

    /// Who and where an instance is.
    ///
    /// @param instance tells the monitors of an installation apart; stable over restarts
    public record Place(LogConnection connection, Names names, String instance) {}

    /// Starts an instance that shares the partitions with the others.
    ///
    /// @param judged at least one contract of it has rules
    public static Monitor start(
            Place place, MonitorSettings settings, AlertSettings alerts, Judged judged) {
        Names names = place.names();
        MonitorProcessor processor = new MonitorProcessor(names, present(place, judged));
        StageSettings stageSettings =
                new StageSettings(
                        names,
                        ROLE,
                        place.instance(),
                        1,
                        processor.topics(),
                        MAX_BATCH_RECORDS,
                        MAX_BATCH_BYTES,
                        settings.commitInterval());
        Stage stage = Stage.of(place.connection(), stageSettings, processor).start();
        return new Monitor(
                stage,
                place,
                new Look(
                        new Passing.Groups(names.group("enricher"), names.group(ROLE)),
                        processor.watched(),
                        settings.clockGrace(),
                        InstantSource.system()),
                alerts.webhook()
                        .map(address ->
                                Webhook.start(
                                        place.connection(),
                                        names,
                                        URI.create(address),
                                        alerts.webhookTimeout())));
    }

    /// Without vectors whose topic somebody removed, as may be done with a former version's: no
    /// position could be looked up there, and so no window of anything be closed without events.
    private static Judged present(Place place, Judged judged) {
        Names names = place.names();
        List<Contract> ruled = judged.vectors().stream().filter(Judged::hasRules).toList();
        if (ruled.isEmpty()) {
            return judged;
        }
        Set<String> there;
        try (Admin admin = place.connection().admin()) {
            there = new Topics(admin, 1).ids(ruled.stream().map(names::vectors).toList()).keySet();
        }
        List<Contract> vectors = new ArrayList<>();
        for (Contract view : ruled) {
            if (there.contains(names.vectors(view))) {
                vectors.add(view);
            } else {
                LOG.atWarn()
                        .addKeyValue("view", view.nameAndMajor())
                        .addKeyValue("topic", names.vectors(view))
                        .log("What a view expects is not judged: its topic is not there");
            }
        }
        return new Judged(judged.events(), vectors);
    }

    public StageHealth health() {
        return stage.health();
    }

    private void lookOn(LogConnection connection, MonitorTopics topics, Look look) {
        if (look.watched().isEmpty()) {
            return;
        }
        try (Admin admin = connection.admin();
                Producer<byte[], byte[]> producer =
                        connection.producer("monitor-passing", Map.of())) {
            Passing passing =
                    new Passing(admin, look.groups(), look.watched(), look.grace(), look.clock());
            while (!closing.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                lookOnce(passing, producer, topics);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is not told now is told, or outdone, by the next look.
    private static void lookOnce(
            Passing passing, Producer<byte[], byte[]> producer, MonitorTopics topics) {
        try {
            for (InputJson input : passing.look()) {
                Future<RecordMetadata> _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topics.inputs(),
                                        0,
                                        Keys.bytes(input.contract()),
                                        input.bytes()));
            }
        } catch (LogUnavailable | KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("cause", e.getMessage())
                    .log("Cannot tell how far events have been counted; trying again");
        }
    }

    /// Lets the batch in flight end and leaves the group.
    @Override
    public void close() {
        closing.countDown();
        stage.close();
        webhook.ifPresent(Webhook::close);
        try {
            looker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
