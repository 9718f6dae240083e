package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import leat.core.outcome.Reason;
import leat.stream.collector.JsonBytes;
import leat.stream.collector.Receipt;

/// A response: status and body.
///
/// @param body handed over
/// @param extraHeaders each with its CR and LF; empty for none
/// @param contentType of the body; empty where the status means that there is none
@SuppressWarnings("ArrayRecordComponent") // an answer is written, not compared
record Answer(int status, byte[] body, String extraHeaders, String contentType) {

    private static final String JSON = "application/json";
    private static final String NO_BODY = "";

    private static final int MAX_REASONS_BYTES = 64 << 10;
    private static final Map<Integer, byte[]> STATUS_LINES =
            Map.ofEntries(
                    line(200, "OK"),
                    line(202, "Accepted"),
                    line(204, "No Content"),
                    line(207, "Multi-Status"),
                    line(304, "Not Modified"),
                    line(400, "Bad Request"),
                    line(401, "Unauthorized"),
                    line(403, "Forbidden"),
                    line(404, "Not Found"),
                    line(405, "Method Not Allowed"),
                    line(410, "Gone"),
                    line(408, "Request Timeout"),
                    line(413, "Content Too Large"),
                    line(414, "URI Too Long"),
                    line(415, "Unsupported Media Type"),
                    line(417, "Expectation Failed"),
                    line(422, "Unprocessable Content"),
                    line(429, "Too Many Requests"),
                    line(431, "Request Header Fields Too Large"),
                    line(503, "Service Unavailable"));
    private static final byte[] CLOSE = "connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "connection: keep-alive\r\n".getBytes(US_ASCII);
    private static final byte[] CONTENT = "content-type: ".getBytes(US_ASCII);
    private static final byte[] LENGTH = "\r\ncontent-length: ".getBytes(US_ASCII);
    private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);

    private static volatile HttpDate date = new HttpDate(0, new byte[0]);

    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record HttpDate(long second, byte[] line) {}

    /// An answer of JSON.
    Answer(int status, byte[] body, String extraHeaders) {
        this(status, body, extraHeaders, JSON);
    }

    /// An answer that has no body: 204 or 304.
    static Answer empty(int status, String headers) {
        return new Answer(status, new byte[0], headers, NO_BODY);
    }

    static Answer of(HttpProblem problem) {
        String extra = "";
        if (problem.retryAfterSeconds() > 0) {
            extra = "retry-after: " + problem.retryAfterSeconds() + "\r\n";
        }
        if (problem.status() == 401) {
            extra = "www-authenticate: Bearer\r\n";
        }
        if (problem.status() == 405) {
            extra = "allow: " + (problem.remedy().contains("POST") ? "POST" : "GET, HEAD") + "\r\n";
        }
        return new Answer(problem.status(), problem.body(), extra);
    }

    static Answer health(int status, String word) {
        String body = "{\"status\":\"" + word + "\"}\n";
        return new Answer(status, body.getBytes(US_ASCII), "");
    }

    /// @param single whether the client sent one event and not a sequence
    /// @param withIds whether the ids of accepted events are told
    static Answer of(Receipt receipt, boolean single, boolean withIds) {
        return switch (receipt) {
            case Receipt.Settled settled -> settled(settled, single, withIds);
            case Receipt.Unavailable _, Receipt.Denied _, Receipt.Throttled _ ->
                    of(problem(receipt));
        };
    }

    /// Why nothing of a batch, or not all of it, is known to be stored.
    static HttpProblem problem(Receipt receipt) {
        return switch (receipt) {
            case Receipt.Settled _ -> throw new IllegalArgumentException("all is settled");
            case Receipt.Unavailable unavailable -> away(unavailable);
            case Receipt.Denied denied -> HttpProblem.denied(denied.denial());
            case Receipt.Throttled throttled -> HttpProblem.throttled(throttled.retryAfterMillis());
        };
    }

    private static HttpProblem away(Receipt.Unavailable unavailable) {
        return new HttpProblem(
                503,
                "log-unavailable",
                unavailable.message("batch"),
                unavailable.remedy("Idempotency-Key"),
                1);
    }

    private static Answer settled(Receipt.Settled settled, boolean single, boolean withIds) {
        List<Receipt.Item> items = settled.items();
        int accepted = 0;
        int dead = 0;
        int refused = 0;
        boolean deduplication = true;
        for (Receipt.Item item : items) {
            switch (item) {
                case Receipt.Accepted one -> {
                    accepted++;
                    deduplication &= one.repeatable();
                }
                case Receipt.Dead _ -> dead++;
                case Receipt.Refused _ -> refused++;
            }
        }
        JsonBytes json = new JsonBytes(128 + (withIds ? 42 * items.size() : 0));
        json.raw("{\"accepted\":").number(accepted);
        json.raw(",\"dead\":").number(dead);
        json.raw(",\"refused\":").number(refused);
        if (settled.spooled() > 0) {
            json.raw(",\"spooled\":").number(settled.spooled());
        }
        if (withIds) {
            ids(json, items);
        }
        json.raw(",\"deduplication\":").raw(deduplication ? "true" : "false");
        json.raw(",\"problems\":[");
        if (dead + refused > 0) {
            problems(json, items);
        }
        json.raw("]}\n");
        return new Answer(status(single, dead, refused), json.toBytes(), "");
    }

    private static int status(boolean single, int dead, int refused) {
        if (dead + refused == 0) {
            return 202;
        }
        if (single) {
            return dead > 0 ? 422 : 413;
        }
        return 207;
    }

    private static void ids(JsonBytes json, List<Receipt.Item> items) {
        json.raw(",\"ids\":[");
        boolean first = true;
        for (Receipt.Item item : items) {
            if (item instanceof Receipt.Accepted accepted) {
                if (!first) {
                    json.raw(",");
                }
                first = false;
                json.text(accepted.id());
            }
        }
        json.raw("]");
    }

    private static void problems(JsonBytes json, List<Receipt.Item> items) {
        boolean first = true;
        for (int index = 0; index < items.size(); index++) {
            Receipt.Item item = items.get(index);
            if (item instanceof Receipt.Accepted) {
                continue;
            }
            json.raw(first ? "{\"index\":" : ",{\"index\":").number(index);
            first = false;
            List<Reason> reasons =
                    switch (item) {
                        case Receipt.Accepted _ -> List.<Reason>of();
                        case Receipt.Dead lost -> {
                            json.raw(",\"status\":\"dead\",\"id\":").text(lost.id());
                            yield lost.reasons();
                        }
                        case Receipt.Refused refused -> {
                            json.raw(",\"status\":\"refused\"");
                            yield refused.reasons();
                        }
                    };
            json.raw(",\"reasons\":").reasons(reasons, MAX_REASONS_BYTES).raw("}");
        }
    }

    /// The same answer with more header lines.
    Answer with(String headers) {
        return headers.isEmpty()
                ? this
                : new Answer(status, body, extraHeaders + headers, contentType);
    }

    /// The same answer in other words.
    Answer withBody(byte[] other, String otherType) {
        return new Answer(status, other, extraHeaders, otherType);
    }

    static boolean isKnown(int status) {
        return STATUS_LINES.containsKey(status);
    }

    /// How a response is put on its connection.
    ///
    /// @param headOnly the request was HEAD: the body is only announced
    /// @param close the connection ends with it
    /// @param oldClient the client speaks HTTP/1.0 and must be told when the connection stays
    record Framing(boolean headOnly, boolean close, boolean oldClient) {}

    /// The response as bytes.
    ByteBuf encode(ByteBufAllocator allocator, Framing framing) {
        ByteBuf out = allocator.buffer(192 + extraHeaders.length() + body.length);
        byte[] line = STATUS_LINES.get(status);
        if (line == null) {
            throw new IllegalStateException("no status line for " + status);
        }
        out.writeBytes(line);
        out.writeBytes(dateLine());
        if (framing.close()) {
            out.writeBytes(CLOSE);
        } else if (framing.oldClient()) {
            out.writeBytes(KEEP_ALIVE);
        }
        if (!extraHeaders.isEmpty()) {
            out.writeCharSequence(extraHeaders, US_ASCII);
        }
        if (!contentType.equals(NO_BODY)) {
            out.writeBytes(CONTENT);
            out.writeCharSequence(contentType, US_ASCII);
            out.writeBytes(LENGTH);
            out.writeCharSequence(Integer.toString(body.length), US_ASCII);
            out.writeBytes(LINE_END);
        }
        out.writeBytes(LINE_END);
        if (!framing.headOnly()) {
            out.writeBytes(body);
        }
        return out;
    }

    private static byte[] dateLine() {
        long second = System.currentTimeMillis() / 1000;
        HttpDate known = date;
        if (known.second() != second) {
            String text =
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
            known = new HttpDate(second, ("date: " + text + "\r\n").getBytes(US_ASCII));
            date = known;
        }
        return known.line();
    }

    private static Map.Entry<Integer, byte[]> line(int status, String reason) {
        return Map.entry(status, ("HTTP/1.1 " + status + " " + reason + "\r\n").getBytes(US_ASCII));
    }
}
