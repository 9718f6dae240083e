package leat.console.mlflow;

import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import leat.console.RequestBody;
import leat.console.Responses;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingLimits;
import leat.core.tracking.TrackingRefused;
import leat.ml.fold.RecordUnreadable;
import leat.ml.objectstore.ObjectStore;
import leat.ml.objectstore.ObjectStoreUnavailable;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.Artifacts;
import leat.ml.registry.Pinning;
import leat.ml.registry.Registry;
import leat.ml.registry.Sources;
import leat.ml.tracking.Tracking;
import leat.stream.log.LogUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// MLflow's tracking, registry and artifacts, spoken with its clients. What of the protocol is not
/// served is refused with the protocol's own `ENDPOINT_NOT_FOUND`.
public final class MlflowApi {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowApi.class);
    private static final String BASE = "/api/2.0/mlflow";
    private static final String ARTIFACTS = BASE + "-artifacts/artifacts";

    private final Calls calls = new Calls();
    private final ArtifactCalls artifacts;

    /// What the calls are about.
    ///
    /// @param objects where files of versions may be, beside the artifacts
    public record Parts(
            Tracking tracking, Registry registry, Artifacts artifacts, ObjectStore objects) {

        /// Nothing is kept.
        public static final Parts NONE = new Parts(Tracking.NONE, Registry.NONE, Artifacts.NONE);

        /// Without an object store.
        public Parts(Tracking tracking, Registry registry, Artifacts artifacts) {
            this(tracking, registry, artifacts, ObjectStore.NONE);
        }
    }

    /// The calls on what is kept.
    ///
    /// @param clock says when a run began whose request does not
    public MlflowApi(Parts parts, InstantSource clock) {
        Tracking tracking = parts.tracking();
        Registry registry = parts.registry();
        new ExperimentCalls(tracking).addTo(calls);
        new RunCalls(tracking, registry, clock).addTo(calls);
        new ModelCalls(registry).addTo(calls);
        Sources sources = new Sources(tracking, registry);
        new VersionCalls(registry, sources, new Pinning(sources, parts.objects())).addTo(calls);
        new LoggedModelCalls(tracking, registry, clock).addTo(calls);
        artifacts = new ArtifactCalls(parts.artifacts(), tracking);
        artifacts.addTo(calls);
    }

    public void addTo(HttpRouting.Builder routes) {
        for (Calls.Route route : calls.routes()) {
            routes.route(
                    route.method(),
                    BASE + route.path(),
                    answering(request -> route.call().answer(fields(route.method(), request))));
        }
        routes.get(ARTIFACTS, answering(artifacts::list));
        routes.get(ARTIFACTS + "/{+path}", handler(artifacts::download));
        routes.put(ARTIFACTS + "/{+path}", answering(artifacts::upload));
        routes.delete(ARTIFACTS + "/{+path}", answering(artifacts::delete));
        routes.any(BASE + "/*", answering(MlflowApi::notServed));
        routes.any(BASE + "-artifacts/*", answering(MlflowApi::notServed));
        routes.any("/api/3.0/mlflow/*", answering(MlflowApi::notServed));
    }

    private static Fields fields(Method method, ServerRequest request) {
        Fields fields =
                method.equals(Method.GET)
                        ? Fields.ofQuery(request)
                        : Fields.of(RequestBody.read(request, TrackingLimits.BATCH_BYTES));
        return fields.withPath(request);
    }

    @FunctionalInterface
    private interface Answer {
        ObjectNode to(ServerRequest request);
    }

    private static ObjectNode notServed(ServerRequest request) {
        throw new TrackingRefused(
                TrackingError.ENDPOINT_NOT_FOUND,
                request.prologue().method().text()
                        + " "
                        + request.path().path()
                        + " is not served here. Experiments, runs, metrics, artifacts, registered"
                        + " and logged models are; traces are not");
    }

    private static Handler answering(Answer answer) {
        return handler((request, response) -> Responses.send(response, 200, answer.to(request)));
    }

    private static Handler handler(Handler handler) {
        return (request, response) -> {
            try {
                handler.handle(request, response);
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
                LOG.atWarn().setCause(e).log("MLflow's protocol cannot reach the log");
                response.header("retry-after", "1");
                refuse(
                        response,
                        TrackingError.TEMPORARILY_UNAVAILABLE,
                        "Kafka does not answer: " + e.getMessage());
            } catch (ObjectStoreUnavailable e) {
                LOG.atWarn().setCause(e).log("MLflow's protocol cannot reach the object store");
                response.header("retry-after", "1");
                refuse(
                        response,
                        TrackingError.TEMPORARILY_UNAVAILABLE,
                        "The version is not registered: " + e.getMessage());
            } catch (RecordUnreadable | ArtifactDamaged e) {
                LOG.atError().setCause(e).log("What the log holds for MLflow cannot be read");
                refuse(response, TrackingError.INTERNAL_ERROR, String.valueOf(e.getMessage()));
            } catch (UncheckedIOException e) {
                LOG.atWarn().setCause(e).log("An artifact did not come through");
                refuse(
                        response,
                        TrackingError.INTERNAL_ERROR,
                        "The artifact did not come through: " + e.getMessage());
            }
        };
    }

    private static void refuse(ServerResponse response, TrackingError error, String message) {
        ObjectNode body = Answers.nothing().put("error_code", error.name()).put("message", message);
        Responses.send(response, error.status(), body);
    }
}
