package leat.console.inference;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.console.RequestBody;
import leat.console.Responses;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.tracking.TrackingRefused;
import leat.ml.fold.RecordUnreadable;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.scoring.Inference;
import leat.ml.scoring.ModelUnready;
import leat.ml.scoring.protocol.InferenceBody;
import leat.ml.scoring.protocol.InferenceJson;
import leat.ml.scoring.protocol.InferenceMalformed;
import leat.stream.log.LogUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `/v2`: health, metadata, inference and the model repository of the Open Inference Protocol, with
/// its extension for binary tensors. Errors are `{"error": "…"}`.
public record InferenceApi(Inference inference) {

    /// The most bytes of a request.
    public static final int MAX_BODY_BYTES = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(InferenceApi.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";
    private static final String PLATFORM = "onnxruntime_onnx";

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
                "leat",
                "version",
                Optional.ofNullable(InferenceApi.class.getPackage().getImplementationVersion())
                        .orElse("development"),
                "extensions",
                List.of("model_repository", "binary_tensor_data"));
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
                        model(request), described.versions(), PLATFORM, described.signature()));
    }

    private void modelReady(ServerRequest request, Answer answer) {
        inference.describe(model(request), version(request));
        answer.json(Map.of("name", model(request), "ready", true));
    }

    private void infer(ServerRequest request, Answer answer) {
        byte[] bytes = RequestBody.read(request, MAX_BODY_BYTES);
        InferenceBody body =
                InferenceBody.received(bytes, Responses.header(request, InferenceBody.JSON_LENGTH));
        answer.body(
                InferenceJson.write(
                        inference.infer(
                                model(request), version(request), InferenceJson.request(body))));
    }

    private void index(ServerRequest request, Answer answer) {
        boolean readyOnly = wantsReadyOnly(RequestBody.read(request, MAX_BODY_BYTES));
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
                                        one.isReady() ? "READY" : "UNAVAILABLE",
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
            throw new BadRequest("the body is no JSON: " + e.getOriginalMessage());
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

    private static final class BadRequest extends RuntimeException {
        BadRequest(String message) {
            super(message, null, false, false);
        }
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
            } catch (InferenceMalformed | ModelFailed | BadRequest e) {
                refuse(response, 400, String.valueOf(e.getMessage()));
            } catch (TrackingRefused e) {
                refuse(response, e.error().status(), String.valueOf(e.getMessage()));
            } catch (RequestBody.TooLarge _) {
                refuse(
                        response,
                        413,
                        "a request has at most " + MAX_BODY_BYTES + " bytes; ask in parts");
            } catch (ModelTooSlow e) {
                refuse(response, 504, String.valueOf(e.getMessage()));
            } catch (RecordUnreadable e) {
                LOG.atError().setCause(e).log("The registry of models cannot be read");
                refuse(response, 500, String.valueOf(e.getMessage()));
            } catch (ModelUnready e) {
                response.header("retry-after", "1");
                refuse(response, 503, String.valueOf(e.getMessage()));
            } catch (LogUnavailable | ArtifactDamaged e) {
                LOG.atWarn().setCause(e).log("A model cannot be read from the log");
                response.header("retry-after", "1");
                refuse(response, 503, String.valueOf(e.getMessage()));
            }
        };
    }

    private static void refuse(ServerResponse response, int status, String message) {
        Responses.send(response, status, Map.of("error", message));
    }
}
