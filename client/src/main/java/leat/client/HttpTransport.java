package leat.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// The way by the HTTP door: lines of JSON, batches of CloudEvents, or one event in another
/// encoding, packed with gzip at its fastest.
public final class HttpTransport implements Transport {

    private final URI events;
    private final Optional<String> key;
    private final HttpClient http;
    private final Format format;

    /// How requests and answers are written.
    ///
    /// @param gzip whether requests are packed
    /// @param ids whether the collector is to tell the ids of accepted events
    public record Format(boolean gzip, boolean ids) {
        public static final Format DEFAULTS = new Format(true, true);
    }

    /// @param collector the base address, `http://127.0.0.1:8080`
    /// @param key the API key that is shown
    /// @param http is closed with the transport
    public HttpTransport(URI collector, Optional<String> key, HttpClient http, Format format) {
        this.events = URI.create(collector.toString().replaceFirst("/+$", "") + "/v1/events/");
        this.key = key;
        this.http = http;
        this.format = format;
    }

    @Override
    public String address() {
        return events.toString();
    }

    @Override
    public Attempt send(Batch batch, Duration timeout) throws InterruptedException {
        URI address = events.resolve(batch.contract() + (format.ids() ? "" : "?ids=false"));
        HttpResponse<byte[]> response;
        try {
            response =
                    http.send(
                            request(batch, address).timeout(timeout).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            if (Distrust.isCauseOf(e)) {
                return Distrust.refusal(address.getHost(), e);
            }
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new Attempt.Later(why, Optional.empty());
        }
        int status = response.statusCode();
        return switch (status) {
            case 200, 202, 207, 422 -> answered(response.body(), batch);
            case 413 -> isAnswer(response.body()) ? answered(response.body(), batch) : tooLarge();
            case 408, 429, 500, 502, 503, 504 ->
                    new Attempt.Later("HTTP " + status, retryAfter(response));
            default -> refused(status, response.body(), "POST " + address);
        };
    }

    private HttpRequest.Builder request(Batch batch, URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        Event first = batch.events().getFirst();
        request.header(
                "Content-Type",
                switch (first.form()) {
                    case LINE -> "application/x-ndjson";
                    case ENVELOPE -> "application/cloudevents-batch+json";
                    case ALONE -> first.contentType();
                });
        request.header("Idempotency-Key", batch.key());
        request.header("Idempotency-Index", Long.toString(batch.firstIndex()));
        if (format.gzip()) {
            request.header("Content-Encoding", "gzip");
        }
        return request.POST(HttpRequest.BodyPublishers.ofByteArray(body(batch)));
    }

    private byte[] body(Batch batch) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 12);
        try (OutputStream out = format.gzip() ? new FastGzip(body) : body) {
            switch (batch.events().getFirst().form()) {
                case LINE -> {
                    for (Event event : batch.events()) {
                        writeLine(out, event.payload());
                    }
                }
                case ENVELOPE -> out.write(envelopes(batch.events()));
                case ALONE -> out.write(batch.events().getFirst().payload());
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to be written", e);
        }
        return body.toByteArray();
    }

    /// Line breaks in JSON are white space: inside of strings they are escaped.
    private static void writeLine(OutputStream out, byte[] json) throws IOException {
        int written = 0;
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                out.write(json, written, i - written);
                out.write(' ');
                written = i + 1;
            }
        }
        out.write(json, written, json.length - written);
        out.write('\n');
    }

    private static byte[] envelopes(List<Event> events) {
        StringBuilder json = new StringBuilder("[");
        for (Event event : events) {
            if (json.length() > 1) {
                json.append(',');
            }
            Map<String, String> attributes = new TreeMap<>(event.attributes());
            attributes.put("specversion", "1.0");
            attributes.putIfAbsent("type", "event");
            attributes.put("datacontenttype", event.contentType());
            event.identity()
                    .ifPresent(identity -> {
                        attributes.put("source", identity.source());
                        attributes.put("id", identity.id());
                    });
            json.append('{');
            attributes.forEach((name, value) -> {
                quoted(json, name).append(':');
                quoted(json, value).append(',');
            });
            // As bytes, so that one event that is no JSON does not spoil the batch.
            json.append("\"data_base64\":\"")
                    .append(Base64.getEncoder().encodeToString(event.payload()))
                    .append("\"}");
        }
        return json.append(']').toString().getBytes(UTF_8);
    }

    private static StringBuilder quoted(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"');
    }

    private static Attempt tooLarge() {
        return new Attempt.TooLarge();
    }

    private static boolean isAnswer(byte[] body) {
        return JsonTree.parse(body)
                .filter(tree -> tree.member("refused").value() instanceof Long)
                .isPresent();
    }

    private static Attempt answered(byte[] body, Batch batch) {
        Optional<JsonTree> tree = JsonTree.parse(body);
        if (tree.isEmpty()) {
            return notACollector("it is no JSON");
        }
        Answer answer = answer(tree.get());
        if (answer.events() != batch.events().size()) {
            return notACollector(
                    "it answers for "
                            + answer.events()
                            + " events of a batch of "
                            + batch.events().size());
        }
        return new Attempt.Answered(answer);
    }

    private static Answer answer(JsonTree tree) {
        List<Answer.Problem> problems = new ArrayList<>();
        for (JsonTree problem : tree.member("problems").elements()) {
            List<Answer.Reason> reasons = new ArrayList<>();
            for (JsonTree reason : problem.member("reasons").elements()) {
                reasons.add(
                        new Answer.Reason(
                                reason.member("code").text(""),
                                reason.member("field").text(""),
                                reason.member("message").text("")));
            }
            problems.add(
                    new Answer.Problem(
                            (int) problem.member("index").number(),
                            problem.member("status").text("").equals("dead"),
                            problem.member("id").text(""),
                            reasons));
        }
        return new Answer(
                tree.member("accepted").number(),
                tree.member("dead").number(),
                tree.member("refused").number(),
                tree.member("deduplication").isTrue(),
                tree.member("ids").elements().stream().map(id -> id.text("")).toList(),
                problems);
    }

    private static Attempt notACollector(String why) {
        return new Attempt.Refused(
                "unexpected-answer",
                "the answer is not a collector's: " + why + "; check the address");
    }

    private static Attempt refused(int status, byte[] body, String request) {
        JsonTree error =
                JsonTree.parse(body).map(tree -> tree.member("error")).orElse(new JsonTree(null));
        String code = error.member("code").text("http-" + status);
        String message =
                error.value() == null
                        ? "the answer has no explanation"
                        : (error.member("message").text("")
                                        + ". "
                                        + error.member("remedy").text(""))
                                .strip();
        return new Attempt.Refused(
                code, request + " was refused (" + status + ", " + code + "): " + message);
    }

    /// `Retry-After` in seconds; a date or nonsense counts as absent.
    private static Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }

    @Override
    public void close() {
        http.close();
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 13);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
