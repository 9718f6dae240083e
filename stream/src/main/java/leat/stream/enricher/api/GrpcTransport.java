package leat.stream.enricher.api;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.enrichment.v1.EnrichmentGrpc;
import leat.enrichment.v1.LookupRequest;
import leat.enrichment.v1.LookupResponse;
import leat.enrichment.v1.Result;
import leat.enrichment.v1.Value;
import org.jspecify.annotations.Nullable;

/// Calls by gRPC: `grpc://host:port/lookup`, or `grpcs` for TLS.
final class GrpcTransport implements ApiTransport {

    private static final int MAX_ANSWER_BYTES = 16 << 20;

    private final ManagedChannel channel;
    private final EnrichmentGrpc.EnrichmentBlockingStub stub;
    private final String lookup;

    GrpcTransport(URI url) {
        ManagedChannelBuilder<?> builder =
                ManagedChannelBuilder.forAddress(url.getHost(), url.getPort())
                        .maxInboundMessageSize(MAX_ANSWER_BYTES);
        this.channel = (url.getScheme().equals("grpcs") ? builder : builder.usePlaintext()).build();
        this.stub = EnrichmentGrpc.newBlockingStub(channel);
        this.lookup = url.getPath().substring(1);
    }

    @Override
    public List<Answer> call(List<Question> questions, Duration timeout)
            throws ApiFailed, InterruptedException {
        LookupRequest.Builder request = LookupRequest.newBuilder().setLookup(lookup);
        for (Question question : questions) {
            request.addRequestsBuilder().setKey(question.key()).setEvent(question.event());
        }
        LookupResponse response;
        try {
            response =
                    stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                            .lookup(request.build());
        } catch (StatusRuntimeException e) {
            throw failed(e.getStatus(), timeout);
        }
        if (response.getResultsCount() != questions.size()) {
            throw new ApiFailed(
                    "the answer has "
                            + response.getResultsCount()
                            + " results for "
                            + questions.size()
                            + " requests",
                    false);
        }
        return response.getResultsList().stream().map(GrpcTransport::answer).toList();
    }

    private static ApiFailed failed(Status status, Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("gave up a call");
        }
        String description = status.getDescription();
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED ->
                    new ApiFailed("no answer within " + timeout.toMillis() + " ms", true);
            case UNAVAILABLE -> new ApiFailed("cannot be reached: " + description, true);
            case RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNKNOWN ->
                    new ApiFailed(answered(status), true);
            case OK,
                    CANCELLED,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    DATA_LOSS,
                    UNAUTHENTICATED ->
                    new ApiFailed(answered(status), false);
        };
    }

    private static String answered(Status status) {
        String description = status.getDescription();
        return "answered " + status.getCode() + (description == null ? "" : ": " + description);
    }

    private static Answer answer(Result result) {
        return switch (result.getOutcomeCase()) {
            case FOUND -> found(result);
            case MISSING -> new Answer.Missing(result.getSeen());
            case ERROR -> new Answer.Failed(result.getError());
            case OUTCOME_NOT_SET ->
                    new Answer.Failed("a result has neither fields nor missing nor error");
        };
    }

    private static Answer found(Result result) {
        Map<String, Object> values = new HashMap<>();
        result.getFound()
                .getValuesMap()
                .forEach((name, value) -> {
                    Object known = value(value);
                    if (known != null) {
                        values.put(name, known);
                    }
                });
        return new Answer.Found(values, result.getSeen());
    }

    /// A decimal that is none stays its text, which fits no number and is shown in the reason.
    private static @Nullable Object value(Value value) {
        return switch (value.getKindCase()) {
            case TEXT -> value.getText();
            case INTEGER -> value.getInteger();
            case NUMBER -> value.getNumber();
            case FLAG -> value.getFlag();
            case DECIMAL -> decimal(value.getDecimal());
            case KIND_NOT_SET -> null;
        };
    }

    private static Object decimal(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException _) {
            return text;
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
