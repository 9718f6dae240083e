package leat.ml.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.prediction.Scoring;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.registry.Artifacts;
import leat.ml.scorer.ScorerTopics;
import leat.ml.scoring.MapOfModels;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import leat.stream.log.SmallTopic;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.AlertStanding;
import leat.stream.monitor.FiringAlerts;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model is watched on Kafka in windows of a second, while its traffic drifts away and comes
/// back.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ModelMonitorIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DRIFT = "risk.v1:feature-drift";
    private static final int BURST = 20;

    private final LogConnection log = FeatureKafka.connection();
    private final Names names = FeatureKafka.freshNames();
    private final Scoring scoring = WatchedLog.scoring("window: 1s\nminimum-rows: 50");
    private final MapOfModels models = new MapOfModels();
    private final AtomicBoolean shifted = new AtomicBoolean();
    private final AtomicBoolean driving = new AtomicBoolean(true);

    @Test
    void driftIsAnAlertOnceAlsoWhenAnotherInstanceGoesOn() throws Exception {
        models.register(new byte[0]);
        createTopics();
        Thread traffic = Thread.ofPlatform().start(this::drive);
        AlertLog alerts = new AlertLog(log, names, Set.of(DRIFT));
        try {
            try (ModelMonitor _ = start("1")) {
                await(() -> verdicts().contains("passed"), "a window without drift");
                assertThat(statuses()).isEmpty();
                shifted.set(true);
                await(() -> statuses().contains("firing"), "an alert");
                AlertStanding standing = alerts.list(List.of()).getFirst();
                assertThat(standing.id()).isEqualTo(DRIFT);
                alerts.acknowledge(standing);
                await(() -> statuses().contains("acknowledged"), "the alert to be taken up");
            }
            int judged = verdicts().size();
            try (ModelMonitor _ = start("2")) {
                await(() -> verdicts().size() > judged + 1, "windows judged by the other");
                shifted.set(false);
                await(() -> statuses().contains("resolved"), "the end of the alert");
            }
            assertThat(statuses()).containsExactly("firing", "acknowledged", "resolved");
            assertThat(windowStarts()).doesNotHaveDuplicates();
        } finally {
            driving.set(false);
            traffic.join();
        }
    }

    private ModelMonitor start(String instance) {
        return ModelMonitor.start(
                new ModelMonitor.Place(log, names, instance),
                new ModelMonitor.Pace(Duration.ofMillis(50), Duration.ofMillis(200)),
                new ModelMonitor.Known(models, Artifacts.NONE),
                List.of(scoring),
                FiringAlerts.METRIC);
    }

    private void createTopics() {
        List<TopicSpec> specs = new ArrayList<>();
        specs.addAll(TopicSpec.ofView(names, scoring.view().source(), scoring.view().contract()));
        specs.addAll(new ScorerTopics(names).specs(List.of(scoring)));
        specs.addAll(new MonitorTopics(names).specs());
        specs.addAll(new ModelMonitorTopics(names).specs());
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(specs));
        }
    }

    /// Some 400 vectors a second, each with its prediction.
    private void drive() {
        SplittableRandom random = new SplittableRandom(1);
        try (Producer<byte[], byte[]> producer = log.producer("traffic", Map.of())) {
            while (driving.get()) {
                for (int i = 0; i < BURST; i++) {
                    double a = random.nextGaussian() + (shifted.get() ? 3 : 0);
                    long now = System.currentTimeMillis();
                    send(
                            producer,
                            names.vectors(scoring.view().contract()),
                            WatchedLog.vector(now, ",\"a\":" + a, random.nextInt(4)));
                    send(
                            producer,
                            names.predictions(scoring.contract()),
                            WatchedLog.prediction(now, ",\"score\":" + a, "risk/1"));
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    private static void send(Producer<byte[], byte[]> producer, String topic, String value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, 0, "car".getBytes(UTF_8), value.getBytes(UTF_8));
        EventHeader.add(record.headers(), EventHeaders.MODEL, "risk/1");
        Future<RecordMetadata> _ = producer.send(record);
    }

    private List<String> statuses() {
        return read(new MonitorTopics(names).alerts()).stream()
                .filter(alert -> WatchedLog.text(alert, "id").equals(DRIFT))
                .map(alert -> WatchedLog.text(alert, "status"))
                .toList();
    }

    private List<JsonNode> results() {
        return read(new ModelMonitorTopics(names).results()).stream()
                .filter(one -> WatchedLog.text(one, "rule").equals("feature-drift"))
                .toList();
    }

    private List<String> verdicts() {
        return results().stream().map(one -> WatchedLog.text(one, "verdict")).toList();
    }

    private List<String> windowStarts() {
        return results().stream().map(one -> WatchedLog.text(one, "windowStart")).toList();
    }

    private List<JsonNode> read(String topic) {
        List<JsonNode> all = new ArrayList<>();
        try (SmallTopic small = SmallTopic.open(log, "test", topic)) {
            small.readOn(
                    records -> records.forEach(record -> all.add(JSON.readTree(record.value()))));
        }
        return all;
    }

    private static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }
}
