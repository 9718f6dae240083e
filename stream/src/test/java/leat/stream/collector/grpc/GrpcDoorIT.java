package leat.stream.collector.grpc;

import static leat.stream.collector.CollectorFixture.CARS;
import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static leat.stream.collector.grpc.GrpcFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import leat.collector.v1.CollectorGrpc;
import leat.collector.v1.Problem;
import leat.collector.v1.PublishReply;
import leat.collector.v1.PublishRequest;
import leat.collector.v1.PublishSummary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class GrpcDoorIT {

    private static GrpcFixture collector;

    @BeforeAll
    static void open() {
        collector = GrpcFixture.open();
    }

    @AfterAll
    static void close() {
        collector.close();
    }

    @Test
    void saysOfEachEventWhatBecameOfIt() {
        PublishReply reply =
                collector
                        .blocking()
                        .publish(
                                request(
                                        "car-telemetry.v1",
                                        "{\"car\":{\"id\":\"c7\"},\"seq\":1}",
                                        "{broken",
                                        "{\"car\":{\"id\":\"c7\"},\"seq\":2,\"x\":\""
                                                + "x".repeat(2 << 20)
                                                + "\"}",
                                        "{\"car\":{\"id\":\"c7\"},\"seq\":3}"));

        assertThat(reply.getAccepted()).isEqualTo(2);
        assertThat(reply.getIdsList()).containsExactly("c7|1", "c7|3");
        assertThat(reply.getDead()).isEqualTo(1);
        assertThat(reply.getRefused()).isEqualTo(1);
        assertThat(reply.getDeduplication()).isTrue();
        assertThat(reply.getProblemsList())
                .extracting(Problem::getIndex, Problem::getStatus)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, Problem.Status.DEAD),
                        org.assertj.core.groups.Tuple.tuple(2L, Problem.Status.REFUSED));
        assertThat(reply.getProblems(0).getReasons(0).getCode()).isEqualTo("malformed");
        assertThat(reply.getProblems(1).getReasons(0).getCode()).isEqualTo("too-large");
        assertThat(collector.raw(CARS)).extracting(GrpcFixture::id).contains("c7|1", "c7|3");
        assertThat(collector.dead(CARS))
                .extracting(GrpcFixture::id)
                .contains(reply.getProblems(0).getId());
        assertThat(collector.intake().requestsInFlight().taken()).isZero();
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
    }

    @Test
    void givesTheSameIdsToARequestThatIsSentAgain() {
        PublishRequest request =
                request("clicks", "{\"x\":1}", "{\"x\":2}").toBuilder()
                        .setIdempotencyKey("import-7")
                        .setIdempotencyIndex(40)
                        .build();

        PublishReply once = collector.blocking().publish(request);
        PublishReply again = collector.blocking().publish(request);

        assertThat(once.getIdsList()).containsExactly("import-7/40", "import-7/41");
        assertThat(again).isEqualTo(once);
        assertThat(once.getDeduplication()).isTrue();
    }

    @Test
    void takesTheAttributesOfACloudEvent() {
        PublishRequest request =
                PublishRequest.newBuilder()
                        .setContract("clicks")
                        .addEvents(
                                GrpcFixture.event("{\"x\":1}").toBuilder()
                                        .setId("ce-1")
                                        .setSource("shop")
                                        .setTime("2026-05-04T03:02:01Z")
                                        .putAttributes("subject", "s1"))
                        .addEvents(GrpcFixture.event("{\"x\":2}").toBuilder().setId("ce-2"))
                        .addEvents(
                                GrpcFixture.event("{\"x\":3}").toBuilder()
                                        .setId("ce-3")
                                        .setSource("shop")
                                        .putAttributes("id", "other"))
                        .addEvents(
                                GrpcFixture.event("{\"x\":4}").toBuilder()
                                        .setContentType("text/csv"))
                        .build();

        PublishReply reply = collector.blocking().publish(request);

        assertThat(reply.getIdsList()).containsExactly("ce-1");
        assertThat(reply.getProblemsList())
                .extracting(problem -> problem.getReasons(0).getField())
                .containsExactly("ce_source", "ce_id", "content_type");
        assertThat(collector.raw(CLICKS))
                .filteredOn(record -> GrpcFixture.id(record).equals("ce-1"))
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.headers().lastHeader("ce_source").value())
                            .asString()
                            .isEqualTo("shop");
                    assertThat(record.headers().lastHeader("ce_subject").value())
                            .asString()
                            .isEqualTo("s1");
                });
    }

    @Test
    void addsUpAStreamOfRequests() throws InterruptedException {
        RecordedAnswers<PublishSummary> answers = new RecordedAnswers<>();
        StreamObserver<PublishRequest> call = collector.async().publishMany(answers);
        for (int i = 0; i < 50; i++) {
            call.onNext(
                    request(
                            "car-telemetry.v2",
                            "{\"id\":\"many-" + i + "\"}",
                            i == 30 ? "{broken" : "{\"id\":\"more-" + i + "\"}"));
        }
        call.onCompleted();

        PublishSummary summary = answers.next();
        assertThat(answers.code()).isEqualTo(Status.Code.OK);
        assertThat(summary.getRequests()).isEqualTo(50);
        assertThat(summary.getAccepted()).isEqualTo(99);
        assertThat(summary.getProblemsList()).extracting(Problem::getIndex).containsExactly(61L);
        assertThat(
                        collector.raw(CARS_NEXT).stream()
                                .filter(record -> GrpcFixture.id(record).startsWith("m")))
                .hasSize(99);
    }

    @Test
    void answersAStreamInTheOrderOfItsRequestsAndEndsItWithTheFirstThatFails()
            throws InterruptedException {
        RecordedAnswers<PublishReply> answers = new RecordedAnswers<>();
        StreamObserver<PublishRequest> call = collector.async().publishStream(answers);
        for (int i = 0; i < 100; i++) {
            call.onNext(request("car-telemetry.v2", "{\"id\":\"ordered-" + i + "\"}"));
        }
        call.onNext(request("car-telemetri", "{\"id\":\"nowhere\"}"));
        call.onNext(request("car-telemetry.v2", "{\"id\":\"after-the-end\"}"));

        for (int i = 0; i < 100; i++) {
            assertThat(answers.next().getIdsList()).containsExactly("ordered-" + i);
        }
        StatusRuntimeException status = (StatusRuntimeException) answers.ended();
        assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status)
                .hasMessageContaining("if that was meant")
                .hasMessageContaining("telemetri");
        assertThat(collector.raw(CARS_NEXT))
                .extracting(GrpcFixture::id)
                .doesNotContain("after-the-end");
        assertThat(collector.intake().requestsInFlight().taken()).isZero();
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
    }

    @Test
    void saysWhatIsWrongWithARequest() throws InvalidProtocolBufferException {
        assertRefused(request("clicks"), Status.Code.INVALID_ARGUMENT, "EMPTY");
        assertRefused(request("nothing", "{}"), Status.Code.NOT_FOUND, "NO_SUCH_CONTRACT");
        assertRefused(
                request("clicks", "{}").toBuilder().setIdempotencyKey("a b").build(),
                Status.Code.INVALID_ARGUMENT,
                "IDEMPOTENCY");
        assertRefused(
                request("clicks", "{}").toBuilder().setIdempotencyIndex(3).build(),
                Status.Code.INVALID_ARGUMENT,
                "IDEMPOTENCY");
        String[] tooMany = new String[10_001];
        java.util.Arrays.fill(tooMany, "{}");
        assertRefused(request("clicks", tooMany), Status.Code.INVALID_ARGUMENT, "TOO_MANY_EVENTS");
        String[] large = new String[11];
        java.util.Arrays.fill(large, "x".repeat(1_000_000));
        assertRefused(request("clicks", large), Status.Code.INVALID_ARGUMENT, "TOO_LARGE");
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
    }

    private static void assertRefused(PublishRequest request, Status.Code code, String reason)
            throws InvalidProtocolBufferException {
        StatusRuntimeException problem =
                catchThrowableOfType(
                        StatusRuntimeException.class, () -> collector.blocking().publish(request));
        assertThat(problem.getStatus().getCode()).isEqualTo(code);
        com.google.rpc.Status status =
                java.util.Objects.requireNonNull(StatusProto.fromThrowable(problem));
        assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo(reason);
    }

    @Test
    void publishesItsProtoByReflectionAndItsHealth() throws InterruptedException {
        RecordedReflection reflection = new RecordedReflection();
        StreamObserver<ServerReflectionRequest> call =
                ServerReflectionGrpc.newStub(collector.channel()).serverReflectionInfo(reflection);
        call.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        call.onNext(
                ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol(CollectorGrpc.SERVICE_NAME)
                        .build());
        call.onCompleted();
        reflection.ended.await();

        assertThat(reflection.answers.getFirst().getListServicesResponse().getServiceList())
                .anyMatch(service -> service.getName().equals("leat.collector.v1.Collector"));
        assertThat(
                        reflection
                                .answers
                                .getLast()
                                .getFileDescriptorResponse()
                                .getFileDescriptorProtoCount())
                .isPositive();
        assertThat(
                        HealthGrpc.newBlockingStub(collector.channel())
                                .check(
                                        HealthCheckRequest.newBuilder()
                                                .setService("leat.collector.v1.Collector")
                                                .build())
                                .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    private static final class RecordedReflection
            implements StreamObserver<ServerReflectionResponse> {
        private final List<ServerReflectionResponse> answers = new ArrayList<>();
        private final java.util.concurrent.CountDownLatch ended =
                new java.util.concurrent.CountDownLatch(1);

        @Override
        public void onNext(ServerReflectionResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable problem) {
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }
}
