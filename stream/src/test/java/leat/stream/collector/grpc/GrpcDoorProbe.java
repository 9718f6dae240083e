package leat.stream.collector.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;
import leat.collector.v1.CollectorGrpc;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.DoorProbe;

/// The gRPC door with a key in the metadata of each call.
public final class GrpcDoorProbe implements DoorProbe {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public DoorKind kind() {
        return DoorKind.GRPC;
    }

    @Override
    public Door open(EventIntake intake, CollectorSettings settings, PrometheusRegistry registry) {
        GrpcDoor door =
                GrpcDoor.open(intake, settings.withGrpc(settings.grpc().withPort(0)), registry);
        return new Door() {
            @Override
            public Client connect(Optional<String> key) {
                return client(GrpcFixture.channel(door.port()), key);
            }

            @Override
            public void close() {
                door.close();
            }
        };
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
