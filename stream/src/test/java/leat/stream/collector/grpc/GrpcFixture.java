package leat.stream.collector.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import leat.collector.v1.CollectorGrpc;
import leat.collector.v1.Event;
import leat.collector.v1.PublishRequest;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.Limits;
import leat.stream.collector.access.Access;
import leat.stream.log.LogConnection;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A collector with its gRPC door on a free port, and a channel to it.
final class GrpcFixture implements AutoCloseable {

    static final int MAX_IN_FLIGHT = 4;

    private final Names names;
    private final EventIntake intake;
    private final GrpcDoor door;
    private final ManagedChannel channel;

    private GrpcFixture(LogConnection log, Names names, Access access, CollectorSettings settings) {
        this.names = names;
        PrometheusRegistry registry = new PrometheusRegistry();
        this.intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                log,
                                names,
                                List.of(
                                        CollectorFixture.CARS,
                                        CollectorFixture.CARS_NEXT,
                                        CollectorFixture.CLICKS),
                                access,
                                registry),
                        settings);
        this.door = GrpcDoor.open(intake, settings, registry);
        this.channel = channel(door.port());
    }

    static GrpcFixture open(Access access, CollectorSettings settings) {
        Names names = SharedKafka.freshNames();
        SharedKafka.create(CollectorFixture.topics(names));
        return new GrpcFixture(SharedKafka.connection(), names, access, settings);
    }

    static GrpcFixture open() {
        return open(Access.OPEN, settings());
    }

    /// With a connection of the test's own, where topics exist.
    static GrpcFixture open(LogConnection log, Names names, CollectorSettings settings) {
        return new GrpcFixture(log, names, Access.OPEN, settings);
    }

    static CollectorSettings settings() {
        return CollectorFixture.settings()
                .withGrpc(
                        new GrpcSettings(
                                true,
                                "127.0.0.1",
                                0,
                                100,
                                MAX_IN_FLIGHT,
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(2)));
    }

    static CollectorSettings settings(Duration deliveryTimeout, DataSize inFlight) {
        Limits limits = Limits.defaults();
        return new CollectorSettings(
                        CollectorFixture.settings().http(),
                        new Limits(
                                limits.eventSize(),
                                limits.requestSize(),
                                limits.requestEvents(),
                                inFlight,
                                limits.inFlightRequests()),
                        deliveryTimeout,
                        Duration.ofSeconds(5))
                .withGrpc(settings().grpc());
    }

    static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /// A request with events as they stand here.
    static PublishRequest request(String contract, String... payloads) {
        PublishRequest.Builder request = PublishRequest.newBuilder().setContract(contract);
        for (String payload : payloads) {
            request.addEvents(event(payload));
        }
        return request.build();
    }

    static Event event(String payload) {
        return Event.newBuilder().setPayload(ByteString.copyFromUtf8(payload)).build();
    }

    static String id(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8);
    }

    int port() {
        return door.port();
    }

    GrpcDoor door() {
        return door;
    }

    EventIntake intake() {
        return intake;
    }

    ManagedChannel channel() {
        return channel;
    }

    CollectorGrpc.CollectorBlockingStub blocking() {
        return CollectorGrpc.newBlockingStub(channel);
    }

    CollectorGrpc.CollectorStub async() {
        return CollectorGrpc.newStub(channel);
    }

    List<ConsumerRecord<byte[], byte[]>> raw(Contract contract) {
        return CollectorFixture.records(SharedKafka.connection(), names.raw(contract));
    }

    List<ConsumerRecord<byte[], byte[]>> dead(Contract contract) {
        return CollectorFixture.records(
                SharedKafka.connection(), names.dead(contract, Names.DeadStage.COLLECTOR));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        door.close();
        intake.close();
    }
}
