package leat.console;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.stream.collector.access.Access;

/// The HTTP server of a process that runs no console: its health, state and metrics, and nothing
/// else. Who may call it is checked as for the console.
public final class Vitals implements AutoCloseable {

    private static final int MAX_REQUESTS = 16;

    private final WebServer server;

    private Vitals(
            ConsoleSettings settings,
            StatusSource status,
            Access access,
            Optional<SSLContext> tls) {
        CallerCheck callers = new CallerCheck(settings.allowedHosts());
        this.server =
                Encryption.of(tls, WebServer.builder())
                        .host(settings.host())
                        .port(settings.port())
                        .maxConcurrentRequests(MAX_REQUESTS)
                        .idleConnectionTimeout(Duration.ofMinutes(2))
                        .shutdownGracePeriod(Duration.ofSeconds(2))
                        .shutdownHook(false)
                        .routing(routes -> {
                            routes.addFilter(callers::filter);
                            routes.addFilter(new CallerKeys(access)::filter);
                            routes(routes, new VitalsApi(status));
                        })
                        .build();
    }

    /// Starts listening on the settings' host and port.
    ///
    /// @param access who is let in
    /// @param tls encrypts connections; empty for plain ones
    public static Vitals start(
            ConsoleSettings settings,
            StatusSource status,
            Access access,
            Optional<SSLContext> tls) {
        Vitals vitals = new Vitals(settings, status, access, tls);
        vitals.server.start();
        return vitals;
    }

    private static void routes(HttpRouting.Builder routes, VitalsApi api) {
        api.addTo(routes);
        routes.any((request, response) ->
                VitalsApi.unknown(
                        request,
                        response,
                        "there is /health/live, /health/ready, /metrics and /api/v1/status; the rest"
                                + " is at the console"));
    }

    /// The port that is listened on.
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
