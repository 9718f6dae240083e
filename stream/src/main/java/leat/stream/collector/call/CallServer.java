package leat.stream.collector.call;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A server of a service whose calls are a question and an answer each: on virtual threads, with
/// the standard health service and reflection. [#close] answers the calls that are there for two
/// seconds.
public final class CallServer implements AutoCloseable {

    private static final int MAX_CALLS_A_CONNECTION = 256;
    private static final long PATIENCE_SECONDS = 2;

    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final HealthStatusManager health = new HealthStatusManager();
    private final Server server;

    private CallServer(NettyServerBuilder builder) {
        this.server =
                builder.executor(calls)
                        .maxConcurrentCallsPerConnection(MAX_CALLS_A_CONNECTION)
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance())
                        .build();
    }

    /// Starts listening.
    ///
    /// @param address what the builder was made for
    /// @param builder has the service and its limits
    /// @param services their names, as health tells them
    /// @throws UncheckedIOException when the port is not free
    public static CallServer start(
            InetSocketAddress address, NettyServerBuilder builder, List<String> services) {
        MessageFailures.silence();
        CallServer started = new CallServer(builder);
        try {
            started.server.start();
        } catch (IOException e) {
            started.calls.close();
            throw new UncheckedIOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort(), e);
        }
        services.forEach(service -> started.health.setStatus(service, ServingStatus.SERVING));
        return started;
    }

    /// The port that is listened on.
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException _) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        calls.shutdown();
    }
}
