package leat.stream.collector.grpc;

import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.stream.collector.EndedContract;
import leat.stream.collector.Receipt;
import leat.stream.collector.call.GrpcProblem;
import leat.stream.collector.call.GrpcProblem.RefusedCall;

/// Why the collector refuses a request as a whole, and its call ends with it: nothing of it is
/// stored, unless the message says so.
final class Refusals {

    private static final long SECOND_MILLIS = 1000;

    private Refusals() {}

    static GrpcProblem tooBusy(String what) {
        return new GrpcProblem(
                Status.Code.RESOURCE_EXHAUSTED,
                "too-busy",
                "the collector holds as many " + what + " as it may",
                "send again after the delay of RetryInfo",
                SECOND_MILLIS);
    }

    static GrpcProblem tooSlow(String what, Duration timeout) {
        return new GrpcProblem(
                Status.Code.DEADLINE_EXCEEDED,
                "too-slow",
                what + " within " + timeout.toSeconds() + " s",
                "send again, faster or in smaller requests, and read the replies",
                SECOND_MILLIS);
    }

    static GrpcProblem stopping() {
        return new GrpcProblem(
                Status.Code.UNAVAILABLE,
                "stopping",
                "the collector stops; requests without a reply were not stored, or are found by"
                        + " their ids",
                "send them again, to another collector or later",
                SECOND_MILLIS);
    }

    static GrpcProblem throttled(long retryAfterMillis) {
        return new GrpcProblem(
                Status.Code.RESOURCE_EXHAUSTED,
                "quota",
                "the key has used up what it may send for now",
                "send again after the delay of RetryInfo",
                retryAfterMillis);
    }

    static GrpcProblem away(Receipt.Unavailable unavailable) {
        return new GrpcProblem(
                Status.Code.UNAVAILABLE,
                "log-unavailable",
                unavailable.message("request"),
                unavailable.remedy("idempotency_key"),
                SECOND_MILLIS);
    }

    /// Refuses events for a contract that takes none any more.
    static void refuseEnded(Contract contract, Instant now) throws RefusedCall {
        Optional<EndedContract> ended = EndedContract.of(contract, now);
        if (ended.isPresent()) {
            throw new RefusedCall(
                    new GrpcProblem(
                            Status.Code.FAILED_PRECONDITION,
                            "contract-ended",
                            ended.get().message(),
                            ended.get().remedy(""),
                            0));
        }
    }
}
