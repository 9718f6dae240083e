package leat.stream.collector.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.stream.collector.EndedContract;
import leat.stream.collector.Receipt;
import leat.stream.collector.access.Denial;

/// Why a request as a whole was refused, and its call ends with it: nothing of it is stored, unless
/// the message says so.
///
/// @param word a word for programs, the same as over HTTP
/// @param message what is wrong
/// @param remedy what would be right
/// @param retryAfterMillis when to send the same again; 0 where that would not help
record GrpcProblem(
        Status.Code code, String word, String message, String remedy, long retryAfterMillis) {

    private static final String DOMAIN = "leat";
    private static final long SECOND_MILLIS = 1000;

    static GrpcProblem invalid(String word, String message, String remedy) {
        return new GrpcProblem(Status.Code.INVALID_ARGUMENT, word, message, remedy, 0);
    }

    static GrpcProblem tooBusy(String what) {
        return new GrpcProblem(
                Status.Code.RESOURCE_EXHAUSTED,
                "too-busy",
                "the collector holds as many " + what + " as it may",
                "send again after the delay of RetryInfo",
                SECOND_MILLIS);
    }

    static GrpcProblem tooSlow(String what, java.time.Duration timeout) {
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

    static GrpcProblem denied(Denial denial) {
        return switch (denial.kind()) {
            case UNAUTHENTICATED ->
                    new GrpcProblem(
                            Status.Code.UNAUTHENTICATED,
                            "unauthenticated",
                            denial.message(),
                            denial.remedy(),
                            0);
            case FORBIDDEN ->
                    new GrpcProblem(
                            Status.Code.PERMISSION_DENIED,
                            "forbidden",
                            denial.message(),
                            denial.remedy(),
                            0);
        };
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

    /// With what a call is closed.
    ///
    /// @param trailers the details, for clients that read them
    record Ending(Status status, Metadata trailers) {}

    /// The status with its details.
    ///
    /// @param more details of the call's own
    Ending ending(List<? extends Message> more) {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder()
                        .setCode(code.value())
                        .setMessage(message + "; " + remedy)
                        .addDetails(
                                Any.pack(
                                        ErrorInfo.newBuilder()
                                                .setDomain(DOMAIN)
                                                .setReason(
                                                        word.toUpperCase(Locale.ROOT)
                                                                .replace('-', '_'))
                                                .putMetadata("remedy", remedy)
                                                .build()));
        if (retryAfterMillis > 0) {
            status.addDetails(
                    Any.pack(
                            RetryInfo.newBuilder().setRetryDelay(delay(retryAfterMillis)).build()));
        }
        more.forEach(detail -> status.addDetails(Any.pack(detail)));
        StatusRuntimeException ending = StatusProto.toStatusRuntimeException(status.build());
        return new Ending(
                ending.getStatus(),
                Optional.ofNullable(ending.getTrailers()).orElseGet(Metadata::new));
    }

    private static Duration delay(long millis) {
        return Duration.newBuilder()
                .setSeconds(millis / 1000)
                .setNanos(Math.toIntExact(millis % 1000) * 1_000_000)
                .build();
    }

    /// The problem on its way up from the place that found it.
    static final class RefusedCall extends Exception {

        private final transient GrpcProblem problem;

        RefusedCall(GrpcProblem problem) {
            super(problem.message(), null, false, false);
            this.problem = problem;
        }

        GrpcProblem problem() {
            return problem;
        }
    }
}
