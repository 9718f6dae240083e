package leat.enrichmentapi;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import leat.console.ApiError;
import leat.console.CallerCheck;
import leat.console.RequestBody;
import leat.console.Responses;

/// The REST door: `/v1/lookups`, `/openapi.json`, health.
final class RestDoor implements AutoCloseable {

    private static final int MAX_BODY_BYTES = 4 << 20;
    private static final int MAX_CALLS = 1_024;

    private final Lookups lookups;
    private final WebServer server;
    private final byte[] openApi = resource("openapi.json");

    RestDoor(EnrichmentApiSettings.Http settings, Lookups lookups) {
        this.lookups = lookups;
        CallerCheck callers =
                new CallerCheck(settings.allowedHosts(), "enrichment-api.http.allowed-hosts");
        this.server =
                WebServer.builder()
                        .host(settings.host())
                        .port(settings.port())
                        .maxPayloadSize(RequestBody.MAX_READ_BYTES)
                        .maxConcurrentRequests(MAX_CALLS)
                        .idleConnectionTimeout(Duration.ofMinutes(2))
                        .shutdownGracePeriod(Duration.ofSeconds(2))
                        .shutdownHook(false)
                        .routing(routes -> routes(routes, callers))
                        .build();
        server.start();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void routes(HttpRouting.Builder routes, CallerCheck callers) {
        RequestBody.addTo(routes);
        routes.addFilter(callers::filter)
                .get("/v1/lookups", (_, response) -> list(response))
                .get("/v1/lookups/{name}/{+key}", this::one)
                .post("/v1/lookups/{name}", this::many)
                .get(
                        "/openapi.json",
                        (_, response) -> Responses.send(response, 200, "application/json", openApi))
                .get(
                        "/health/live",
                        (_, response) -> Responses.send(response, 200, Map.of("status", "up")))
                .get("/health/ready", (_, response) -> ready(response))
                .any(RestDoor::unknown);
    }

    private void list(ServerResponse response) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Lookup lookup : lookups.all()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", lookup.name());
            one.put("kind", lookup.kind());
            one.put("fields", lookup.fields());
            one.put("ready", lookup.trouble().isEmpty());
            lookup.trouble().ifPresent(trouble -> one.put("trouble", trouble));
            shown.add(one);
        }
        Responses.send(response, 200, Map.of("lookups", shown));
    }

    private void one(ServerRequest request, ServerResponse response) {
        String name = request.path().pathParameters().get("name");
        String key = request.path().pathParameters().get("key");
        try {
            Answer answer = lookups.find(name, List.of(new Question(key, ""))).getFirst();
            switch (answer) {
                case Answer.Found _ -> Responses.send(response, 200, RestBodies.result(answer));
                case Answer.Missing _ ->
                        Responses.send(
                                response,
                                new ApiError(
                                        404,
                                        "unknown-key",
                                        "'" + name + "' knows nothing of '" + key + "'",
                                        "look for a typing error in the key"));
                case Answer.Failed(String why) ->
                        Responses.send(
                                response, new ApiError(503, "failed", why, "ask again later"));
            }
        } catch (Lookups.Refused refused) {
            Responses.send(response, error(refused));
        }
    }

    private void many(ServerRequest request, ServerResponse response) {
        String type = Responses.header(request, "content-type").orElse("");
        if (!type.toLowerCase(Locale.ROOT).split(";", -1)[0].strip().equals("application/json")) {
            Responses.send(
                    response,
                    new ApiError(
                            415,
                            "wrong-content-type",
                            type.isEmpty()
                                    ? "the request names no content type"
                                    : "the content type is " + type,
                            "send JSON as application/json"));
            return;
        }
        try {
            List<Question> questions =
                    RestBodies.questions(RequestBody.read(request, MAX_BODY_BYTES));
            List<Answer> answers =
                    lookups.find(request.path().pathParameters().get("name"), questions);
            Responses.send(
                    response,
                    200,
                    Map.of("results", answers.stream().map(RestBodies::result).toList()));
        } catch (RestBodies.BadBody bad) {
            Responses.send(response, new ApiError(400, bad.code(), bad.text(), RestBodies.EXAMPLE));
        } catch (Lookups.Refused refused) {
            Responses.send(response, error(refused));
        }
    }

    private static ApiError error(Lookups.Refused refused) {
        return switch (refused.why()) {
            case UNKNOWN_LOOKUP ->
                    new ApiError(404, "unknown-lookup", refused.text(), refused.remedy());
            case TOO_MANY -> new ApiError(413, "too-many", refused.text(), refused.remedy());
            case NOT_READY -> new ApiError(503, "not-ready", refused.text(), refused.remedy());
            case TRIAL -> new ApiError(503, "trial", refused.text(), refused.remedy());
        };
    }

    private void ready(ServerResponse response) {
        List<String> troubles =
                lookups.all().stream()
                        .filter(lookup -> lookup.trouble().isPresent())
                        .map(lookup -> lookup.name() + ": " + lookup.trouble().orElse(""))
                        .toList();
        if (troubles.isEmpty()) {
            Responses.send(response, 200, Map.of("status", "up"));
        } else {
            Responses.send(
                    response,
                    new ApiError(
                            503,
                            "not-ready",
                            String.join("; ", troubles),
                            "wait, or look at /v1/lookups"));
        }
    }

    private static void unknown(ServerRequest request, ServerResponse response) {
        Responses.send(
                response,
                new ApiError(
                        404,
                        "not-found",
                        "there is no "
                                + request.prologue().method().text()
                                + " "
                                + request.path().path(),
                        "/openapi.json lists what there is"));
    }

    private static byte[] resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(RestDoor.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
