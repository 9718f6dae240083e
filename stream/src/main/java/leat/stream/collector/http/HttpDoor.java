package leat.stream.collector.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.CollectorSettings.HttpSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.otlp.OtlpInlets;
import leat.stream.collector.tls.DoorTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The collector's HTTP server.
///
/// It ends in order: [#drain] lets `/health/ready` say 503 while everything still works, so that a
/// balancer can look elsewhere; [#close] takes no more connections, answers what is open and
/// returns.
public final class HttpDoor implements AutoCloseable, HttpConnection.Door {

    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final int BACKLOG = 1024;

    private final EventIntake intake;
    private final CollectorSettings settings;
    private final Optional<DoorTls> tls;
    private final HttpMetrics metrics;
    private final Route.Places places;
    private final AtomicInteger open = new AtomicInteger();
    private final EventLoopGroup loops;
    private final ExecutorService largeBodies;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listener;
    private volatile boolean draining;
    private volatile boolean closing;

    /// The port cannot be listened on.
    public static final class PortTaken extends RuntimeException {
        PortTaken(HttpSettings http, Throwable cause) {
            super(
                    "the collector cannot listen on "
                            + http.host()
                            + ":"
                            + http.port()
                            + " ("
                            + cause.getMessage()
                            + "); free the port, or set collector.http.port",
                    cause);
        }
    }

    private HttpDoor(
            EventIntake intake,
            CollectorSettings settings,
            Optional<DoorTls> tls,
            PrometheusRegistry registry,
            ExecutorService largeBodies) {
        if (settings.tls().isPresent() && tls.isEmpty()) {
            throw new IllegalArgumentException("the settings ask for TLS");
        }
        this.intake = intake;
        this.tls = tls;
        this.largeBodies = largeBodies;
        this.settings = settings;
        this.places =
                new Route.Places(
                        intake.inlets(),
                        OtlpInlets.of(settings.otlp(), intake.inlets()),
                        settings.collectd()
                                .metrics()
                                .map(name ->
                                        intake.inlets()
                                                .require("collector.collectd.metrics", name)),
                        new Cors(settings.http().allowedOrigins()));
        this.metrics = new HttpMetrics(registry, open);
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        Runtime.getRuntime().availableProcessors(),
                        new DefaultThreadFactory("collector-http"),
                        handlers);
        this.listener =
                listen(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    }

    /// Opens the door without TLS.
    ///
    /// @throws PortTaken when the port is not free
    /// @throws leat.stream.collector.NoSuchContract when the settings name a contract that is not
    ///   there
    public static HttpDoor open(
            EventIntake intake, CollectorSettings settings, PrometheusRegistry registry) {
        return open(intake, settings, Optional.empty(), registry);
    }

    /// Opens the door.
    ///
    /// @param tls encrypts connections; empty for plain ones
    /// @throws PortTaken when the port is not free
    public static HttpDoor open(
            EventIntake intake,
            CollectorSettings settings,
            Optional<DoorTls> tls,
            PrometheusRegistry registry) {
        return open(new HttpDoor(intake, settings, tls, registry, largeBodies(settings.http())));
    }

    /// @param largeBodies works on large bodies; closed with the door
    static HttpDoor open(
            EventIntake intake,
            CollectorSettings settings,
            PrometheusRegistry registry,
            ExecutorService largeBodies) {
        return open(new HttpDoor(intake, settings, Optional.empty(), registry, largeBodies));
    }

    private static HttpDoor open(HttpDoor door) {
        LOG.atInfo()
                .addKeyValue("host", door.settings().host())
                .addKeyValue("port", door.port())
                .log("Collecting events over HTTP");
        return door;
    }

    /// A thread a processor. A connection has one body at work or waiting, and what is beyond is
    /// told that the collector is too busy.
    private static ExecutorService largeBodies(HttpSettings http) {
        int threads = Runtime.getRuntime().availableProcessors();
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(http.maxConnections()),
                new DefaultThreadFactory("collector-bodies", true));
    }

    private Channel listen(Class<? extends ServerChannel> type) {
        HttpSettings http = settings.http();
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(type)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(new Connect())
                        .bind(http.host(), http.port())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            largeBodies.shutdown();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new PortTaken(http, bound.cause());
        }
        return bound.channel();
    }

    private final class Connect extends ChannelInitializer<SocketChannel> {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // closing a new connection
        protected void initChannel(SocketChannel channel) {
            if (open.incrementAndGet() > settings.http().maxConnections() || closing) {
                open.decrementAndGet();
                channel.close();
                return;
            }
            channel.closeFuture().addListener(_ -> open.decrementAndGet());
            connections.add(channel);
            tls.ifPresent(encryption -> encryption.addTo(channel, DoorKind.HTTP));
            channel.pipeline()
                    .addLast(new StrictRequestDecoder(), new HttpConnection(HttpDoor.this));
        }
    }

    /// The port that is listened on.
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /// Says 503 to `/health/ready` from now on, ends connections with their next answer, and goes
    /// on taking events.
    public void drain() {
        draining = true;
    }

    /// Takes no more connections, answers what is open for as long as `drain-timeout` allows, then
    /// closes everything.
    @Override
    public void close() {
        drain();
        closing = true;
        listener.close().awaitUninterruptibly();
        for (Channel channel : connections) {
            channel.eventLoop()
                    .execute(() -> {
                        HttpConnection connection = channel.pipeline().get(HttpConnection.class);
                        if (connection != null) {
                            connection.drain();
                        }
                    });
        }
        boolean ended =
                connections
                        .newCloseFuture()
                        .awaitUninterruptibly(settings.drainTimeout().toMillis());
        if (!ended) {
            LOG.atWarn()
                    .addKeyValue("connections", open.get())
                    .log("Closing connections that did not end in time");
            connections.close().awaitUninterruptibly();
        }
        largeBodies.shutdown();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Override
    public EventIntake intake() {
        return intake;
    }

    @Override
    public HttpSettings settings() {
        return settings.http();
    }

    @Override
    public HttpMetrics metrics() {
        return metrics;
    }

    @Override
    public Route.Places places() {
        return places;
    }

    @Override
    public Executor largeBodies() {
        return largeBodies;
    }

    @Override
    public boolean draining() {
        return draining;
    }
}
