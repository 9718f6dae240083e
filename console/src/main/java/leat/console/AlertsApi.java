package leat.console;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.Optional;
import leat.stream.log.LogUnavailable;
import leat.stream.monitor.AlertStanding;

/// `/api/v1/alerts`: the alerts, and taking one up.
record AlertsApi(AlertSource alerts) {

    void addTo(HttpRouting.Builder routes) {
        routes.get("/api/v1/alerts", (_, response) -> list(response))
                .post("/api/v1/alerts/{id}/acknowledge", this::acknowledge);
    }

    private void list(ServerResponse response) {
        try {
            Responses.send(response, 200, Map.of("alerts", alerts.list()));
        } catch (LogUnavailable e) {
            unavailable(response, e);
        }
    }

    private void acknowledge(ServerRequest request, ServerResponse response) {
        String id = request.path().pathParameters().get("id");
        try {
            Optional<AlertStanding> alert =
                    alerts.list().stream().filter(one -> one.id().equals(id)).findFirst();
            if (alert.isEmpty()) {
                Responses.send(
                        response,
                        new ApiError(
                                404,
                                "not-found",
                                "there is no alert '" + id + "'",
                                "GET /api/v1/alerts lists them"));
            } else if (!alert.get().status().equals("firing")) {
                Responses.send(
                        response,
                        new ApiError(
                                409,
                                "not-firing",
                                "the alert is " + alert.get().status(),
                                "only a firing alert can be acknowledged"));
            } else {
                alerts.acknowledge(alert.get());
                Responses.send(response, 202, Map.of("alert", id, "status", "acknowledging"));
            }
        } catch (LogUnavailable e) {
            unavailable(response, e);
        }
    }

    private static void unavailable(ServerResponse response, LogUnavailable e) {
        Responses.send(
                response,
                new ApiError(
                        503,
                        "log-unavailable",
                        "the log does not answer: " + e.getMessage(),
                        "try again when Kafka is there"));
    }
}
