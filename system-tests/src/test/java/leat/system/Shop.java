package leat.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;

/// The shop's page, served from an origin of its own.
final class Shop implements AutoCloseable {

    private static final String COLLECTOR = "http://localhost:8080/";

    private final HttpServer server;
    private volatile String page = "";

    private Shop(HttpServer server) {
        this.server = server;
    }

    /// Opens a shop on a free port. It has a page once it knows a collector.
    static Shop open() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        Shop shop = new Shop(server);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = shop.page.getBytes(UTF_8);
                    exchange.getResponseHeaders().set("content-type", "text/html; charset=utf-8");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        return shop;
    }

    /// Sends to this collector from now on.
    ///
    /// @param attributes more of the script's, e.g. `data-linger="100"`
    void sendTo(URI collector, String attributes) throws IOException {
        String source = Files.readString(Workspaces.SHOP.resolve("page").resolve("index.html"));
        String script = "src=\"" + COLLECTOR + "leat.js\"";
        if (!source.contains(script)) {
            throw new IllegalStateException("the shop's page does not load " + script);
        }
        page =
                source.replace(
                        script, "src=\"" + collector.resolve("/leat.js") + "\" " + attributes);
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
