package leat.stream.collector.syslog;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import leat.stream.collector.EventIntake;
import leat.stream.collector.Inlet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The collector's syslog server.
///
/// [#close] takes no more connections, reads no more, lets what was read reach the log for as long
/// as the drain timeout allows, and returns.
public final class SyslogDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SyslogDoor.class);
    private static final int BACKLOG = 1024;
    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final EventIntake intake;
    private final SyslogSettings settings;
    private final Inlet inlet;
    private final ZoneId zone;
    private final Duration drainTimeout;
    private final SyslogMetrics metrics;
    private final String startId = UUID.randomUUID().toString();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong lastWarningNanos = new AtomicLong(System.nanoTime() - WARNING_NANOS);

    /// Those that are connected, or whose messages are on their way.
    private final Set<SyslogConnection> busy = ConcurrentHashMap.newKeySet();

    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final EventLoopGroup group;
    private final Channel listener;
    private volatile boolean closing;

    /// The port cannot be listened on.
    public static final class PortTaken extends RuntimeException {
        PortTaken(SyslogSettings settings, Throwable cause) {
            super(
                    "the collector cannot listen on "
                            + settings.host()
                            + ":"
                            + settings.port()
                            + " ("
                            + cause.getMessage()
                            + "); free the port, or set collector.syslog.port",
                    cause);
        }
    }

    private SyslogDoor(
            EventIntake intake,
            SyslogSettings settings,
            Duration drainTimeout,
            PrometheusRegistry registry) {
        this.intake = intake;
        this.settings = settings;
        this.drainTimeout = drainTimeout;
        this.inlet =
                intake.inlets()
                        .require("collector.syslog.contract", settings.contract().orElseThrow());
        this.zone = ZoneId.of(settings.zone());
        this.metrics = new SyslogMetrics(registry, open);
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group =
                new MultiThreadIoEventLoopGroup(
                        Runtime.getRuntime().availableProcessors(),
                        new DefaultThreadFactory("collector-syslog"),
                        handlers);
        this.listener =
                listen(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    }

    /// Opens the door.
    ///
    /// @param drainTimeout how long what was read may take to reach the log when it closes
    /// @throws PortTaken when the port is not free
    /// @throws leat.stream.collector.NoSuchContract when the contract is not there
    public static SyslogDoor open(
            EventIntake intake,
            SyslogSettings settings,
            Duration drainTimeout,
            PrometheusRegistry registry) {
        SyslogDoor door = new SyslogDoor(intake, settings, drainTimeout, registry);
        LOG.atInfo()
                .addKeyValue("host", settings.host())
                .addKeyValue("port", door.port())
                .log("Collecting syslog over TCP");
        return door;
    }

    private Channel listen(Class<? extends ServerChannel> type) {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(type)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childHandler(new Connect())
                        .bind(settings.host(), settings.port())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new PortTaken(settings, bound.cause());
        }
        return bound.channel();
    }

    private final class Connect extends ChannelInitializer<SocketChannel> {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // closing a new connection
        protected void initChannel(SocketChannel channel) {
            if (open.incrementAndGet() > settings.maxConnections() || closing) {
                open.decrementAndGet();
                warn("A connection was refused, there are as many as may be");
                channel.close();
                return;
            }
            channel.closeFuture().addListener(_ -> open.decrementAndGet());
            String name = startId + "/" + connections.incrementAndGet();
            SyslogConnection connection = new SyslogConnection(SyslogDoor.this, name);
            busy.add(connection);
            int maxBytes = Math.toIntExact(settings.messageSize().bytes());
            channel.pipeline()
                    .addLast(new SyslogFrames(maxBytes, SyslogDoor.this::tooLarge), connection);
            channels.add(channel);
        }
    }

    private void tooLarge() {
        metrics.tooLarge();
        warn("A message above collector.syslog.message-size was passed over");
    }

    /// Many senders may be wrong at once: one line a minute, all are counted.
    private void warn(String text) {
        long last = lastWarningNanos.get();
        long now = System.nanoTime();
        if (now - last >= WARNING_NANOS && lastWarningNanos.compareAndSet(last, now)) {
            LOG.atWarn().log(text);
        }
    }

    /// The port that is listened on.
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        closing = true;
        listener.close().awaitUninterruptibly();
        long deadline = System.nanoTime() + drainTimeout.toNanos();
        for (Channel channel : channels) {
            channel.eventLoop().execute(() -> drain(channel));
        }
        while ((open.get() > 0 || !busy.isEmpty()) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        int lost = busy.stream().mapToInt(SyslogConnection::open).sum();
        if (lost > 0) {
            metrics.lost(lost);
            LOG.atError()
                    .addKeyValue("messages", lost)
                    .log("The log did not take messages that were read before the door closed");
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static void drain(Channel channel) {
        SyslogConnection connection = channel.pipeline().get(SyslogConnection.class);
        ChannelHandlerContext ctx = channel.pipeline().context(SyslogConnection.class);
        if (connection != null && ctx != null) {
            connection.drain(ctx);
        }
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
