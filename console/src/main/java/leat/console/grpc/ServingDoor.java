package leat.console.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNames;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import leat.features.v1.FeaturesGrpc;
import leat.ml.featurestore.online.FeatureQueries;
import leat.stream.collector.access.Access;
import leat.stream.tls.ServerTls;

/// The gRPC server of programs that ask for features: `leat.features.v1.Features`, the standard
/// health service and reflection. The latter two ask for no key, like `/health` over HTTP.
public final class ServingDoor implements AutoCloseable {

    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    private static final int MAX_CALLS_A_CONNECTION = 256;
    private static final long IDLE_SECONDS = 300;
    private static final long KEEP_ALIVE_SECONDS = 60;
    private static final long PERMITTED_KEEP_ALIVE_SECONDS = 10;
    private static final long PATIENCE_SECONDS = 2;

    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final HealthStatusManager health = new HealthStatusManager();
    private final Server server;

    private ServingDoor(Place place, FeatureQueries features) {
        this.server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(place.host(), place.port()),
                                place.tls()
                                        .map(ServingDoor::encrypted)
                                        .orElseGet(InsecureServerCredentials::create))
                        .executor(calls)
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .maxConcurrentCallsPerConnection(MAX_CALLS_A_CONNECTION)
                        .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveTime(PERMITTED_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .addService(
                                ServerInterceptors.intercept(
                                        new FeaturesService(features),
                                        new CallersWithKeys(place.access())))
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance())
                        .build();
    }

    /// Where it listens, and to whom.
    ///
    /// @param tls encrypts connections; empty for plain ones
    public record Place(String host, int port, Access access, Optional<SSLContext> tls) {}

    /// Starts listening.
    ///
    /// @throws UncheckedIOException when the port is not free
    public static ServingDoor open(Place place, FeatureQueries features) {
        ServingDoor door = new ServingDoor(place, features);
        try {
            door.server.start();
        } catch (IOException e) {
            door.calls.close();
            throw new UncheckedIOException(
                    "cannot listen on " + place.host() + ":" + place.port(), e);
        }
        door.health.setStatus(FeaturesGrpc.SERVICE_NAME, ServingStatus.SERVING);
        return door;
    }

    private static ServerCredentials encrypted(SSLContext context) {
        return NettySslContextServerCredentials.create(
                new JdkSslContext(
                        context,
                        false,
                        null,
                        IdentityCipherSuiteFilter.INSTANCE,
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                ApplicationProtocolNames.HTTP_2),
                        ClientAuth.NONE,
                        ServerTls.PROTOCOLS.toArray(String[]::new),
                        false));
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
