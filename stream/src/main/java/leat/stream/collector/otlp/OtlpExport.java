package leat.stream.collector.otlp;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import leat.core.event.Hash128;
import leat.stream.collector.IncomingBatch.IdempotencyKey;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Limits;

/// An export request as events.
///
/// @param events one for each log record or data point, in the request's order
/// @param idempotency made of the request's bytes, so that a request that is sent again brings
///   duplicates; empty where a record has no time of its own, since then two requests that are
///   equal can mean two things
public record OtlpExport(List<IncomingEvent> events, Optional<IdempotencyKey> idempotency) {

    public OtlpExport {
        events = List.copyOf(events);
    }

    /// Takes a request apart.
    ///
    /// @param body unpacked
    /// @param now the time of records that have none
    /// @throws MalformedExport when it is no request of the signal, or too much for one
    public static OtlpExport read(
            OtlpSignal signal, OtlpEncoding encoding, byte[] body, Limits limits, Instant now)
            throws MalformedExport {
        Undecoded request =
                switch (encoding) {
                    case PROTOBUF -> new ProtobufPart(body, 0, body.length);
                    case JSON -> new JsonPart(body, 0, body.length);
                };
        Collected collected = new Collected(limits);
        switch (signal) {
            case LOGS -> new LogEvents(collected, now).read(request);
            case METRICS -> new MetricEvents(collected).read(request);
        }
        Optional<IdempotencyKey> idempotency =
                collected.allTimed()
                        ? Optional.of(new IdempotencyKey(Hash128.ofBytes(body).toString(), 0))
                        : Optional.empty();
        return new OtlpExport(collected.events(), idempotency);
    }
}
