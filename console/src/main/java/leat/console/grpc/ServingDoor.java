package leat.console.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
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
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import leat.features.v1.FeaturesGrpc;
import leat.ml.featurestore.online.FeatureQueries;
import leat.stream.collector.access.Access;
import leat.stream.collector.call.CallServer;
import leat.stream.tls.ServerTls;

/// The gRPC server of programs that ask for features: `leat.features.v1.Features`, the standard
/// health service and reflection. The latter two ask for no key, like `/health` over HTTP.
public final class ServingDoor implements AutoCloseable {

    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    private static final long IDLE_SECONDS = 300;
    private static final long KEEP_ALIVE_SECONDS = 60;
    private static final long PERMITTED_KEEP_ALIVE_SECONDS = 10;

    private final CallServer server;

    private ServingDoor(CallServer server) {
        this.server = server;
    }

    /// Where it listens, and to whom.
    ///
    /// @param tls encrypts connections; empty for plain ones
    public record Place(String host, int port, Access access, Optional<SSLContext> tls) {}

    /// Starts listening.
    ///
    /// @throws java.io.UncheckedIOException when the port is not free
    public static ServingDoor open(Place place, FeatureQueries features) {
        InetSocketAddress address = new InetSocketAddress(place.host(), place.port());
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                                address,
                                place.tls()
                                        .map(ServingDoor::encrypted)
                                        .orElseGet(InsecureServerCredentials::create))
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveTime(PERMITTED_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .addService(
                                ServerInterceptors.intercept(
                                        new FeaturesService(features),
                                        new CallersWithKeys(place.access())));
        return new ServingDoor(CallServer.start(address, builder, FeaturesGrpc.SERVICE_NAME));
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
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
