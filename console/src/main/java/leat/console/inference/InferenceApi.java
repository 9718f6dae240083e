package leat.console.inference;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import leat.console.RequestBody;
import leat.console.RequestCaller;
import leat.console.Responses;
import leat.ml.scoring.Inference;
import leat.ml.scoring.protocol.InferenceBody;
import leat.ml.scoring.protocol.InferenceJson;
import leat.ml.scoring.protocol.InferenceMalformed;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `/v2`: health, metadata, inference and the model repository of the Open Inference Protocol, with
/// its extension for binary tensors. Errors are `{"error": "…"}`.
public record InferenceApi(Inference inference) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";

    /// Adds the paths.
    public void addTo(HttpRouting.Builder routes) {
        routes.get("/v2", handler((_, answer) -> answer.json(metadata())))
                .get("/v2/health/live", handler((_, answer) -> answer.json(Map.of("live", true))))
                .get("/v2/health/ready", handler(this::ready))
                .post("/v2/repository/index", handler(this::index))
                .post("/v2/repository/models/{model}/load", handler(this::load))
                .post("/v2/repository/models/{model}/unload", handler(this::unload));
        for (String path : List.of(MODEL, VERSION)) {
            routes.get(path, handler(this::describe))
                    .get(path + "/ready", handler(this::modelReady))
                    .post(path + "/infer", handler(this::infer));
        }
        routes.any(
                "/v2/*",
                (request, response) ->
                        refuse(
                                response,
                                404,
                                request.prologue().method().text()
                                        + " "
                                        + request.path().path()
                                        + " is not of the Open Inference Protocol"));
    }

    private Map<String, Object> metadata() {
        return Map.of(
                "name",
                InferenceServer.NAME,
                "version",
                InferenceServer.version(),
                "extensions",
                List.of(InferenceServer.REPOSITORY_EXTENSION, "binary_tensor_data"));
    }

    /// Ready is who can read the registry.
    private void ready(ServerRequest request, Answer answer) {
        inference.checkReady();
        answer.json(Map.of("ready", true));
    }

    private void describe(ServerRequest request, Answer answer) {
        Inference.Described described = inference.describe(model(request), version(request));
        answer.json(
                InferenceJson.metadata(
                        model(request),
                        described.versions(),
                        InferenceServer.PLATFORM,
                        described.signature()));
    }

    private void modelReady(ServerRequest request, Answer answer) {
        inference.describe(model(request), version(request));
        answer.json(Map.of("name", model(request), "ready", true));
    }

    private void infer(ServerRequest request, Answer answer) {
        byte[] bytes = RequestBody.read(request, InferenceServer.MAX_REQUEST_BYTES);
        InferenceBody body =
                InferenceBody.received(bytes, Responses.header(request, InferenceBody.JSON_LENGTH));
        answer.body(
                InferenceJson.write(
                        inference.infer(
                                model(request),
                                version(request),
                                InferenceJson.request(body),
                                RequestCaller.name())));
    }

    private void index(ServerRequest request, Answer answer) {
        boolean readyOnly =
                wantsReadyOnly(RequestBody.read(request, InferenceServer.MAX_REQUEST_BYTES));
        answer.json(
                inference.index().stream()
                        .filter(one -> one.isReady() || !readyOnly)
                        .map(one ->
                                Map.of(
                                        "name",
                                        one.model(),
                                        "version",
                                        one.version(),
                                        "state",
                                        one.state(),
                                        "reason",
                                        one.reason()))
                        .toList());
    }

    private static boolean wantsReadyOnly(byte[] body) {
        if (body.length == 0) {
            return false;
        }
        try {
            JsonNode json = JSON.readTree(body);
            return json.path("ready").asBoolean(false);
        } catch (JacksonException e) {
            throw InferenceMalformed.noJson(e);
        }
    }

    private void load(ServerRequest request, Answer answer) {
        inference.load(model(request));
        answer.json(Map.of());
    }

    private void unload(ServerRequest request, Answer answer) {
        inference.unload(model(request));
        answer.json(Map.of());
    }

    private static String model(ServerRequest request) {
        return request.path().pathParameters().get("model");
    }

    private static String version(ServerRequest request) {
        return request.path().pathParameters().first("version").orElse("");
    }

    /// Where an answer goes.
    private record Answer(ServerResponse response) {
        void json(Object body) {
            Responses.send(response, 200, body);
        }

        void body(InferenceBody body) {
            body.jsonLength()
                    .ifPresent(length ->
                            response.header(InferenceBody.JSON_LENGTH, Integer.toString(length)));
            Responses.send(
                    response,
                    200,
                    body.jsonLength().isPresent() ? "application/octet-stream" : "application/json",
                    body.bytes());
        }
    }

    @FunctionalInterface
    private interface Call {
        void answer(ServerRequest request, Answer answer);
    }

    private static Handler handler(Call call) {
        return (request, response) -> {
            try {
                call.answer(request, new Answer(response));
            } catch (RequestBody.TooLarge _) {
                refuse(
                        response,
                        413,
                        "a request has at most "
                                + InferenceServer.MAX_REQUEST_BYTES
                                + " bytes; ask in parts");
            } catch (RuntimeException e) {
                refuse(response, InferenceRefusal.logged(e));
            }
        };
    }

    private static void refuse(ServerResponse response, InferenceRefusal refusal) {
        if (refusal.kind() == InferenceRefusal.Kind.UNREADY) {
            response.header("retry-after", "1");
        }
        refuse(response, refusal.kind().status(), refusal.message());
    }

    private static void refuse(ServerResponse response, int status, String message) {
        Responses.send(response, status, Map.of("error", message));
    }
}
