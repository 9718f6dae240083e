package leat.enrichmentapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import leat.enrichment.v1.EnrichmentGrpc;
import leat.enrichment.v1.LookupRequest;
import leat.enrichment.v1.LookupResponse;
import leat.enrichment.v1.Question;
import leat.enrichment.v1.Result;
import leat.enrichment.v1.Value;
import leat.enrichmentapi.EnrichmentApiSettings.Trial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class GrpcDoorTest {

    @TempDir private Path folder;

    private void withChannel(Trial trial, Consumer<ManagedChannel> test)
            throws IOException, InterruptedException {
        try (RunningServer server = RunningServer.start(folder, trial)) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                            .usePlaintext()
                            .build();
            try {
                test.accept(channel);
            } finally {
                channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            }
        }
    }

    private static LookupRequest call(String lookup, String... keys) {
        LookupRequest.Builder call = LookupRequest.newBuilder().setLookup(lookup);
        for (String key : keys) {
            call.addRequests(Question.newBuilder().setKey(key));
        }
        return call.build();
    }

    private static void fails(ManagedChannel channel, LookupRequest call, Status.Code code) {
        assertThatThrownBy(() -> EnrichmentGrpc.newBlockingStub(channel).lookup(call))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    @Test
    void answersManyKeysInTheirOrder() throws Exception {
        withChannel(
                Trial.NONE,
                channel -> {
                    LookupResponse response =
                            EnrichmentGrpc.newBlockingStub(channel)
                                    .lookup(call("cars", "car-0001", "car-9999", "car-0002"));

                    assertThat(response.getResultsList())
                            .extracting(Result::getOutcomeCase)
                            .containsExactly(
                                    Result.OutcomeCase.FOUND,
                                    Result.OutcomeCase.MISSING,
                                    Result.OutcomeCase.FOUND);
                    assertThat(response.getResults(0).getFound().getValuesMap())
                            .isEqualTo(
                                    Map.of(
                                            "make",
                                            Value.newBuilder().setText("Aurora").build(),
                                            "model_year",
                                            Value.newBuilder().setInteger(2021).build(),
                                            "electric",
                                            Value.newBuilder().setFlag(true).build(),
                                            "price",
                                            Value.newBuilder().setNumber(30000.5).build()));
                });
    }

    @Test
    void saysWhatIsWrongWithACall() throws Exception {
        withChannel(
                Trial.NONE,
                channel -> {
                    fails(channel, call("cras", "car-0001"), Status.Code.NOT_FOUND);
                    String[] tooMany = new String[1_001];
                    java.util.Arrays.fill(tooMany, "a");
                    fails(channel, call("cars", tooMany), Status.Code.INVALID_ARGUMENT);
                });
        withChannel(
                new Trial(Duration.ZERO, 1),
                channel -> fails(channel, call("cars", "a"), Status.Code.UNAVAILABLE));
    }

    @Test
    void servesHealthAndReflection() throws Exception {
        withChannel(
                Trial.NONE,
                channel -> {
                    assertThat(
                                    HealthGrpc.newBlockingStub(channel)
                                            .check(
                                                    HealthCheckRequest.newBuilder()
                                                            .setService(EnrichmentGrpc.SERVICE_NAME)
                                                            .build())
                                            .getStatus())
                            .isEqualTo(ServingStatus.SERVING);
                    assertThat(services(channel).join())
                            .contains("name: \"leat.enrichment.v1.Enrichment\"");
                });
    }

    private static CompletableFuture<String> services(ManagedChannel channel) {
        CompletableFuture<String> listed = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> asking =
                ServerReflectionGrpc.newStub(channel)
                        .serverReflectionInfo(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ServerReflectionResponse response) {
                                        listed.complete(response.toString());
                                    }

                                    @Override
                                    public void onError(Throwable failure) {
                                        listed.completeExceptionally(failure);
                                    }

                                    @Override
                                    public void onCompleted() {}
                                });
        asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        return listed;
    }
}
