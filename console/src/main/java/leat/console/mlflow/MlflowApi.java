package leat.console.mlflow;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.InstantSource;
import leat.console.RequestBody;
import leat.console.Responses;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingLimits;
import leat.core.tracking.TrackingRefused;
import leat.ml.fold.RecordUnreadable;
import leat.ml.tracking.Tracking;
import leat.stream.log.LogUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// MLflow's tracking, spoken with its clients. What of the protocol is not served is refused with
/// the protocol's own `ENDPOINT_NOT_FOUND`.
public final class MlflowApi {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowApi.class);
    private static final String BASE = "/api/2.0/mlflow";

    private final Calls calls = new Calls();

    /// The calls on what is tracked.
    ///
    /// @param clock says when a run began whose request does not
    public MlflowApi(Tracking tracking, InstantSource clock) {
        new ExperimentCalls(tracking).addTo(calls);
        new RunCalls(tracking, clock).addTo(calls);
    }

    public void addTo(HttpRouting.Builder routes) {
        calls.posted()
                .forEach((path, call) ->
                        routes.post(BASE + path, handler(request -> ofBody(call, request))));
        calls.gotten()
                .forEach((path, call) ->
                        routes.get(
                                BASE + path,
                                handler(request -> call.answer(Fields.ofQuery(request)))));
        routes.any(BASE + "/*", handler(MlflowApi::notServed));
        routes.any(BASE + "-artifacts/*", handler(MlflowApi::notServed));
        routes.any("/api/3.0/mlflow/*", handler(MlflowApi::notServed));
    }

    @FunctionalInterface
    private interface Answer {
        ObjectNode to(ServerRequest request);
    }

    private static ObjectNode ofBody(Call call, ServerRequest request) {
        return call.answer(Fields.of(RequestBody.read(request, TrackingLimits.BATCH_BYTES)));
    }

    private static ObjectNode notServed(ServerRequest request) {
        throw new TrackingRefused(
                TrackingError.ENDPOINT_NOT_FOUND,
                request.prologue().method().text()
                        + " "
                        + request.path().path()
                        + " is not served here. Experiments, runs and metrics are; artifacts, the"
                        + " model registry, logged models, datasets and traces are not");
    }

    private static Handler handler(Answer answer) {
        return (request, response) -> {
            try {
                Responses.send(response, 200, answer.to(request));
            } catch (TrackingRefused e) {
                refuse(response, e.error(), String.valueOf(e.getMessage()));
            } catch (RequestBody.TooLarge _) {
                refuse(
                        response,
                        TrackingError.INVALID_PARAMETER_VALUE,
                        "Requests must be at most "
                                + TrackingLimits.BATCH_BYTES
                                + " bytes. Please split them up and try again.");
            } catch (LogUnavailable e) {
                LOG.atWarn().setCause(e).log("Tracking cannot reach the log");
                response.header("retry-after", "1");
                refuse(
                        response,
                        TrackingError.TEMPORARILY_UNAVAILABLE,
                        "Kafka does not answer: " + e.getMessage());
            } catch (RecordUnreadable e) {
                LOG.atError().setCause(e).log("A topic of MLflow's protocol cannot be read");
                refuse(response, TrackingError.INTERNAL_ERROR, String.valueOf(e.getMessage()));
            }
        };
    }

    private static void refuse(ServerResponse response, TrackingError error, String message) {
        ObjectNode body = Answers.nothing().put("error_code", error.name()).put("message", message);
        Responses.send(response, error.status(), body);
    }
}
