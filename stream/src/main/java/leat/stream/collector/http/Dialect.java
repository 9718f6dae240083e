package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import leat.stream.collector.IncomingBatch.IdempotencyKey;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Limits;
import leat.stream.collector.Receipt;
import leat.stream.collector.http.HttpProblem.RefusedRequest;

/// How events stand in a body, and how its sender is answered.
sealed interface Dialect permits BodyKind, OtlpDialect, CollectdDialect {

    /// A body cut into its events.
    ///
    /// @param single whether the client sent one event and not a sequence of one
    /// @param idempotency what the body itself is known by when it comes again; a key that the
    ///   client names goes before it
    record Events(
            List<IncomingEvent> events, boolean single, Optional<IdempotencyKey> idempotency) {

        Events(List<IncomingEvent> events, boolean single) {
            this(events, single, Optional.empty());
        }
    }

    /// Cuts the body into its events.
    Events events(byte[] body, HttpHeaders headers, Limits limits) throws RefusedRequest;

    /// What the sender is told of its events.
    ///
    /// @param withIds whether the ids of accepted events are told
    default Answer answer(Receipt receipt, boolean single, boolean withIds) {
        return Answer.of(receipt, single, withIds);
    }

    /// What the sender of a request that was refused as a whole is told.
    default Answer refusal(HttpProblem problem) {
        return Answer.of(problem);
    }
}
