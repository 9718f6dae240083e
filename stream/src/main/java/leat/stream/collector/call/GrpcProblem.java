package leat.stream.collector.call;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leat.stream.collector.access.Denial;

/// Why a call is refused and ends.
///
/// @param word a word for programs, the same as over HTTP
/// @param message what is wrong
/// @param remedy what would be right
/// @param retryAfterMillis when to send the same again; 0 where that would not help
public record GrpcProblem(
        Status.Code code, String word, String message, String remedy, long retryAfterMillis) {

    private static final String DOMAIN = "leat";

    public static GrpcProblem invalid(String word, String message, String remedy) {
        return new GrpcProblem(Status.Code.INVALID_ARGUMENT, word, message, remedy, 0);
    }

    /// Nobody may come in like this.
    public static GrpcProblem denied(Denial denial) {
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

    /// With what a call is closed.
    ///
    /// @param trailers the details, for clients that read them
    public record Ending(Status status, Metadata trailers) {}

    /// The status with its details.
    ///
    /// @param more details of the call's own
    public Ending ending(List<? extends Message> more) {
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
    public static final class RefusedCall extends Exception {

        private final transient GrpcProblem problem;

        public RefusedCall(GrpcProblem problem) {
            super(problem.message(), null, false, false);
            this.problem = problem;
        }

        public GrpcProblem problem() {
            return problem;
        }
    }
}
