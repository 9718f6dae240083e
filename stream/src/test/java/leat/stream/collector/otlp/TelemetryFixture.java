package leat.stream.collector.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.Access;
import leat.stream.collector.collectd.CollectdSettings;
import leat.stream.collector.http.HttpDoor;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A collector that takes logs and metrics, with its HTTP door on a free port.
public final class TelemetryFixture implements AutoCloseable {

    public static final OtlpSettings SETTINGS =
            new OtlpSettings(Optional.of("log-record"), Optional.of("metric-point"));
    private static final JsonMapper JSON = new JsonMapper();

    private final Names names = SharedKafka.freshNames();
    private final CollectorSettings settings =
            CollectorFixture.settings()
                    .withOtlp(SETTINGS)
                    .withCollectd(new CollectdSettings(Optional.of("metric-point")));
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final EventIntake intake;
    private final HttpDoor door;

    private TelemetryFixture(Access access, Contract logs) {
        SharedKafka.create(
                Stream.of(logs, TelemetryContracts.METRICS)
                        .flatMap(contract -> TopicSpec.of(names, contract).stream())
                        .toList());
        intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                SharedKafka.connection(),
                                names,
                                List.of(logs, TelemetryContracts.METRICS),
                                access,
                                registry),
                        settings);
        door = HttpDoor.open(intake, settings, registry);
    }

    public static TelemetryFixture open() {
        return open(Access.OPEN);
    }

    public static TelemetryFixture open(Access access) {
        return new TelemetryFixture(access, TelemetryContracts.LOGS);
    }

    /// With another contract for logs.
    public static TelemetryFixture open(Contract logs) {
        return new TelemetryFixture(Access.OPEN, logs);
    }

    public int port() {
        return door.port();
    }

    public EventIntake intake() {
        return intake;
    }

    public CollectorSettings settings() {
        return settings;
    }

    public PrometheusRegistry registry() {
        return registry;
    }

    public List<ConsumerRecord<byte[], byte[]>> records(Contract contract) {
        return CollectorFixture.records(SharedKafka.connection(), names.raw(contract));
    }

    public List<ConsumerRecord<byte[], byte[]>> dead(Contract contract) {
        return CollectorFixture.records(
                SharedKafka.connection(), names.dead(contract, Names.DeadStage.COLLECTOR));
    }

    /// The events of a contract, parsed.
    public List<JsonNode> events(Contract contract) {
        List<JsonNode> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(contract)) {
            events.add(JSON.readTree(new String(record.value(), UTF_8)));
        }
        return events;
    }

    @Override
    public void close() {
        door.close();
        intake.close();
    }
}
