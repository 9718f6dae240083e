package leat.stream.enricher.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.enrichment.v1.EnrichmentGrpc;
import leat.enrichment.v1.Fields;
import leat.enrichment.v1.LookupRequest;
import leat.enrichment.v1.LookupResponse;
import leat.enrichment.v1.Missing;
import leat.enrichment.v1.Result;
import leat.enrichment.v1.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The client against a gRPC server on a socket.
final class GrpcTransportTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Service service = new Service();
    private Server server = NettyServerBuilder.forPort(0).build();
    private int port;

    /// Knows `car`, fails as `status` says, hangs on `hang`.
    private static final class Service extends EnrichmentGrpc.EnrichmentImplBase {
        private volatile Status status = Status.OK;

        @Override
        public void lookup(LookupRequest request, StreamObserver<LookupResponse> out) {
            if (!status.isOk()) {
                out.onError(status.asRuntimeException());
                return;
            }
            LookupResponse.Builder response = LookupResponse.newBuilder();
            request.getRequestsList()
                    .forEach(question -> {
                        switch (question.getKey()) {
                            case "car" -> response.addResults(car(question.getEvent()));
                            case "error" -> response.addResults(Result.newBuilder().setError("e"));
                            case "nothing" -> response.addResults(Result.getDefaultInstance());
                            default ->
                                    response.addResults(
                                            Result.newBuilder()
                                                    .setMissing(Missing.getDefaultInstance())
                                                    .setSeen("cars@9"));
                        }
                    });
            if (request.getRequestsList().stream().noneMatch(q -> q.getKey().equals("hang"))) {
                out.onNext(response.build());
                out.onCompleted();
            }
        }

        private static Result.Builder car(String event) {
            return Result.newBuilder()
                    .setSeen("cars@7")
                    .setFound(
                            Fields.newBuilder()
                                    .putValues("text", Value.newBuilder().setText(event).build())
                                    .putValues("integer", Value.newBuilder().setInteger(7).build())
                                    .putValues("number", Value.newBuilder().setNumber(1.5).build())
                                    .putValues("flag", Value.newBuilder().setFlag(true).build())
                                    .putValues(
                                            "decimal",
                                            Value.newBuilder().setDecimal("12.50").build())
                                    .putValues("none", Value.getDefaultInstance()));
        }
    }

    @BeforeEach
    void start() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(service)
                        .build()
                        .start();
        port = server.getPort();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }

    private List<Answer> ask(Duration timeout, String... keys) {
        String url = "grpc://127.0.0.1:" + port + "/cars";
        ApiSettings settings =
                new ApiSettings(url, 10, 1, 0, 100, Duration.ofSeconds(1), Duration.ZERO, 1);
        try (EnrichmentApi api = EnrichmentApi.of("grpc-test", settings)) {
            return api.ask(
                    List.of(keys).stream().map(key -> new Question(key, "{}")).toList(), timeout);
        }
    }

    @Test
    void valuesKeepTheirKindsAndOutcomesAreToldApart() {
        assertThat(ask(PATIENCE, "car", "other", "error", "nothing"))
                .containsExactly(
                        new Answer.Found(
                                Map.of(
                                        "text",
                                        "{}",
                                        "integer",
                                        7L,
                                        "number",
                                        1.5,
                                        "flag",
                                        true,
                                        "decimal",
                                        new BigDecimal("12.50")),
                                "cars@7"),
                        new Answer.Missing("cars@9"),
                        new Answer.Failed("e"),
                        new Answer.Failed("a result has neither fields nor missing nor error"));
    }

    @Test
    void whatTheServerRefusesIsAFailure() {
        service.status = Status.NOT_FOUND.withDescription("no look-up cars");

        assertThat(ask(PATIENCE, "car"))
                .containsExactly(new Answer.Failed("answered NOT_FOUND: no look-up cars"));
    }

    @Test
    void aServerThatHangsOrIsGoneIsAFailureInTime() throws InterruptedException {
        Answer late = ask(Duration.ofMillis(200), "hang").getFirst();
        stop();
        Answer gone = ask(PATIENCE, "car").getFirst();

        assertThat(((Answer.Failed) late).why()).startsWith("no answer within ");
        assertThat(((Answer.Failed) gone).why()).startsWith("cannot be reached: ");
    }
}
