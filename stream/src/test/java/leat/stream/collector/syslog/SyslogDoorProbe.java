package leat.stream.collector.syslog;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.DoorProbe;
import leat.stream.collector.tls.DoorTls;
import leat.stream.testing.TlsSockets;

/// The syslog door, which says no by ending the connection; why, it only counts.
public final class SyslogDoorProbe implements DoorProbe {

    private static final String CONTRACT = "clicks";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public DoorKind kind() {
        return DoorKind.SYSLOG;
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
        SyslogDoor door =
                SyslogDoor.open(
                        intake, AnyPort.of(CONTRACT, 100), tls, Duration.ofSeconds(5), registry);
        Counted counted = new Counted(registry);
        return new Door() {
            @Override
            public Client connect(Optional<String> key) {
                try {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
                    return new Sending(new SyslogSender(socket), counted);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public Client connect(SSLContext client, Optional<String> key) throws IOException {
                return new Sending(
                        new SyslogSender(TlsSockets.connect(client, door.port())), counted);
            }

            @Override
            public void close() {
                door.close();
            }
        };
    }

    /// The only client of its door.
    private record Sending(SyslogSender sender, Counted counted) implements Client {

        @Override
        public Outcome send(String contract, String id) {
            if (!contract.equals(CONTRACT)) {
                throw new IllegalArgumentException("the door is for " + CONTRACT);
            }
            long before = counted.messages("stored");
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            try {
                sender.send(id);
            } catch (IOException e) {
                return refusal(e);
            }
            while (counted.messages("stored") == before) {
                if (sender.hasEnded()) {
                    return refusal(new IOException("the door has ended the connection"));
                }
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("neither stored nor refused");
                }
            }
            return Outcome.ACCEPTED;
        }

        private Outcome refusal(IOException end) {
            if (counted.refused("unauthenticated") > 0) {
                return Outcome.UNAUTHENTICATED;
            }
            if (counted.refused("forbidden") > 0) {
                return Outcome.FORBIDDEN;
            }
            throw new UncheckedIOException(end);
        }

        @Override
        public void close() {
            sender.close();
        }
    }
}
