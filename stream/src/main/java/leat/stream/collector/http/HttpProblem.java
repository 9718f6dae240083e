package leat.stream.collector.http;

import leat.stream.collector.JsonBytes;

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
