package leat.stream.collector.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import leat.collector.v1.CollectorGrpc;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.call.MessageFailures;
import leat.stream.collector.listen.PortTaken;
import leat.stream.collector.otlp.OtlpInlets;
import leat.stream.collector.otlp.OtlpSettings;
import leat.stream.collector.otlp.OtlpSignal;
import leat.stream.collector.tls.DoorTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The collector's gRPC server: `leat.collector.v1.Collector`, OpenTelemetry's services for logs
/// and metrics where they have a contract, the standard health service and reflection. The latter
/// two ask for no key, like `/health` over HTTP.
///
/// [#close] takes no more calls, answers the requests that were read, ends streams with UNAVAILABLE
/// and returns.
public final class GrpcDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcDoor.class);

    private static final int MESSAGE_HEADROOM_BYTES = 1 << 20;
    private static final int MAX_CALLS_A_CONNECTION = 256;
    private static final long BEAT_MILLIS = 500;
    private static final long KEEP_ALIVE_SECONDS = 60;
    private static final long PERMITTED_KEEP_ALIVE_SECONDS = 10;

    private final EventIntake intake;
    private final GrpcSettings settings;
    private final Duration drainTimeout;
    private final Set<OpenCall> calls = ConcurrentHashMap.newKeySet();
    private final HealthStatusManager health = new HealthStatusManager();
    private final ScheduledThreadPoolExecutor threads;
    private final Server server;
    private volatile boolean closing;

    private GrpcDoor(
            EventIntake intake,
            CollectorSettings collector,
            Optional<DoorTls> tls,
            PrometheusRegistry registry) {
        if (collector.tls().isPresent() && tls.isEmpty()) {
            throw new IllegalArgumentException("the settings ask for TLS");
        }
        this.intake = intake;
        this.settings = collector.grpc();
        this.drainTimeout = collector.drainTimeout();
        this.threads =
                new ScheduledThreadPoolExecutor(
                        Math.max(2, Runtime.getRuntime().availableProcessors()),
                        Thread.ofPlatform().name("collector-grpc-", 0).daemon().factory());
        this.threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        GrpcMetrics metrics = new GrpcMetrics(registry, calls::size);
        CallDoor door = new CallDoor(intake, settings, threads, metrics, calls);
        this.server =
                server(
                        door,
                        collector.otlp(),
                        tls.map(CountedHandshakes::credentials)
                                .orElseGet(InsecureServerCredentials::create));
    }

    /// Opens the door without TLS.
    ///
    /// @throws PortTaken when the port is not free
    /// @throws leat.stream.collector.NoSuchContract when the settings name a contract that is not
    ///   there
    public static GrpcDoor open(
            EventIntake intake, CollectorSettings settings, PrometheusRegistry registry) {
        return open(intake, settings, Optional.empty(), registry);
    }

    /// Opens the door.
    ///
    /// @param tls encrypts connections; empty for plain ones
    /// @throws PortTaken when the port is not free
    public static GrpcDoor open(
            EventIntake intake,
            CollectorSettings settings,
            Optional<DoorTls> tls,
            PrometheusRegistry registry) {
        GrpcDoor door = new GrpcDoor(intake, settings, tls, registry);
        MessageFailures.silence();
        door.listen();
        LOG.atInfo()
                .addKeyValue("host", settings.grpc().host())
                .addKeyValue("port", door.port())
                .log("Collecting events over gRPC");
        return door;
    }

    /// Those of OpenTelemetry's services whose events have a contract.
    private List<ExportHandler> exports(CallDoor door, OtlpSettings otlp) {
        OtlpInlets inlets = OtlpInlets.of(otlp, intake.inlets());
        List<ExportHandler> handlers = new ArrayList<>();
        for (OtlpSignal signal : OtlpSignal.values()) {
            inlets.find(signal)
                    .map(inlet -> new ExportHandler.Parts(OtlpService.of(signal), inlet, door))
                    .map(ExportHandler::new)
                    .ifPresent(handlers::add);
        }
        return handlers;
    }

    private Server server(CallDoor door, OtlpSettings otlp, ServerCredentials credentials) {
        NettyServerBuilder builder = builder(door, credentials);
        for (ExportHandler handler : exports(door, otlp)) {
            builder.addService(handler.service().definition(handler))
                    .addStreamTracerFactory(
                            InboundBytes.factory(handler.service().name(), intake.bytesInFlight()));
        }
        return builder.build();
    }

    private NettyServerBuilder builder(CallDoor door, ServerCredentials credentials) {
        long requestBytes = intake.limits().requestSize().bytes();
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(settings.host(), settings.port()), credentials)
                .executor(threads)
                .maxInboundMessageSize(Math.toIntExact(requestBytes + MESSAGE_HEADROOM_BYTES))
                .maxConcurrentCallsPerConnection(MAX_CALLS_A_CONNECTION)
                .maxConnectionIdle(settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(PERMITTED_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addStreamTracerFactory(
                        InboundBytes.factory(CollectorGrpc.SERVICE_NAME, intake.bytesInFlight()))
                .addService(
                        ServerServiceDefinition.builder(CollectorGrpc.getServiceDescriptor())
                                .addMethod(handler(Answers.Method.PUBLISH, door).definition())
                                .addMethod(handler(Answers.Method.PUBLISH_MANY, door).definition())
                                .addMethod(
                                        handler(Answers.Method.PUBLISH_STREAM, door).definition())
                                .build())
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
    }

    private <A> PublishHandler<A> handler(Answers.Method<A> method, CallDoor door) {
        return new PublishHandler<>(method, door, () -> closing);
    }

    private void listen() {
        try {
            server.start();
        } catch (IOException e) {
            threads.shutdown();
            throw new PortTaken("grpc", settings.host(), settings.port(), e);
        }
        beat();
        ScheduledFuture<?> _ =
                threads.scheduleWithFixedDelay(
                        this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Says whether the log takes events, and ends the calls of clients that are too slow.
    private void beat() {
        ServingStatus status = intake.ready() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        health.setStatus(CollectorGrpc.SERVICE_NAME, status);
        long now = System.nanoTime();
        calls.forEach(call -> call.checkPatience(now, settings.requestTimeout()));
    }

    /// The port that is listened on.
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        closing = true;
        health.enterTerminalState();
        server.shutdown();
        calls.forEach(OpenCall::drain);
        try {
            if (!server.awaitTermination(drainTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn()
                        .addKeyValue("calls", calls.size())
                        .log("Ending calls that did not end in time");
                server.shutdownNow();
                server.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
    }
}
