package leat.ml.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongToDoubleFunction;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.prediction.Scoring;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.scorer.ScorerTopics;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import leat.stream.log.SmallTopic;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Vectors of a scoring `risk.v1` on Kafka, some 400 a second, each with its prediction.
final class LiveTraffic implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BURST = 20;

    final LogConnection log = FeatureKafka.connection();
    final Names names = FeatureKafka.freshNames();
    final Scoring scoring;
    private final LongToDoubleFunction shift;
    private final AtomicBoolean driving = new AtomicBoolean(true);
    private final ExecutorService driver = Executors.newSingleThreadExecutor();

    /// Makes the topics, and drives until it is closed.
    ///
    /// @param shift of all values, at a time in milliseconds
    LiveTraffic(Scoring scoring, LongToDoubleFunction shift) {
        this.scoring = scoring;
        this.shift = shift;
        createTopics();
        Future<?> _ = driver.submit(this::drive);
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

    private void drive() {
        SplittableRandom random = new SplittableRandom(1);
        try (Producer<byte[], byte[]> producer = log.producer("traffic", Map.of())) {
            while (driving.get()) {
                for (int i = 0; i < BURST; i++) {
                    long now = System.currentTimeMillis();
                    double a = random.nextGaussian() + shift.applyAsDouble(now);
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

    /// The alerts of a rule as they changed; of all rules where none is named.
    List<JsonNode> alerts(String rule) {
        return read(new MonitorTopics(names).alerts()).stream()
                .filter(alert -> WatchedLog.text(alert, "contract").equals("risk.v1"))
                .filter(alert -> rule.isEmpty() || WatchedLog.text(alert, "rule").equals(rule))
                .toList();
    }

    /// The verdicts on windows, of all rules.
    List<JsonNode> results() {
        return read(new ModelMonitorTopics(names).results());
    }

    private List<JsonNode> read(String topic) {
        List<JsonNode> all = new ArrayList<>();
        try (SmallTopic small = SmallTopic.open(log, "test", topic)) {
            small.readOn(
                    records -> records.forEach(record -> all.add(JSON.readTree(record.value()))));
        }
        return all;
    }

    @Override
    public void close() {
        driving.set(false);
        driver.close();
    }
}
