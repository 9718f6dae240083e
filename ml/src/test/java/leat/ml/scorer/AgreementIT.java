package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.ml.scorer.ScorerProcesses.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import leat.core.event.EventHeaders;
import leat.core.prediction.Scoring;
import leat.ml.monitor.ModelMonitor;
import leat.ml.monitor.ModelMonitorTopics;
import leat.ml.registry.Artifacts;
import leat.ml.registry.ModelsInLog;
import leat.stream.log.EventHeader;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.monitor.FiringAlerts;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a scorer has predicted is made again, window after window, by the versions in the registry.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class AgreementIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir private Path folder;

    @Test
    void aPredictionThatItsVersionDoesNotMakeIsAnAlert() throws Exception {
        Scoring watched = Risk.watched("window: 1s\nagreement: 1000");
        try (RiskLog log = new RiskLog("");
                ScorerProcesses scorers = new ScorerProcesses(folder);
                ModelsInLog models = new ModelsInLog(log.connection, log.names)) {
            createTopics(log);
            log.version(1, folder);
            log.alias("champion", 1);
            Process _ = scorers.start(log, "1");
            try (ModelMonitor _ =
                    ModelMonitor.start(
                            new ModelMonitor.Place(log.connection, log.names, "1"),
                            new ModelMonitor.Pace(Duration.ofMillis(50), Duration.ofMillis(200)),
                            new ModelMonitor.Known(models, Artifacts.NONE, Duration.ofSeconds(10)),
                            List.of(watched),
                            FiringAlerts.METRIC)) {
                log.feed(100);
                await(() -> verdicts(log).contains("passed"), "a window that agrees");
                assertThat(verdicts(log)).doesNotContain("failed");
                assertThat(alerts(log)).isEmpty();

                // When somebody writes a prediction that the version did not make
                forge(log);

                await(() -> alerts(log).contains("firing"), "an alert");
                await(() -> alerts(log).contains("resolved"), "its end with the next window");
                assertThat(alerts(log)).containsExactly("firing", "resolved");
                assertThat(verdicts(log)).containsOnlyOnce("failed");
            }
        }
    }

    private static void createTopics(RiskLog log) {
        try (Admin admin = log.connection.admin()) {
            Topics topics = new Topics(admin, 1);
            List<TopicSpec> specs =
                    Stream.concat(
                                    new MonitorTopics(log.names).specs().stream(),
                                    new ModelMonitorTopics(log.names).specs().stream())
                            .toList();
            topics.apply(topics.plan(specs));
        }
    }

    /// Of the newest vector of a partition, with another score.
    private static void forge(RiskLog log) throws Exception {
        ConsumerRecord<byte[], byte[]> last = log.committedOf(log.predictions(), 0).getLast();
        String forged =
                new String(last.value(), UTF_8).replaceFirst("\"score\":[^,]+", "\"score\":7.5");
        assertThat(forged).contains("\"score\":7.5,");
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(log.predictions(), 0, last.key(), forged.getBytes(UTF_8));
        EventHeader.add(record.headers(), EventHeaders.MODEL, "risk/1");
        try (Producer<byte[], byte[]> producer = log.connection.producer("forger", Map.of())) {
            producer.send(record).get();
        }
    }

    private static List<String> verdicts(RiskLog log) {
        return of(log, new ModelMonitorTopics(log.names).results(), "verdict");
    }

    private static List<String> alerts(RiskLog log) {
        return of(log, new MonitorTopics(log.names).alerts(), "status");
    }

    /// What the records about agreement say.
    private static List<String> of(RiskLog log, String topic, String key) {
        return log.committedOf(topic, 0).stream()
                .map(record -> JSON.readTree(record.value()))
                .filter(one -> one.path("rule").asString("").equals("agreement"))
                .map((JsonNode one) -> one.path(key).asString(""))
                .toList();
    }
}
