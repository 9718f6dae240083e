package leat.stream.collector.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.HttpSettings;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.listen.Listener;
import leat.stream.collector.listen.PortTaken;
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
    private final Listener listener;
    private final ExecutorService largeBodies;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private volatile boolean draining;

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
        HttpSettings http = settings.http();
        this.listener =
                new Listener(
                        new Listener.Place(
                                "http", http.host(), http.port(), http.maxConnections()));
        this.metrics = new HttpMetrics(registry, listener::open);
        listen();
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

    private void listen() {
        ServerBootstrap options =
                new ServerBootstrap()
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        try {
            listener.listen(options, this::welcome, () -> {});
        } catch (PortTaken e) {
            largeBodies.shutdown();
            throw e;
        }
    }

    private void welcome(SocketChannel channel) {
        connections.add(channel);
        tls.ifPresent(encryption -> encryption.addTo(channel, DoorKind.HTTP));
        channel.pipeline().addLast(new StrictRequestDecoder(), new HttpConnection(this));
    }

    /// The port that is listened on.
    public int port() {
        return listener.port();
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
        listener.stop();
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
                    .addKeyValue("connections", listener.open())
                    .log("Closing connections that did not end in time");
            connections.close().awaitUninterruptibly();
        }
        largeBodies.shutdown();
        listener.close();
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
