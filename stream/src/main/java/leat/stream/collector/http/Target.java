package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/// What a request's line asks for, read once.
///
/// @param path begins with `/`, else the line names no path at all
/// @param query what stands behind the first `?`; empty for none
/// @param otlp how the request speaks OTLP; empty where it does not
record Target(HttpRequest request, String path, String query, Optional<OtlpDialect> otlp) {

    /// Takes the line of any request apart, also of one that will be refused.
    static Target of(HttpRequest request) {
        String target = originForm(request.uri());
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        return new Target(request, path, query, OtlpDialect.of(path, request.headers()));
    }

    /// The path and query of `http://host/path?query`, as proxies send it (RFC 9112, 3.2.2); a
    /// target that has no path stays as it is.
    private static String originForm(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        int scheme = target.indexOf("://");
        int slash = scheme < 0 ? -1 : target.indexOf('/', scheme + 3);
        return slash < 0 ? target : target.substring(slash);
    }

    /// How the sender is answered, whatever becomes of the request.
    Dialect dialect() {
        return otlp.isPresent() ? otlp.get() : BodyKind.JSON;
    }
}
