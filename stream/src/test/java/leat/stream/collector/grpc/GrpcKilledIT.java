package leat.stream.collector.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import leat.collector.v1.CollectorGrpc;
import leat.collector.v1.PublishReply;
import leat.collector.v1.PublishRequest;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.log.LogConnection;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills a collector under a stream, and sends what has no reply to another with the same ids.
final class GrpcKilledIT {

    private static final int REQUESTS = 60;
    private static final int EVENTS = 5;

    /// A collector with a gRPC door, to be killed: `bootstrap prefix`.
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws IOException {
            PrometheusRegistry registry = new PrometheusRegistry();
            CollectorSettings settings = GrpcFixture.settings();
            try (EventIntake intake =
                            EventIntake.open(
                                    new EventIntake.Parts(
                                            new LogConnection(args[0]),
                                            new Names(args[1]),
                                            List.of(
                                                    CollectorFixture.CARS_NEXT,
                                                    CollectorFixture.CLICKS),
                                            registry),
                                    settings);
                    GrpcDoor door = GrpcDoor.open(intake, settings, registry)) {
                ChildJvm.serve(door.port());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"grpc.before-accept:7", "collector.mid-batch:33", "grpc.before-reply:19"})
    void losesNothingItHasRepliedToAndKnowsWhatIsSentAgain(String failPoint)
            throws IOException, InterruptedException {
        // Given
        Names names = SharedKafka.freshNames();
        SharedKafka.create(CollectorFixture.topics(names));
        Process child =
                ChildJvm.start(
                        Child.class,
                        failPoint,
                        Redirect.PIPE,
                        SharedKafka.bootstrapServers(),
                        names.prefix());
        Set<String> acknowledged = new TreeSet<>();

        // When
        int answered;
        try {
            answered = send(ChildJvm.awaitPort(child), 0, acknowledged, Status.Code.UNAVAILABLE);
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
        assertThat(answered).isLessThan(REQUESTS);
        Map<String, Integer> stored = stored(names);
        assertThat(stored.keySet()).containsAll(acknowledged);
        assertThat(stored.values()).containsOnly(1);

        try (GrpcFixture second =
                GrpcFixture.open(SharedKafka.connection(), names, GrpcFixture.settings())) {
            send(second.port(), answered, acknowledged, Status.Code.OK);
        }

        // Then
        assertThat(acknowledged).hasSize(REQUESTS * EVENTS);
        assertThat(stored(names).keySet()).isEqualTo(acknowledged);
    }

    /// Sends the requests from `first` on by one stream until it ends.
    ///
    /// @return how many of all have a reply now
    private static int send(int port, int first, Set<String> acknowledged, Status.Code end)
            throws InterruptedException {
        ManagedChannel channel = GrpcFixture.channel(port);
        try {
            RecordedAnswers<PublishReply> answers = new RecordedAnswers<>();
            StreamObserver<PublishRequest> call =
                    CollectorGrpc.newStub(channel).publishStream(answers);
            for (int i = first; i < REQUESTS; i++) {
                call.onNext(request(i));
            }
            call.onCompleted();
            assertThat(answers.code()).isEqualTo(end);
            int answered = answers.received();
            for (int i = 0; i < answered; i++) {
                PublishReply reply = answers.next();
                assertThat(reply.getAccepted()).isEqualTo(EVENTS);
                acknowledged.addAll(reply.getIdsList());
            }
            return first + answered;
        } finally {
            channel.shutdownNow();
        }
    }

    private static PublishRequest request(int number) {
        PublishRequest.Builder request =
                PublishRequest.newBuilder()
                        .setContract("clicks")
                        .setIdempotencyKey("load")
                        .setIdempotencyIndex((long) number * EVENTS);
        for (int i = 0; i < EVENTS; i++) {
            request.addEvents(GrpcFixture.event("{\"x\":" + i + "}"));
        }
        return request.build();
    }

    private static Map<String, Integer> stored(Names names) {
        Map<String, Integer> stored = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                CollectorFixture.records(
                        SharedKafka.connection(), names.raw(CollectorFixture.CLICKS))) {
            stored.merge(GrpcFixture.id(record), 1, Integer::sum);
        }
        return stored;
    }
}
