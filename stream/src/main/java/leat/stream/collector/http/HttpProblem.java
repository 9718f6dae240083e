package leat.stream.collector.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.time.Duration;
import leat.stream.collector.JsonBytes;
import leat.stream.collector.access.Denial;

/// Why a request as a whole was refused: nothing of it is stored.
///
/// @param code a word for programs
/// @param message what is wrong
/// @param remedy what would be right
/// @param retryAfterSeconds when to try again; 0 where that would not help
record HttpProblem(int status, String code, String message, String remedy, int retryAfterSeconds) {

    HttpProblem(int status, String code, String message, String remedy) {
        this(status, code, message, remedy, 0);
    }

    static HttpProblem badRequest(String code, String message, String remedy) {
        return new HttpProblem(400, code, message, remedy);
    }

    static HttpProblem tooLarge(String message, String remedy) {
        return new HttpProblem(413, "too-large", message, remedy);
    }

    static HttpProblem tooBusy() {
        return new HttpProblem(
                429,
                "too-busy",
                "the collector holds as many unanswered requests as it may",
                "send again after the seconds of Retry-After",
                1);
    }

    static HttpProblem denied(Denial denial) {
        return switch (denial.kind()) {
            case UNAUTHENTICATED ->
                    new HttpProblem(401, "unauthenticated", denial.message(), denial.remedy());
            case FORBIDDEN -> new HttpProblem(403, "forbidden", denial.message(), denial.remedy());
        };
    }

    static HttpProblem throttled(long retryAfterMillis) {
        return new HttpProblem(
                429,
                "quota",
                "the key has used up what it may send for now",
                "send again after the seconds of Retry-After",
                Math.toIntExact(Math.min(3600, (retryAfterMillis + 999) / 1000)));
    }

    static HttpProblem tooSlow(Duration timeout) {
        return new HttpProblem(
                408,
                "too-slow",
                "the request did not arrive within " + timeout.toSeconds() + " s",
                "send it again, faster or in smaller batches");
    }

    static HttpProblem undecodable(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return switch (cause) {
            case TooLongHttpLineException _ ->
                    new HttpProblem(414, "too-long", message, "shorten the request line");
            case TooLongHttpHeaderException _ ->
                    new HttpProblem(431, "too-long", message, "send fewer or shorter headers");
            default ->
                    badRequest(
                            "malformed-http", "not HTTP/1.1: " + message, "send a valid request");
        };
    }

    /// Whether the request's head was such that what follows it cannot be trusted.
    boolean endsConnection() {
        return status == 400;
    }

    byte[] body() {
        return new JsonBytes(256)
                .raw("{\"error\":{\"code\":")
                .text(code)
                .raw(",\"message\":")
                .text(message)
                .raw(",\"remedy\":")
                .text(remedy)
                .raw("}}\n")
                .toBytes();
    }

    /// The problem on its way up from the place that found it.
    static final class RefusedRequest extends Exception {

        private final transient HttpProblem problem;

        RefusedRequest(HttpProblem problem) {
            super(problem.message(), null, false, false);
            this.problem = problem;
        }

        HttpProblem problem() {
            return problem;
        }
    }
}
