package leat.console;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Answers in JSON, errors in the one form that all of Leat's HTTP interfaces have.
public final class Responses {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Header NOT_SNIFFED =
            HeaderValues.createCached("x-content-type-options", "nosniff");

    private Responses() {}

    public static void send(ServerResponse response, ApiError error) {
        if (error.status() == 429) {
            response.header("retry-after", "1");
        }
        send(
                response,
                error.status(),
                Map.of(
                        "error",
                        Map.of(
                                "code", error.code(),
                                "message", error.message(),
                                "remedy", error.remedy())));
    }

    public static void send(ServerResponse response, int status, Object body) {
        send(response, status, "application/json", JSON.writeValueAsBytes(body));
    }

    public static void send(ServerResponse response, int status, String type, byte[] body) {
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.header(NOT_SNIFFED);
        response.send(body);
    }

    public static Optional<String> header(ServerRequest request, String name) {
        return request.headers().first(HeaderNames.create(name));
    }
}
