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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import leat.console.inference.InferenceServer;
import leat.features.v1.FeaturesGrpc;
import leat.inference.v2.GRPCInferenceServiceGrpc;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.scoring.Inference;
import leat.stream.collector.access.Access;
import leat.stream.collector.call.CallServer;
import leat.stream.tls.ServerTls;

/// The gRPC server of programs that ask for features and predictions: `leat.features.v1.Features`,
/// `inference.GRPCInferenceService`, the standard health service and reflection. The latter two ask
/// for no key, like `/health` over HTTP.
public final class ServingDoor implements AutoCloseable {

    /// The same as over HTTP, of the console's whole server.
    private static final int MAX_INFERENCE_CALLS = 256;

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
    /// @param inference the registered models; empty where there are none to ask
    /// @throws java.io.UncheckedIOException when the port is not free
    public static ServingDoor open(
            Place place, FeatureQueries features, Optional<Inference> inference) {
        CallersWithKeys keys = new CallersWithKeys(place.access());
        InetSocketAddress address = new InetSocketAddress(place.host(), place.port());
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                                address,
                                place.tls()
                                        .map(ServingDoor::encrypted)
                                        .orElseGet(InsecureServerCredentials::create))
                        .maxInboundMessageSize(InferenceServer.MAX_REQUEST_BYTES)
                        .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveTime(PERMITTED_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .addService(
                                ServerInterceptors.intercept(new FeaturesService(features), keys));
        List<String> services = new ArrayList<>(List.of(FeaturesGrpc.SERVICE_NAME));
        inference.ifPresent(models -> {
            builder.addService(
                    ServerInterceptors.interceptForward(
                            new InferenceService(models),
                            keys,
                            new CallPermits(MAX_INFERENCE_CALLS)));
            services.add(GRPCInferenceServiceGrpc.SERVICE_NAME);
        });
        return new ServingDoor(CallServer.start(address, builder, services));
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
