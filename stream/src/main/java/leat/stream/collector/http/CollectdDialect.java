package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import leat.core.event.Hash128;
import leat.stream.collector.IncomingBatch.IdempotencyKey;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Limits;
import leat.stream.collector.collectd.ValueList;
import leat.stream.collector.http.HttpProblem.RefusedRequest;

/// An array of value lists, as collectd's `write_http` sends it. The same bytes sent again are
/// duplicates: all values have a time.
record CollectdDialect() implements Dialect {

    static final String PATH = "/v1/collectd";

    @Override
    public Events events(byte[] body, HttpHeaders headers, Limits limits) throws RefusedRequest {
        List<IncomingEvent> events = new ArrayList<>();
        try {
            JsonSlices.array(
                    body,
                    0,
                    body.length,
                    (start, end) -> {
                        events.addAll(list(body, start, end, limits));
                        return events.size() <= limits.requestEvents();
                    });
        } catch (JsonSlices.Broken e) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "broken-array",
                            "the body is not an array of value lists: " + e.getMessage(),
                            "configure write_http with Format \"JSON\""));
        }
        if (events.size() > limits.requestEvents()) {
            throw new RefusedRequest(
                    HttpProblem.tooLarge(
                            "the body has more than " + limits.requestEvents() + " values",
                            "configure write_http with a smaller BufferSize"));
        }
        return new Events(
                events,
                false,
                Optional.of(new IdempotencyKey(Hash128.ofBytes(body).toString(), 0)));
    }

    private static List<IncomingEvent> list(byte[] body, int start, int end, Limits limits) {
        byte[] slice = Arrays.copyOfRange(body, start, end);
        // The intake refuses it by its size.
        return slice.length > limits.eventSize().bytes()
                ? List.of(new IncomingEvent(slice))
                : ValueList.events(slice);
    }
}
