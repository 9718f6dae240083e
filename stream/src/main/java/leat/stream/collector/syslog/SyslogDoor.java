package leat.stream.collector.syslog;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import leat.stream.collector.EventIntake;
import leat.stream.collector.Inlet;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.listen.Listener;
import leat.stream.collector.tls.DoorTls;
import leat.stream.log.OncePerMinute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The collector's syslog server.
///
/// [#close] takes no more connections, reads no more, lets what was read reach the log for as long
/// as the drain timeout allows, and returns.
public final class SyslogDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SyslogDoor.class);
    private static final int BACKLOG = 1024;

    private final EventIntake intake;
    private final SyslogSettings settings;
    private final Inlet inlet;
    private final ZoneId zone;
    private final Optional<DoorTls> tls;
    private final Duration drainTimeout;
    private final SyslogMetrics metrics;
    private final String startId = UUID.randomUUID().toString();
    private final AtomicLong connections = new AtomicLong();
    private final OncePerMinute warnings = new OncePerMinute();
    private final OncePerMinute denials = new OncePerMinute();

    /// Those that are connected, or whose messages are on their way.
    private final Set<SyslogConnection> busy = ConcurrentHashMap.newKeySet();

    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Listener listener;

    private SyslogDoor(
            EventIntake intake,
            SyslogSettings settings,
            Optional<DoorTls> tls,
            Duration drainTimeout,
            PrometheusRegistry registry) {
        this.intake = intake;
        this.settings = settings;
        this.tls = tls;
        this.drainTimeout = drainTimeout;
        this.inlet =
                intake.inlets()
                        .require("collector.syslog.contract", settings.contract().orElseThrow());
        this.zone = ZoneId.of(settings.zone());
        this.listener =
                new Listener(
                        new Listener.Place(
                                "syslog",
                                settings.host(),
                                settings.port(),
                                settings.maxConnections()));
        this.metrics = new SyslogMetrics(registry, listener::open);
        listener.listen(
                new ServerBootstrap()
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.SO_KEEPALIVE, true),
                this::welcome,
                this::tooMany);
    }

    /// Opens the door.
    ///
    /// @param tls encrypts connections, and by their certificates senders are let in; empty for
    ///   plain ones, on which nobody is asked who he is
    /// @param drainTimeout how long what was read may take to reach the log when it closes
    /// @throws leat.stream.collector.listen.PortTaken when the port is not free
    /// @throws leat.stream.collector.NoSuchContract when the contract is not there
    public static SyslogDoor open(
            EventIntake intake,
            SyslogSettings settings,
            Optional<DoorTls> tls,
            Duration drainTimeout,
            PrometheusRegistry registry) {
        SyslogDoor door = new SyslogDoor(intake, settings, tls, drainTimeout, registry);
        LOG.atInfo()
                .addKeyValue("host", settings.host())
                .addKeyValue("port", door.port())
                .log(tls.isPresent() ? "Collecting syslog over TLS" : "Collecting syslog over TCP");
        return door;
    }

    private void welcome(SocketChannel channel) {
        String name = startId + "/" + connections.incrementAndGet();
        SyslogConnection connection = new SyslogConnection(this, name);
        busy.add(connection);
        tls.ifPresent(encryption -> encryption.addTo(channel, DoorKind.SYSLOG));
        int maxBytes = Math.toIntExact(settings.messageSize().bytes());
        channel.pipeline().addLast(new SyslogFrames(maxBytes, this::tooLarge), connection);
        channels.add(channel);
    }

    private void tooLarge() {
        metrics.tooLarge();
        warn("A message above collector.syslog.message-size was passed over");
    }

    private void tooMany() {
        metrics.tooManyConnections();
        warn("A connection was refused, there are as many as may be");
    }

    private void warn(String text) {
        if (warnings.isDue()) {
            LOG.atWarn().log(text);
        }
    }

    /// A sender may not bring anything in, and is told so by the end of its connection alone.
    void denied(Denial denial, SocketAddress sender) {
        metrics.refusedConnection(denial.kind());
        if (denials.isDue()) {
            LOG.atWarn()
                    .addKeyValue("sender", sender)
                    .addKeyValue("reason", denial.message())
                    .addKeyValue("remedy", denial.remedy())
                    .log(
                            "A syslog sender was denied and disconnected; more within a minute are"
                                    + " only counted");
        }
    }

    /// The port that is listened on.
    public int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.stop();
        long deadline = System.nanoTime() + drainTimeout.toNanos();
        for (Channel channel : channels) {
            channel.eventLoop().execute(() -> drain(channel));
        }
        while ((listener.open() > 0 || !busy.isEmpty()) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        int lost = busy.stream().mapToInt(SyslogConnection::open).sum();
        if (lost > 0) {
            metrics.lost(lost);
            LOG.atError()
                    .addKeyValue("messages", lost)
                    .log("The log did not take messages that were read before the door closed");
        }
        listener.close();
    }

    private static void drain(Channel channel) {
        SyslogConnection connection = channel.pipeline().get(SyslogConnection.class);
        ChannelHandlerContext ctx = channel.pipeline().context(SyslogConnection.class);
        if (connection != null && ctx != null) {
            connection.drain(ctx);
        }
    }

    /// Whether senders are asked for certificates, where anybody is.
    boolean isEncrypted() {
        return tls.isPresent();
    }

    EventIntake intake() {
        return intake;
    }

    SyslogSettings settings() {
        return settings;
    }

    Inlet inlet() {
        return inlet;
    }

    ZoneId zone() {
        return zone;
    }

    SyslogMetrics metrics() {
        return metrics;
    }

    /// A connection has ended and nothing of it is on its way, or it is only connected.
    void idle(SyslogConnection connection) {
        if (connection.isEnded()) {
            busy.remove(connection);
        }
    }
}
