package leat.console.grpc;

import io.grpc.Status.Code;
import leat.console.inference.InferenceRefusal;
import leat.stream.collector.call.GrpcProblem;

/// Refusals of the Open Inference Protocol as gRPC has them.
final class InferenceProblem {

    /// The text goes into headers, twice, and of those clients take 8 KiB.
    private static final int MAX_MESSAGE_CHARS = 1_000;

    private static final long RETRY_MILLIS = 1_000;

    private InferenceProblem() {}

    static GrpcProblem of(InferenceRefusal refusal) {
        String message = cut(refusal.message());
        return switch (refusal.kind()) {
            case MALFORMED ->
                    GrpcProblem.invalid(
                            "bad-request", message, "ModelMetadata says what the model takes");
            case ABSENT ->
                    new GrpcProblem(
                            Code.NOT_FOUND,
                            "not-found",
                            message,
                            "RepositoryIndex lists what there is",
                            0);
            case UNREADABLE ->
                    new GrpcProblem(
                            Code.INTERNAL, "unreadable", message, "the console's log says more", 0);
            case UNREADY ->
                    new GrpcProblem(
                            Code.UNAVAILABLE,
                            "not-ready",
                            message,
                            "send again after the delay of RetryInfo",
                            RETRY_MILLIS);
            case TOO_SLOW ->
                    new GrpcProblem(
                            Code.DEADLINE_EXCEEDED,
                            "too-slow",
                            message,
                            "ask with fewer rows, or raise console.inference.timeout",
                            0);
        };
    }

    private static String cut(String text) {
        if (text.length() <= MAX_MESSAGE_CHARS) {
            return text;
        }
        int end = MAX_MESSAGE_CHARS - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
                + "…";
    }
}
