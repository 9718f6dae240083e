package leat.stream.collector.grpc;

import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static leat.stream.collector.grpc.GrpcFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.collector.v1.PublishReply;
import leat.collector.v1.PublishRequest;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Denial;
import leat.stream.log.LogConnection;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens when the log, a quota or a client is slower than the other side.
final class GrpcFlowIT {

    private static final int PADDING = 100_000;

    /// Has no quota left at every second try.
    private static final class HesitantCaller implements Caller {

        private final AtomicInteger tries = new AtomicInteger();

        @Override
        public String name() {
            return "hesitant";
        }

        @Override
        public Optional<Denial> denial(Contract contract) {
            return Optional.empty();
        }

        @Override
        public long take(int events, long bytes) {
            return tries.getAndIncrement() % 2 == 0 ? 20 : 0;
        }
    }

    private static PublishRequest large(int number) {
        return request(
                "car-telemetry.v2",
                "{\"id\":\"" + number + "\",\"p\":\"" + "x".repeat(PADDING) + "\"}");
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private static List<Any> details(StatusRuntimeException problem) {
        return Objects.requireNonNull(StatusProto.fromThrowable(problem)).getDetailsList();
    }

    /// Holds what the log says back, on the producer's thread, until it is released.
    public static final class SlowLog implements ProducerInterceptor<byte[], byte[]> {

        private static volatile CountDownLatch released = new CountDownLatch(0);

        static void hold() {
            released = new CountDownLatch(1);
        }

        static void release() {
            released.countDown();
        }

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> sent) {
            return sent;
        }

        @Override
        public void onAcknowledgement(
                @Nullable RecordMetadata metadata, @Nullable Exception exception) {
            try {
                released.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> settings) {}
    }

    @Test
    void readsNoMoreThanItMayHoldWhileTheLogIsSlowAndRepliesInOrderAfterwards()
            throws InterruptedException {
        // Given
        Names names = SharedKafka.freshNames();
        SharedKafka.create(CollectorFixture.topics(names));
        LogConnection slow =
                new LogConnection(
                        SharedKafka.bootstrapServers(),
                        Map.of("interceptor.classes", SlowLog.class.getName()));
        try (GrpcFixture collector = GrpcFixture.open(slow, names, GrpcFixture.settings())) {
            RecordedAnswers<PublishReply> answers = new RecordedAnswers<>();
            StreamObserver<PublishRequest> call = collector.async().publishStream(answers);
            SlowLog.hold();

            // When
            int sent = 100;
            for (int i = 0; i < sent; i++) {
                call.onNext(large(i));
            }
            await(
                    "as many requests wait as may",
                    () ->
                            collector.intake().requestsInFlight().taken()
                                    == GrpcFixture.MAX_IN_FLIGHT);

            // Then
            assertThat(answers.isReady()).isFalse();
            assertThat(answers.received()).isZero();
            assertThat(collector.intake().requestsInFlight().taken())
                    .isEqualTo(GrpcFixture.MAX_IN_FLIGHT);
            assertThat(collector.intake().bytesInFlight().taken())
                    .isLessThan((GrpcFixture.MAX_IN_FLIGHT + 1) * (PADDING + 1000L));
            SlowLog.release();
            for (int i = 0; i < sent; i++) {
                assertThat(answers.next().getIdsList()).containsExactly(Integer.toString(i));
            }
            call.onCompleted();
            assertThat(answers.code()).isEqualTo(Status.Code.OK);
            assertThat(collector.raw(CARS_NEXT)).hasSize(sent);
            assertThat(collector.intake().requestsInFlight().taken()).isZero();
            assertThat(collector.intake().bytesInFlight().taken()).isZero();
        } finally {
            SlowLog.release();
        }
    }

    @Test
    void saysUnavailableWhenTheLogDoesNotAnswerInTime(@TempDir Path folder)
            throws IOException, InterruptedException {
        EmbeddedKafka broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, 0));
        LogConnection log = new LogConnection(broker.bootstrapServers());
        Names names = new Names("away");
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(CollectorFixture.topics(names)));
        }
        try (GrpcFixture collector =
                GrpcFixture.open(
                        log,
                        names,
                        GrpcFixture.settings(Duration.ofSeconds(5), DataSize.mebibytes(64)))) {
            RecordedAnswers<PublishReply> answers = new RecordedAnswers<>();
            StreamObserver<PublishRequest> call = collector.async().publishStream(answers);
            call.onNext(request("clicks", "{}"));
            assertThat(answers.next().getAccepted()).isEqualTo(1);
            broker.close();

            StatusRuntimeException problem =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> collector.blocking().publish(request("clicks", "{}")));
            call.onNext(request("clicks", "{}"));

            assertThat(problem.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(details(problem)).anyMatch(detail -> detail.is(RetryInfo.class));
            assertThat(answers.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(answers.received()).isZero();
            assertThat(collector.intake().bytesInFlight().taken()).isZero();
        }
    }

    @Test
    void holdsAStreamBackBeyondAQuotaAndTellsASingleRequestToComeLater()
            throws InterruptedException {
        HesitantCaller caller = new HesitantCaller();
        Access access = (_, _) -> new Access.Admission.Admitted(caller);
        try (GrpcFixture collector = GrpcFixture.open(access, GrpcFixture.settings())) {
            StatusRuntimeException problem =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> collector.blocking().publish(request("clicks", "{}")));
            collector.blocking().publish(request("clicks", "{}"));
            RecordedAnswers<PublishReply> answers = new RecordedAnswers<>();
            StreamObserver<PublishRequest> call = collector.async().publishStream(answers);
            for (int i = 0; i < 10; i++) {
                call.onNext(request("clicks", "{\"x\":" + i + "}"));
            }
            call.onCompleted();

            assertThat(problem.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(details(problem)).anyMatch(detail -> detail.is(RetryInfo.class));
            assertThat(answers.code()).isEqualTo(Status.Code.OK);
            assertThat(answers.received()).isEqualTo(10);
            assertThat(caller.tries.get()).isEqualTo(22);
            assertThat(collector.raw(CLICKS)).hasSize(11);
            assertThat(collector.intake().requestsInFlight().taken()).isZero();
            assertThat(collector.intake().bytesInFlight().taken()).isZero();
        }
    }

    @Test
    void endsACallWhoseRequestsDoNotFitIntoWhatItMayHold() {
        try (GrpcFixture collector =
                GrpcFixture.open(
                        Access.OPEN,
                        GrpcFixture.settings(Duration.ofSeconds(5), DataSize.mebibytes(10)))) {
            collector.intake().bytesInFlight().take(DataSize.mebibytes(10).bytes() - PADDING / 2);

            StatusRuntimeException problem =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> collector.blocking().publish(large(1)));

            assertThat(problem.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            await(
                    "what was taken is given back",
                    () ->
                            collector.intake().bytesInFlight().taken()
                                    == DataSize.mebibytes(10).bytes() - PADDING / 2);
        }
    }

    @Test
    void endsACallThatSendsAHalfOfIt() throws InterruptedException {
        try (GrpcFixture collector = GrpcFixture.open()) {
            io.grpc.ClientCall<PublishRequest, PublishReply> call =
                    collector
                            .channel()
                            .newCall(
                                    leat.collector.v1.CollectorGrpc.getPublishMethod(),
                                    io.grpc.CallOptions.DEFAULT);
            java.util.concurrent.BlockingQueue<Status> ended =
                    new java.util.concurrent.LinkedBlockingQueue<>();
            call.start(
                    new io.grpc.ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, io.grpc.Metadata trailers) {
                            ended.add(status);
                        }
                    },
                    new io.grpc.Metadata());
            call.request(1);
            call.sendMessage(request("clicks", "{}"));

            assertThat(ended.take().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(collector.raw(CLICKS)).isEmpty();
        }
    }

    @Test
    void answersWhatItHasReadWhenItIsClosed() throws InterruptedException {
        GrpcFixture collector = GrpcFixture.open();
        RecordedAnswers<PublishReply> answers = new RecordedAnswers<>();
        StreamObserver<PublishRequest> call = collector.async().publishStream(answers);
        call.onNext(request("car-telemetry.v2", "{\"id\":\"last\"}"));
        answers.next();

        collector.door().close();

        assertThat(answers.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(collector.raw(CARS_NEXT)).hasSize(1);
        collector.close();
    }
}
