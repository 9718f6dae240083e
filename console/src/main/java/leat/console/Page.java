package leat.console;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// The page for people: three files of this module that ask the console's own interfaces.
final class Page {

    /// Nothing of another origin, nothing inline, in no frame.
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Page() {}

    static void addTo(HttpRouting.Builder routes) {
        add(routes, "/", "page.html", "text/html; charset=utf-8");
        add(routes, "/console.css", "console.css", "text/css; charset=utf-8");
        add(routes, "/console.js", "console.js", "text/javascript; charset=utf-8");
    }

    private static void add(HttpRouting.Builder routes, String path, String file, String type) {
        byte[] content = resource(file);
        routes.get(path, (_, response) -> send(response, type, content));
    }

    private static void send(ServerResponse response, String type, byte[] content) {
        response.header("content-security-policy", POLICY);
        response.header("cache-control", "no-cache");
        response.header("referrer-policy", "no-referrer");
        Responses.send(response, 200, type, content);
    }

    /// A file that lies beside this class.
    static byte[] resource(String name) {
        try (InputStream file = Page.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
