package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leat.core.encoding.PayloadFormat;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Limits;
import leat.stream.collector.http.HttpProblem.RefusedRequest;

/// How events stand in a body, by its content type.
enum BodyKind implements Dialect {
    /// One object, or an array of them.
    JSON,
    /// One JSON value a line; empty lines do not count.
    LINES,
    /// One event that is not JSON: the body is it, to the last byte. Attributes of a CloudEvent may
    /// stand in the headers.
    ENCODED,
    /// One CloudEvent, its attributes in the headers.
    CLOUD_EVENT_BINARY,
    /// One CloudEvent envelope.
    CLOUD_EVENT,
    /// An array of CloudEvent envelopes.
    CLOUD_EVENT_BATCH;

    /// Room for so many lines from the start.
    private static final int EXPECTED_EVENTS = 512;

    /// A media type that pages may send without asking first, and `sendBeacon` only.
    private static final String PLAIN = "text/plain";

    private static final String AS_BATCH = "as=cloudevents-batch";

    /// @param page whether a page of an allowed origin sends it: then `text/plain` is JSON
    static BodyKind of(HttpHeaders headers, boolean page) throws RefusedRequest {
        String type =
                mediaType(
                        Optional.ofNullable(headers.get("content-type"))
                                .orElse("application/json"));
        boolean cloudEvent = CloudEvents.inHeaders(headers);
        return switch (type) {
            case "application/json" -> cloudEvent ? CLOUD_EVENT_BINARY : JSON;
            case "application/x-ndjson",
                    "application/ndjson",
                    "application/jsonl",
                    "application/x-jsonlines" -> {
                if (cloudEvent) {
                    throw new RefusedRequest(
                            HttpProblem.badRequest(
                                    "cloud-event-lines",
                                    "ce- headers describe one event, the body is a sequence",
                                    "leave the headers away, or send"
                                            + " application/cloudevents-batch+json"));
                }
                yield LINES;
            }
            case PLAIN -> {
                if (!page) {
                    throw new RefusedRequest(unknown(type));
                }
                yield plain(headers.get("content-type"));
            }
            case "application/cloudevents+json" -> CLOUD_EVENT;
            case "application/cloudevents-batch+json" -> CLOUD_EVENT_BATCH;
            default -> {
                if (format(headers) == PayloadFormat.JSON) {
                    throw new RefusedRequest(unknown(type));
                }
                yield ENCODED;
            }
        };
    }

    /// @throws RefusedRequest when the parameter says anything but `as=cloudevents-batch`
    private static BodyKind plain(String contentType) throws RefusedRequest {
        String parameters = contentType.toLowerCase(Locale.ROOT).replace("charset=utf-8", "");
        String as = parameters.strip().substring(PLAIN.length()).replaceAll("[;\\s]", "");
        return switch (as) {
            case "" -> JSON;
            case AS_BATCH -> CLOUD_EVENT_BATCH;
            default -> throw new RefusedRequest(unknown(contentType));
        };
    }

    /// How the events of the body are written, each for itself.
    static PayloadFormat format(HttpHeaders headers) {
        return Optional.ofNullable(headers.get("content-type"))
                .flatMap(PayloadFormat::of)
                .orElse(PayloadFormat.JSON);
    }

    static boolean isJson(String contentType) {
        String type = mediaType(contentType);
        return type.equals("application/json") || type.endsWith("+json");
    }

    static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    private static HttpProblem unknown(String type) {
        return new HttpProblem(
                415,
                "unknown-content-type",
                "Content-Type '" + type + "' is not understood",
                "use application/json, application/x-ndjson, application/cloudevents+json or"
                        + " application/cloudevents-batch+json, or a type of the contract's"
                        + " encoding, application/avro");
    }

    @Override
    public Events events(byte[] body, HttpHeaders headers, Limits limits) throws RefusedRequest {
        if (this == ENCODED && body.length > 0) {
            return single(encoded(body, headers));
        }
        int from = 0;
        int to = body.length;
        while (from < to && JsonSlices.isSpace(body[from])) {
            from++;
        }
        while (from < to && JsonSlices.isSpace(body[to - 1])) {
            to--;
        }
        if (from == to) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "empty", "the body is empty", "send one event, or several"));
        }
        return switch (this) {
            case JSON ->
                    body[from] == '['
                            ? new Events(array(body, from, to, limits, false), false)
                            : single(new IncomingEvent(slice(body, from, to)));
            case LINES -> new Events(lines(body, from, to, limits), false);
            case ENCODED -> single(encoded(slice(body, from, to), headers));
            case CLOUD_EVENT_BINARY ->
                    single(CloudEvents.binary(headers, slice(body, from, to), PayloadFormat.JSON));
            case CLOUD_EVENT -> single(CloudEvents.structured(body, from, to));
            case CLOUD_EVENT_BATCH -> new Events(array(body, from, to, limits, true), false);
        };
    }

    private static IncomingEvent encoded(byte[] body, HttpHeaders headers) {
        PayloadFormat format = format(headers);
        return CloudEvents.inHeaders(headers)
                ? CloudEvents.binary(headers, body, format)
                : new IncomingEvent(body, null, List.of(), format);
    }

    private static Events single(IncomingEvent event) {
        return new Events(List.of(event), true);
    }

    private static List<IncomingEvent> array(
            byte[] body, int from, int to, Limits limits, boolean envelopes) throws RefusedRequest {
        List<IncomingEvent> events = new ArrayList<>();
        try {
            JsonSlices.array(
                    body,
                    from,
                    to,
                    (start, end) -> {
                        events.add(
                                envelopes
                                        ? CloudEvents.structured(body, start, end)
                                        : new IncomingEvent(slice(body, start, end)));
                        return events.size() <= limits.requestEvents();
                    });
        } catch (JsonSlices.Broken e) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "broken-array",
                            "the body is not a JSON array: " + e.getMessage(),
                            "send [event, event, …], or one event a line as"
                                    + " application/x-ndjson"));
        }
        return checked(events, limits);
    }

    private static List<IncomingEvent> lines(byte[] body, int from, int to, Limits limits)
            throws RefusedRequest {
        List<IncomingEvent> events = new ArrayList<>(EXPECTED_EVENTS);
        int start = from;
        while (start < to && events.size() <= limits.requestEvents()) {
            int end = LineEnd.after(body, start, to);
            int first = start;
            int last = end;
            while (first < last && JsonSlices.isSpace(body[first])) {
                first++;
            }
            while (first < last && JsonSlices.isSpace(body[last - 1])) {
                last--;
            }
            if (first < last) {
                events.add(new IncomingEvent(slice(body, first, last)));
            }
            start = end + 1;
        }
        return checked(events, limits);
    }

    private static List<IncomingEvent> checked(List<IncomingEvent> events, Limits limits)
            throws RefusedRequest {
        if (events.isEmpty()) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "empty", "the body has no events", "send one event, or several"));
        }
        if (events.size() > limits.requestEvents()) {
            throw new RefusedRequest(
                    new HttpProblem(
                            413,
                            "too-many-events",
                            "the body has more than " + limits.requestEvents() + " events",
                            "send smaller batches"));
        }
        return events;
    }

    private static byte[] slice(byte[] body, int from, int to) {
        return from == 0 && to == body.length ? body : Arrays.copyOfRange(body, from, to);
    }
}
