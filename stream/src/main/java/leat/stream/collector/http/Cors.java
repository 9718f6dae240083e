package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import leat.stream.collector.http.HttpProblem.RefusedRequest;

/// Which pages in browsers may send events: those of the origins that are named, no others, so that
/// no page talks to a laptop's collector unasked. What browsers want to see for it is the CORS
/// protocol of the Fetch standard (https://fetch.spec.whatwg.org/#http-cors-protocol).
final class Cors {

    private static final String ORIGIN = "origin";
    private static final List<String> HEADERS =
            List.of(
                    "authorization",
                    "content-encoding",
                    "content-type",
                    "idempotency-index",
                    "idempotency-key");
    private static final Pattern CLOUD_EVENT_HEADER = Pattern.compile("ce-[a-z0-9]{1,40}");
    private static final int MAX_ASKED = 60;

    /// How long a browser may remember a preflight; it takes two hours at most.
    private static final int MAX_AGE_SECONDS = 7_200;

    private final Set<String> allowed;

    Cors(Collection<String> allowedOrigins) {
        this.allowed = Set.copyOf(allowedOrigins);
    }

    /// Whether a browser asks if its page may send what it wants to send.
    static boolean isPreflight(HttpRequest request) {
        return request.method().equals(HttpMethod.OPTIONS) && request.headers().contains(ORIGIN);
    }

    /// Whether a page of an allowed origin sends the request; false where no page does.
    ///
    /// @throws RefusedRequest with 403 for a page of another origin
    boolean isPage(HttpHeaders headers) throws RefusedRequest {
        if (!headers.contains(ORIGIN)) {
            return false;
        }
        List<String> origins = headers.getAll(ORIGIN);
        if (origins.size() > 1 || !allowed.contains(origins.getFirst())) {
            throw new RefusedRequest(
                    new HttpProblem(
                            403,
                            "origin-not-allowed",
                            "pages of "
                                    + Route.shown(String.join(", ", origins))
                                    + " may not send events here",
                            "add the origin to collector.http.allowed-origins, or send from a"
                                    + " server, without an Origin header"));
        }
        return true;
    }

    /// What every answer to a page has to say, refusals too: else the page does not see it. Empty
    /// for a client that is no page, and for a page that may not send.
    String answerHeaders(HttpHeaders headers) {
        if (!headers.contains(ORIGIN)) {
            return "";
        }
        List<String> origins = headers.getAll(ORIGIN);
        if (origins.size() != 1 || !allowed.contains(origins.getFirst())) {
            return "";
        }
        return "access-control-allow-origin: "
                + origins.getFirst()
                + "\r\naccess-control-expose-headers: retry-after\r\nvary: origin\r\n";
    }

    /// @throws RefusedRequest with 403 for a page of another origin
    Answer preflight(HttpHeaders headers) throws RefusedRequest {
        isPage(headers);
        return Answer.empty(
                204,
                "access-control-allow-methods: POST\r\naccess-control-allow-headers: "
                        + String.join(", ", sendable(headers))
                        + "\r\naccess-control-max-age: "
                        + MAX_AGE_SECONDS
                        + "\r\n");
    }

    /// The headers that mean something here, and those of the CloudEvent that the page asks for.
    private static Set<String> sendable(HttpHeaders headers) {
        Set<String> names = new TreeSet<>(HEADERS);
        String asked = headers.get("access-control-request-headers", "");
        for (String name : asked.split(",", MAX_ASKED)) {
            String plain = name.strip().toLowerCase(Locale.ROOT);
            if (CLOUD_EVENT_HEADER.matcher(plain).matches()) {
                names.add(plain);
            }
        }
        return names;
    }
}
