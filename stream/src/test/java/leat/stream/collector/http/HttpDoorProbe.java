package leat.stream.collector.http;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.DoorProbe;
import leat.stream.collector.tls.DoorTls;
import leat.stream.testing.TlsSockets;

/// The HTTP door with a bearer key on one connection.
public final class HttpDoorProbe implements DoorProbe {

    @Override
    public DoorKind kind() {
        return DoorKind.HTTP;
    }

    @Override
    public Door open(
            EventIntake intake,
            CollectorSettings settings,
            Optional<DoorTls> tls,
            PrometheusRegistry registry) {
        HttpDoor door = HttpDoor.open(intake, settings, tls, registry);
        return new Door() {
            @Override
            public Client connect(Optional<String> key) {
                try {
                    return client(new RawClient(door.port()), key);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public Client connect(SSLContext client, Optional<String> key) throws IOException {
                return client(new RawClient(TlsSockets.connect(client, door.port())), key);
            }

            @Override
            public void close() {
                door.close();
            }
        };
    }

    private static Client client(RawClient connection, Optional<String> key) {
        String[] headers =
                key.map(secret -> new String[] {"Authorization: Bearer " + secret})
                        .orElse(new String[0]);
        return new Client() {
            @Override
            public Outcome send(String contract, String id) {
                try {
                    RawClient.Response response =
                            connection
                                    .send(
                                            RawClient.post(
                                                    "/v1/events/" + contract,
                                                    "{\"id\":\"" + id + "\"}",
                                                    headers))
                                    .read();
                    return outcome(response);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void close() {
                try {
                    connection.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private static Outcome outcome(RawClient.Response response) {
        return switch (response.status()) {
            case 202 -> Outcome.ACCEPTED;
            case 401 -> Outcome.UNAUTHENTICATED;
            case 403 -> Outcome.FORBIDDEN;
            case 429 -> Outcome.THROTTLED;
            default -> throw new AssertionError("unexpected answer " + response);
        };
    }

    @Override
    public String toString() {
        return kind().word();
    }
}
