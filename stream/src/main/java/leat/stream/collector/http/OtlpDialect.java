package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.Optional;
import leat.stream.collector.Limits;
import leat.stream.collector.Receipt;
import leat.stream.collector.http.HttpProblem.RefusedRequest;
import leat.stream.collector.otlp.MalformedExport;
import leat.stream.collector.otlp.OtlpAnswer;
import leat.stream.collector.otlp.OtlpEncoding;
import leat.stream.collector.otlp.OtlpExport;
import leat.stream.collector.otlp.OtlpSignal;

/// OTLP over HTTP: export requests and responses, refusals as `google.rpc.Status`.
record OtlpDialect(OtlpSignal signal, OtlpEncoding encoding) implements Dialect {

    /// The one that a path and a content type speak, if they do.
    static Optional<OtlpDialect> of(String path, HttpHeaders headers) {
        return signal(path).map(signal -> new OtlpDialect(signal, encoding(headers)));
    }

    private static Optional<OtlpSignal> signal(String path) {
        return switch (path) {
            case "/v1/logs" -> Optional.of(OtlpSignal.LOGS);
            case "/v1/metrics" -> Optional.of(OtlpSignal.METRICS);
            default -> Optional.empty();
        };
    }

    private static OtlpEncoding encoding(HttpHeaders headers) {
        String type = headers.get("content-type");
        return type != null && BodyKind.isJson(type) ? OtlpEncoding.JSON : OtlpEncoding.PROTOBUF;
    }

    /// @throws RefusedRequest with 415 for a content type that is neither encoding's
    void requireContentType(HttpHeaders headers) throws RefusedRequest {
        String type = headers.get("content-type");
        if (type == null || !BodyKind.mediaType(type).equals(encoding.contentType())) {
            throw new RefusedRequest(
                    new HttpProblem(
                            415,
                            "unknown-content-type",
                            "an export request is not of type "
                                    + (type == null ? "none" : Route.shown(type)),
                            "send application/x-protobuf or application/json"));
        }
    }

    @Override
    public Events events(byte[] body, HttpHeaders headers, Limits limits) throws RefusedRequest {
        try {
            OtlpExport export = OtlpExport.read(signal, encoding, body, limits, Instant.now());
            return new Events(export.events(), false, export.idempotency());
        } catch (MalformedExport e) {
            String message = String.valueOf(e.getMessage());
            throw new RefusedRequest(
                    e.tooMuch()
                            ? HttpProblem.tooLarge(message, "send smaller batches")
                            : HttpProblem.badRequest(
                                    "malformed-export",
                                    message,
                                    "send an Export" + signal.word() + " request of OTLP"));
        }
    }

    @Override
    public Answer answer(Receipt receipt, boolean single, boolean withIds) {
        return receipt instanceof Receipt.Settled settled
                ? new Answer(
                        200,
                        OtlpAnswer.encoded(signal, encoding, settled.items()),
                        "",
                        encoding.contentType())
                : refusal(Answer.problem(receipt));
    }

    @Override
    public Answer refusal(HttpProblem problem) {
        String message = problem.message() + "; " + problem.remedy();
        return Answer.of(problem)
                .withBody(
                        OtlpAnswer.refusal(encoding, grpcCode(problem.status()), message),
                        encoding.contentType());
    }

    /// The code of gRPC that means what a status of HTTP does.
    private static int grpcCode(int status) {
        return switch (status) {
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 413, 429 -> 8;
            case 503 -> 14;
            default -> 3;
        };
    }
}
