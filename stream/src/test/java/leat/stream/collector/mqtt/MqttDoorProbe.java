package leat.stream.collector.mqtt;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import leat.core.event.Names;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.DoorProbe;
import leat.stream.collector.tls.DoorTls;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import leat.stream.testing.TlsSockets;

/// The MQTT door with a key as the password of a CONNECT of MQTT 5, written by hand.
public final class MqttDoorProbe implements DoorProbe {

    private static final int BAD_USER_NAME_OR_PASSWORD = 0x86;
    private static final int NOT_AUTHORIZED = 0x87;

    @Override
    public DoorKind kind() {
        return DoorKind.MQTT;
    }

    /// It has no answer for that: what is beyond is stored later.
    @Override
    public boolean refusesBeyondQuota() {
        return false;
    }

    @Override
    public Door open(
            EventIntake intake,
            CollectorSettings settings,
            Optional<DoorTls> tls,
            PrometheusRegistry registry) {
        Names names = SharedKafka.freshNames();
        SharedKafka.create(List.of(TopicSpec.passing(names.mqttSessions())));
        MqttDoor door =
                MqttDoor.open(
                        new MqttDoor.Parts(
                                intake,
                                SharedKafka.connection(),
                                names.mqttSessions(),
                                tls,
                                registry),
                        settings(intake),
                        Duration.ofSeconds(5));
        AtomicInteger clients = new AtomicInteger();
        return new Door() {
            @Override
            public Client connect(Optional<String> key) {
                try {
                    return client(new RawMqtt(door.port(), freshId(), key));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public Client connect(SSLContext client, Optional<String> key) throws IOException {
                return client(new RawMqtt(TlsSockets.connect(client, door.port()), freshId(), key));
            }

            // Of two clients with one id the later would end the earlier.
            private String freshId() {
                return "probe-" + clients.incrementAndGet();
            }

            @Override
            public void close() {
                door.close();
            }
        };
    }

    /// A topic for each contract, of its name.
    private static MqttSettings settings(EventIntake intake) {
        return new MqttSettings(
                "127.0.0.1",
                0,
                100,
                16,
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                intake.inlets().names().stream()
                        .map(name ->
                                new MqttSettings.Topic(
                                        name, name, Optional.empty(), "application/json"))
                        .toList());
    }

    private static Client client(RawMqtt connection) {
        return new Client() {
            @Override
            public Outcome send(String contract, String id) {
                if (connection.connectCode() != 0) {
                    return outcome(connection.connectCode());
                }
                try {
                    connection.publish(contract, 7, "{\"id\":\"" + id + "\"}");
                    RawMqtt.Answer answer = connection.readAnswer();
                    boolean ended = answer.packetId() == 0;
                    return ended && answer.code() == NOT_AUTHORIZED
                            ? Outcome.UNAUTHENTICATED
                            : outcome(answer.code());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }

    private static DoorProbe.Outcome outcome(int code) {
        return switch (code) {
            case 0 -> Outcome.ACCEPTED;
            case BAD_USER_NAME_OR_PASSWORD -> Outcome.UNAUTHENTICATED;
            case NOT_AUTHORIZED -> Outcome.FORBIDDEN;
            default -> throw new AssertionError("code " + Integer.toHexString(code));
        };
    }
}
