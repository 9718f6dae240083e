package leat.stream.collector.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
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
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills a collector under a stream, and sends what has no reply to another with the same ids.
final class GrpcKilledIT {

    private static final String PORT_LINE = "port ";
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
                System.out.println(PORT_LINE + door.port());
                while (System.in.read() >= 0) {
                    // Until the parent closes the pipe, or is gone.
                }
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
        Process child = start(names, failPoint);
        Set<String> acknowledged = new TreeSet<>();

        // When
        int answered;
        try (BufferedReader output = child.inputReader()) {
            answered = send(port(output), 0, acknowledged, Status.Code.UNAVAILABLE);
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

    private static int port(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(PORT_LINE)) {
                return Integer.parseInt(line.substring(PORT_LINE.length()));
            }
        }
        throw new IOException("the collector ended before it listened");
    }

    private static Process start(Names names, String failPoint) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dleat.failpoint=" + failPoint,
                                Child.class.getName(),
                                SharedKafka.bootstrapServers(),
                                names.prefix())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
