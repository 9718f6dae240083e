package leat.console;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/// What tells whether a process is well: `/health/live`, `/health/ready`, `/metrics` and
/// `/api/v1/status`.
record VitalsApi(StatusSource status) {

    void addTo(HttpRouting.Builder routes) {
        routes.get(
                        "/api/v1/status",
                        (_, response) -> Responses.send(response, 200, status.status()))
                .get("/metrics", VitalsApi::metrics)
                .get(
                        "/health/live",
                        (_, response) -> Responses.send(response, 200, Map.of("status", "up")))
                .get("/health/ready", (_, response) -> ready(response));
    }

    private void ready(ServerResponse response) {
        Optional<String> notReady = status.notReady();
        if (notReady.isEmpty()) {
            Responses.send(response, 200, Map.of("status", "up"));
        } else {
            Responses.send(
                    response,
                    new ApiError(
                            503, "not-ready", notReady.get(), "wait, or look at /api/v1/status"));
        }
    }

    private static void metrics(ServerRequest request, ServerResponse response) {
        ExpositionFormatWriter format =
                ExpositionFormats.init().findWriter(Responses.header(request, "accept").orElse(""));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            format.write(text, PrometheusRegistry.defaultRegistry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Responses.send(response, 200, format.getContentType(), text.toByteArray());
    }

    static void unknown(ServerRequest request, ServerResponse response, String remedy) {
        Responses.send(
                response,
                new ApiError(
                        404,
                        "not-found",
                        "there is no "
                                + request.prologue().method().text()
                                + " "
                                + request.path().path(),
                        remedy));
    }
}
