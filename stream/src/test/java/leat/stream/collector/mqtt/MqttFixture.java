package leat.stream.collector.mqtt;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.Access;
import leat.stream.collector.tls.DoorTls;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A collector with its MQTT door on a free port.
final class MqttFixture implements AutoCloseable {

    private final LogConnection log;
    private final Names names;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final EventIntake intake;
    private final MqttDoor door;

    private MqttFixture(
            LogConnection log,
            Names names,
            Access access,
            Optional<DoorTls> tls,
            CollectorSettings settings) {
        this.log = log;
        this.names = names;
        this.intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                log,
                                names,
                                List.of(CollectorFixture.CARS, CollectorFixture.CLICKS),
                                access,
                                registry),
                        settings);
        this.door =
                MqttDoor.open(
                        new MqttDoor.Parts(intake, log, names.mqttSessions(), tls, registry),
                        settings.mqtt(),
                        Duration.ofSeconds(5));
    }

    static MqttFixture open() {
        Names names = SharedKafka.freshNames();
        create(names);
        return open(names);
    }

    /// Another collector of the same log.
    static MqttFixture open(Names names) {
        return open(names, Access.OPEN);
    }

    static MqttFixture open(Names names, Access access) {
        return new MqttFixture(
                SharedKafka.connection(), names, access, Optional.empty(), settings(4));
    }

    /// A collector whose door speaks TLS.
    static MqttFixture open(Access access, DoorTls tls) {
        Names names = SharedKafka.freshNames();
        create(names);
        return new MqttFixture(
                SharedKafka.connection(), names, access, Optional.of(tls), settings(4));
    }

    /// A collector before a broker of the test's own, whose topics exist.
    static MqttFixture open(LogConnection log, Names names, CollectorSettings settings) {
        return new MqttFixture(log, names, Access.OPEN, Optional.empty(), settings);
    }

    static void create(Names names) {
        SharedKafka.create(CollectorFixture.topics(names));
        SharedKafka.create(List.of(TopicSpec.passing(names.mqttSessions())));
    }

    static CollectorSettings settings(int maxInFlight) {
        return CollectorFixture.settings()
                .withMqtt(
                        new MqttSettings(
                                "127.0.0.1",
                                0,
                                100,
                                maxInFlight,
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(1),
                                List.of(
                                        topic("fleet/{car.id}/telemetry", "car-telemetry.v1"),
                                        topic("clicks", "clicks"))));
    }

    private static MqttSettings.Topic topic(String template, String contract) {
        return new MqttSettings.Topic(template, contract, Optional.empty(), "application/json");
    }

    int port() {
        return door.port();
    }

    Names names() {
        return names;
    }

    EventIntake intake() {
        return intake;
    }

    List<ConsumerRecord<byte[], byte[]>> raw(Contract contract) {
        return CollectorFixture.records(log, names.raw(contract));
    }

    List<ConsumerRecord<byte[], byte[]>> dead(Contract contract) {
        return CollectorFixture.records(log, names.dead(contract, Names.DeadStage.COLLECTOR));
    }

    /// How many connections have ended for that cause.
    long ended(End cause) {
        return registry.scrape(name -> name.equals("leat_collector_mqtt_disconnects")).stream()
                .map(CounterSnapshot.class::cast)
                .flatMap(counter -> counter.getDataPoints().stream())
                .filter(point -> cause.word().equals(point.getLabels().get("cause")))
                .mapToLong(point -> (long) point.getValue())
                .sum();
    }

    @Override
    public void close() {
        door.close();
        intake.close();
    }
}
