package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import leat.core.config.DataSize;
import leat.core.yaml.NearestName;
import leat.stream.collector.IncomingBatch.IdempotencyKey;
import leat.stream.collector.Inlet;
import leat.stream.collector.Inlets;
import leat.stream.collector.Limits;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.http.HttpProblem.RefusedRequest;
import leat.stream.collector.otlp.OtlpInlets;
import leat.stream.collector.otlp.OtlpSignal;

/// What a request's head asks for.
sealed interface Route {

    /// Is the process alive?
    record Live() implements Route {}

    /// Does it take events?
    record Ready() implements Route {}

    /// What is answered without asking anybody: the script for pages, or what a page may send.
    record Fixed(Answer answer) implements Route {}

    /// Events for a contract.
    record Post(
            Caller caller,
            Inlet inlet,
            Dialect dialect,
            ContentCoding coding,
            Optional<IdempotencyKey> idempotency,
            boolean withIds)
            implements Route {}

    /// Where events belong, and which pages may send them.
    record Places(Inlets contracts, OtlpInlets otlp, Optional<Inlet> collectd, Cors cors) {}

    Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");
    Pattern INDEX = Pattern.compile("[0-9]{1,15}");
    String EVENTS = "/v1/events/";

    /// Reads a request's head.
    ///
    /// @param target of the request
    /// @param shown by the client when it connected
    /// @throws RefusedRequest with what the client should have sent
    static Route of(Target target, Places places, Access access, Credentials shown, Limits limits)
            throws RefusedRequest {
        HttpRequest request = target.request();
        checkMessage(request);
        String path = target.path();
        if (!path.startsWith("/")) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "request-target",
                            "the request's target " + shown(request.uri()) + " is no path",
                            "start it with '/'"));
        }
        HttpHeaders headers = request.headers();
        Optional<OtlpDialect> otlp = target.otlp();
        if (otlp.isPresent() || path.equals(CollectdDialect.PATH) || path.startsWith(EVENTS)) {
            if (Cors.isPreflight(request)) {
                return new Fixed(places.cors().preflight(headers));
            }
            requireMethod(request, path, HttpMethod.POST, HttpMethod.POST, "POST");
            Sender sender = sender(headers, target.query(), places.cors(), access, shown);
            if (path.startsWith(EVENTS)) {
                String name = path.substring(EVENTS.length());
                return events(headers, sender, inlet(name, places.contracts()), limits);
            }
            return otlp.isPresent()
                    ? otlp(headers, sender, otlp.get(), places.otlp(), limits)
                    : telemetry(
                            headers,
                            sender,
                            wanted(places.collectd(), "collectd.metrics"),
                            new CollectdDialect(),
                            limits);
        }
        return switch (path) {
            case PageScript.PATH -> {
                requireMethod(request, path, HttpMethod.GET, HttpMethod.HEAD, "GET or HEAD");
                yield new Fixed(PageScript.answer(request.headers()));
            }
            case "/health/live" -> {
                requireMethod(request, path, HttpMethod.GET, HttpMethod.HEAD, "GET or HEAD");
                yield new Live();
            }
            case "/health/ready" -> {
                requireMethod(request, path, HttpMethod.GET, HttpMethod.HEAD, "GET or HEAD");
                yield new Ready();
            }
            default ->
                    throw new RefusedRequest(
                            new HttpProblem(
                                    404,
                                    "no-such-path",
                                    "there is nothing at " + shown(path),
                                    "send events to /v1/events/{contract}, /v1/logs,"
                                            + " /v1/metrics or /v1/collectd; ask /health/live or"
                                            + " /health/ready; pages load /leat.js"));
        };
    }

    private static Post otlp(
            HttpHeaders headers,
            Sender sender,
            OtlpDialect dialect,
            OtlpInlets inlets,
            Limits limits)
            throws RefusedRequest {
        OtlpSignal signal = dialect.signal();
        Inlet inlet = wanted(inlets.find(signal), "otlp." + signal.word());
        return telemetry(headers, sender, inlet, dialect, limits);
    }

    private static Inlet wanted(Optional<Inlet> inlet, String setting) throws RefusedRequest {
        if (inlet.isEmpty()) {
            throw new RefusedRequest(
                    new HttpProblem(
                            404,
                            "no-such-contract",
                            "no contract takes what comes here",
                            "set collector."
                                    + setting
                                    + " to one, such as those of leat init --template telemetry"));
        }
        return inlet.get();
    }

    /// Events that a fixed path leads to a contract of the settings.
    private static Post telemetry(
            HttpHeaders headers, Sender sender, Inlet inlet, Dialect dialect, Limits limits)
            throws RefusedRequest {
        requireMayTake(sender, inlet);
        if (dialect instanceof OtlpDialect otlp) {
            otlp.requireContentType(headers);
        }
        return post(headers, sender, inlet, dialect, limits);
    }

    /// What of HTTP/1.1 the decoder leaves to us, strict where two readers of one request could
    /// disagree about it.
    private static void checkMessage(HttpRequest request) throws RefusedRequest {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "http-version",
                            "HTTP version " + shown(version.text()) + " is not spoken here",
                            "use HTTP/1.1"));
        }
        boolean http11 = version.equals(HttpVersion.HTTP_1_1);
        int hosts = request.headers().getAll("host").size();
        if (http11 ? hosts != 1 : hosts > 1) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "host", "the request has " + hosts + " Host headers", "send one"));
        }
        List<String> codings = request.headers().getAll("transfer-encoding");
        if (codings.isEmpty()) {
            return;
        }
        if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked") || !http11) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "transfer-encoding",
                            "Transfer-Encoding must be 'chunked', once, in HTTP/1.1",
                            "pack bodies with Content-Encoding"));
        }
    }

    private static void requireMethod(
            HttpRequest request, String path, HttpMethod one, HttpMethod other, String words)
            throws RefusedRequest {
        HttpMethod method = request.method();
        if (!method.equals(one) && !method.equals(other)) {
            throw new RefusedRequest(
                    new HttpProblem(
                            405,
                            "wrong-method",
                            shown(path) + " does not take " + shown(method.name()),
                            "use " + words));
        }
    }

    private static Inlet inlet(String name, Inlets inlets) throws RefusedRequest {
        Optional<Inlet> inlet = inlets.find(name);
        if (inlet.isEmpty()) {
            throw new RefusedRequest(
                    new HttpProblem(
                            404,
                            "no-such-contract",
                            "there is no contract " + shown(name),
                            NearestName.remedy(name, inlets.names())));
        }
        return inlet.get();
    }

    /// Who sends, and how.
    ///
    /// @param page whether a page in a browser does
    record Sender(Caller caller, boolean page, boolean withIds) {}

    private static Sender sender(
            HttpHeaders headers, String text, Cors cors, Access access, Credentials shown)
            throws RefusedRequest {
        boolean page = cors.isPage(headers);
        Query query = Query.of(text, page);
        Authorization.Shown client =
                page
                        ? new Authorization.Shown(DoorKind.BROWSER, new Credentials.None())
                        : new Authorization.Shown(DoorKind.HTTP, shown);
        return new Sender(
                Authorization.caller(headers, query.key(), client, access), page, query.withIds());
    }

    private static void requireMayTake(Sender sender, Inlet inlet) throws RefusedRequest {
        Authorization.require(sender.caller(), inlet.contract());
        Deprecation.refuseEnded(inlet.contract(), Instant.now());
    }

    private static Post events(HttpHeaders headers, Sender sender, Inlet inlet, Limits limits)
            throws RefusedRequest {
        requireMayTake(sender, inlet);
        BodyKind kind = BodyKind.of(headers, sender.page());
        if (kind == BodyKind.ENCODED && !inlet.takes(BodyKind.format(headers))) {
            throw new RefusedRequest(
                    new HttpProblem(
                            415,
                            "unknown-content-type",
                            "the contract does not take " + shown(headers.get("content-type")),
                            "send " + inlet.taken()));
        }
        return post(headers, sender, inlet, kind, limits);
    }

    private static Post post(
            HttpHeaders headers, Sender sender, Inlet inlet, Dialect dialect, Limits limits)
            throws RefusedRequest {
        String expect = headers.get("expect");
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            throw new RefusedRequest(
                    new HttpProblem(
                            417,
                            "expectation",
                            "Expect: " + shown(expect) + " cannot be met",
                            "use 100-continue, or leave it away"));
        }
        ContentCoding coding =
                ContentCoding.of(Optional.ofNullable(headers.get("content-encoding")));
        String length = headers.get("content-length");
        // The decoder has seen to it that it is one number.
        if (length != null && Long.parseLong(length) > limits.requestSize().bytes()) {
            throw new RefusedRequest(tooLarge(limits.requestSize()));
        }
        return new Post(
                sender.caller(), inlet, dialect, coding, idempotency(headers), sender.withIds());
    }

    static HttpProblem tooLarge(DataSize limit) {
        return HttpProblem.tooLarge("the body is larger than " + limit, "send smaller batches");
    }

    private static Optional<IdempotencyKey> idempotency(HttpHeaders headers) throws RefusedRequest {
        String key = headers.get("idempotency-key");
        String index = headers.get("idempotency-index");
        if (key == null) {
            if (index != null) {
                throw new RefusedRequest(
                        HttpProblem.badRequest(
                                "idempotency",
                                "Idempotency-Index stands without an Idempotency-Key",
                                "send both, or the key alone"));
            }
            return Optional.empty();
        }
        if (!IDEMPOTENCY_KEY.matcher(key).matches()) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "idempotency",
                            "the Idempotency-Key is not usable",
                            "use 1 to 200 visible ASCII characters"));
        }
        if (index != null && !INDEX.matcher(index).matches()) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "idempotency",
                            "Idempotency-Index " + shown(index) + " is not usable",
                            "use the index of the request's first event, from 0"));
        }
        return Optional.of(new IdempotencyKey(key, index == null ? 0 : Long.parseLong(index)));
    }

    /// The client's words in a message: quoted, and not too many of them.
    static String shown(String text) {
        return "'" + (text.length() <= 100 ? text : text.substring(0, 100) + "…") + "'";
    }
}
