package leat.stream.collector.mqtt;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.util.concurrent.EventExecutor;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import leat.stream.collector.EventIntake;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.listen.Listener;
import leat.stream.collector.listen.PortTaken;
import leat.stream.collector.tls.DoorTls;
import leat.stream.log.LogConnection;
import leat.stream.log.OncePerMinute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The collector's MQTT server.
///
/// It ends in order: [#close] takes no more connections, lets what was read reach the log and be
/// acknowledged, tells clients of MQTT 5 that the server is shutting down, and returns.
public final class MqttDoor implements AutoCloseable, MqttConnection.Door {

    private static final Logger LOG = LoggerFactory.getLogger(MqttDoor.class);
    private static final int BACKLOG = 4_096;

    /// What a message has beside its event: topic and properties.
    private static final int ENVELOPE_BYTES = 64 << 10;

    private final EventIntake intake;
    private final MqttSettings settings;
    private final MqttRoutes routes;
    private final MqttMetrics metrics;
    private final Optional<DoorTls> tls;
    private final Duration drainTimeout;
    private final String startId = UUID.randomUUID().toString();
    private final ClientIds clients = new ClientIds();
    private final SessionLog sessions;
    private final OncePerMinute refusals = new OncePerMinute();
    private final Map<EventExecutor, LoopConnections> loops = new HashMap<>();
    private final Listener listener;

    /// What a door is made of.
    ///
    /// @param sessionsTopic where collectors tell each other of clients; it is there
    /// @param tls encrypts connections; empty for plain ones
    public record Parts(
            EventIntake intake,
            LogConnection log,
            String sessionsTopic,
            Optional<DoorTls> tls,
            PrometheusRegistry registry) {}

    private MqttDoor(Parts parts, MqttSettings settings, Duration drainTimeout) {
        this.intake = parts.intake();
        this.settings = settings;
        this.drainTimeout = drainTimeout;
        this.tls = parts.tls();
        this.routes = MqttRoutes.of(settings.topics(), intake.inlets());
        this.metrics = new MqttMetrics(parts.registry());
        // Before the port is there: the first client announces itself.
        this.sessions = new SessionLog(parts.log(), parts.sessionsTopic(), clients);
        this.listener =
                new Listener(
                        new Listener.Place(
                                "mqtt",
                                settings.host(),
                                settings.port(),
                                settings.maxConnections()));
        listener.loops().forEach(this::watch);
        listen();
    }

    /// Opens the door.
    ///
    /// @param drainTimeout how long what was read may take to reach the log when it closes
    /// @throws PortTaken when the port is not free
    /// @throws MqttTopicsUnusable when the topics do not fit the contracts
    public static MqttDoor open(Parts parts, MqttSettings settings, Duration drainTimeout) {
        MqttDoor door = new MqttDoor(parts, settings, drainTimeout);
        door.sessions.start();
        LOG.atInfo()
                .addKeyValue("host", settings.host())
                .addKeyValue("port", door.port())
                .log("Collecting events over MQTT");
        return door;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the loop
    private void watch(EventExecutor loop) {
        LoopConnections connections = new LoopConnections();
        loops.put(loop, connections);
        loop.scheduleAtFixedRate(
                connections::next,
                LoopConnections.TICK_MILLIS,
                LoopConnections.TICK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void listen() {
        ServerBootstrap options =
                new ServerBootstrap()
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(8 << 10, 16 << 10));
        try {
            listener.listen(options, this::welcome, () -> metrics.connect("too-many"));
        } catch (PortTaken e) {
            sessions.close();
            throw e;
        }
    }

    private void welcome(SocketChannel channel) {
        EventLoop loop = channel.eventLoop();
        MqttConnection connection =
                new MqttConnection(this, Objects.requireNonNull(loops.get(loop)));
        tls.ifPresent(encryption -> encryption.addTo(channel, DoorKind.MQTT));
        channel.pipeline()
                .addLast(
                        new ReceivedBytes(connection),
                        new MqttDecoder(maxPacketBytes(), ConnectCheck.MAX_CLIENT_ID_CHARS),
                        MqttEncoder.INSTANCE,
                        connection);
    }

    /// The port that is listened on.
    public int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.stop();
        long deadline = System.nanoTime() + drainTimeout.toNanos();
        loops.forEach((loop, connections) -> loop.execute(connections::drain));
        while (listener.open() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        if (listener.open() > 0) {
            LOG.atWarn()
                    .addKeyValue("connections", listener.open())
                    .log("Closing connections that did not end in time");
        }
        listener.close();
        sessions.close();
    }

    @Override
    public EventIntake intake() {
        return intake;
    }

    @Override
    public MqttSettings settings() {
        return settings;
    }

    @Override
    public MqttRoutes routes() {
        return routes;
    }

    @Override
    public MqttMetrics metrics() {
        return metrics;
    }

    @Override
    public int maxPacketBytes() {
        return Math.toIntExact(intake.limits().eventSize().bytes()) + ENVELOPE_BYTES;
    }

    @Override
    public String startId() {
        return startId;
    }

    @Override
    public void connected(String clientId, MqttConnection connection) {
        clients.connected(clientId, connection);
        sessions.announce(clientId, connection.number);
    }

    @Override
    public void disconnected(String clientId, MqttConnection connection) {
        clients.disconnected(clientId, connection);
    }

    @Override
    public void publishWill(Session session, Session.Will will, IncomingBatch batch) {
        intake.accept(session.caller(), will.inlet(), batch, receipt -> metrics.will(receipt));
    }

    /// Many clients may be wrong at once: one of them is named a minute, all are counted.
    @Override
    public void refused(String clientId, Pending message) {
        if (refusals.isDue()) {
            LOG.atWarn()
                    .addKeyValue("client", clientId)
                    .addKeyValue("reason", message.reason)
                    .log("A message was refused; more within a minute are only counted");
        }
    }
}
