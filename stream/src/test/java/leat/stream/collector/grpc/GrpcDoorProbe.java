package leat.stream.collector.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.stub.MetadataUtils;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.collector.v1.CollectorGrpc;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.DoorProbe;
import leat.stream.collector.tls.DoorTls;

/// The gRPC door with a key in the metadata of each call.
public final class GrpcDoorProbe implements DoorProbe {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public DoorKind kind() {
        return DoorKind.GRPC;
    }

    @Override
    public Door open(
            EventIntake intake,
            CollectorSettings settings,
            Optional<DoorTls> tls,
            PrometheusRegistry registry) {
        GrpcDoor door =
                GrpcDoor.open(
                        intake, settings.withGrpc(settings.grpc().withPort(0)), tls, registry);
        return new Door() {
            @Override
            public Client connect(Optional<String> key) {
                return client(GrpcFixture.channel(door.port()), key);
            }

            @Override
            public Client connect(SSLContext client, Optional<String> key) {
                return client(encrypted(door.port(), client), key);
            }

            @Override
            public void close() {
                door.close();
            }
        };
    }

    private static ManagedChannel encrypted(int port, SSLContext client) {
        JdkSslContext context =
                new JdkSslContext(
                        client,
                        true,
                        null,
                        IdentityCipherSuiteFilter.INSTANCE,
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                "h2"),
                        ClientAuth.NONE,
                        null,
                        false);
        return NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(context).build();
    }

    private static Client client(ManagedChannel channel, Optional<String> key) {
        Metadata headers = new Metadata();
        key.ifPresent(secret -> headers.put(AUTHORIZATION, "Bearer " + secret));
        CollectorGrpc.CollectorBlockingStub stub =
                CollectorGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
        return new Client() {
            @Override
            public Outcome send(String contract, String id) {
                try {
                    int accepted =
                            stub.publish(GrpcFixture.request(contract, "{\"id\":\"" + id + "\"}"))
                                    .getAccepted();
                    if (accepted == 1) {
                        return Outcome.ACCEPTED;
                    }
                    throw new AssertionError("accepted " + accepted);
                } catch (StatusRuntimeException e) {
                    return switch (e.getStatus().getCode()) {
                        case UNAUTHENTICATED -> Outcome.UNAUTHENTICATED;
                        case PERMISSION_DENIED -> Outcome.FORBIDDEN;
                        case RESOURCE_EXHAUSTED -> Outcome.THROTTLED;
                        case UNAVAILABLE -> throw new UncheckedIOException(new IOException(e));
                        default -> throw new AssertionError("status " + e.getStatus(), e);
                    };
                }
            }

            @Override
            public void close() {
                channel.shutdownNow();
            }
        };
    }
}
