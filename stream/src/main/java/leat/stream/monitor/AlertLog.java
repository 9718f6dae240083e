package leat.stream.monitor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.quality.Input;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.SmallTopic;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The alerts as they stand on their topic, from outside the monitor.
public final class AlertLog {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LogConnection log;
    private final Names names;
    private final MonitorTopics topics;
    private final Set<String> ofModels;

    /// Where no model is watched.
    public AlertLog(LogConnection log, Names names) {
        this(log, names, Set.of());
    }

    /// Where models are watched.
    ///
    /// @param ofModels the ids of the alerts that the watching of models may raise,
    ///   `risk.v1:silence`
    public AlertLog(LogConnection log, Names names, Set<String> ofModels) {
        this.log = log;
        this.names = names;
        this.topics = new MonitorTopics(names);
        this.ofModels = Set.copyOf(ofModels);
    }

    /// The alerts that rules of the contracts, and the watching of models, ever raised, in the
    /// order of their last change.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    public List<AlertStanding> list(List<Contract> contracts) {
        Set<String> known = new HashSet<>(ofModels);
        for (Contract contract : contracts) {
            contract.quality().rules().stream()
                    .filter(rule -> rule.alert().isPresent())
                    .forEach(rule -> known.add(Keys.of(contract.nameAndMajor(), rule.id())));
        }
        if (known.isEmpty()) {
            return List.of();
        }
        try {
            return all().stream().filter(alert -> known.contains(alert.id())).toList();
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read the alerts", e);
        }
    }

    /// The alerts ever raised about some subjects, whoever judged them, in the order of their last
    /// change.
    ///
    /// @param subjects as alerts name them in `contract`, `ride.v1`
    /// @throws LogUnavailable when Kafka does not answer
    public List<AlertStanding> about(Set<String> subjects) {
        try {
            return all().stream().filter(alert -> subjects.contains(alert.contract())).toList();
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read the alerts", e);
        }
    }

    private List<AlertStanding> all() {
        try (Admin admin = log.admin()) {
            if (new Topics(admin, 1).ids(List.of(topics.alerts())).isEmpty()) {
                return List.of();
            }
        }
        Map<String, AlertStanding> standing = new LinkedHashMap<>();
        try (SmallTopic alerts = SmallTopic.open(log, "alerts", topics.alerts())) {
            alerts.readOn(records -> {
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    parse(record.value())
                            .ifPresent(alert -> {
                                standing.remove(alert.id());
                                standing.put(alert.id(), alert);
                            });
                }
            });
        }
        return new ArrayList<>(standing.values());
    }

    private static Optional<AlertStanding> parse(byte[] value) {
        try {
            JsonNode node = JSON.readTree(Objects.requireNonNullElse(value, new byte[0]));
            JsonNode number = node.path("value");
            return Optional.of(
                    new AlertStanding(
                            text(node, "id"),
                            text(node, "contract"),
                            text(node, "rule"),
                            text(node, "name"),
                            text(node, "severity"),
                            text(node, "status"),
                            text(node, "demand"),
                            text(node, "firedAt"),
                            text(node, "changedAt"),
                            number.isNumber() ? Optional.of(number.asDouble()) : Optional.empty()));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }

    /// Tells whoever judges that somebody has taken an alert up; returns when the log has it.
    ///
    /// @throws LogUnavailable when Kafka does not take it
    public void acknowledge(AlertStanding alert) {
        InputJson command = new InputJson(alert.contract(), new Input.Acknowledge(alert.rule()));
        try (Producer<byte[], byte[]> producer = log.producer("alerts", Map.of())) {
            producer.send(
                            new ProducerRecord<>(
                                    ofModels.contains(alert.id())
                                            ? names.monitoringInputs()
                                            : topics.inputs(),
                                    0,
                                    Keys.bytes(alert.contract()),
                                    command.bytes()))
                    .get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("the log did not take the command", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
