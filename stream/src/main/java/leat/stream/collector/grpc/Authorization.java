package leat.stream.collector.grpc;

import io.grpc.Metadata;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.grpc.GrpcProblem.RefusedCall;
import org.jspecify.annotations.Nullable;

/// Who a call is from: `authorization: Bearer KEY` in its metadata.
final class Authorization {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "bearer ";

    private Authorization() {}

    /// @throws RefusedCall when nobody may come in like this
    static Caller caller(Metadata headers, Access access) throws RefusedCall {
        return switch (access.admit(DoorKind.GRPC, credentials(headers))) {
            case Access.Admission.Admitted(Caller caller) -> caller;
            case Access.Admission.Denied(Denial denial) ->
                    throw new RefusedCall(GrpcProblem.denied(denial));
        };
    }

    private static Credentials credentials(Metadata headers) throws RefusedCall {
        @Nullable Iterable<String> values = headers.getAll(AUTHORIZATION);
        if (values == null) {
            return new Credentials.None();
        }
        int count = 0;
        String last = "";
        for (String value : values) {
            last = value;
            count++;
        }
        if (count != 1
                || !last.regionMatches(true, 0, BEARER, 0, BEARER.length())
                || last.substring(BEARER.length()).isBlank()) {
            throw new RefusedCall(
                    GrpcProblem.denied(
                            new Denial(
                                    Denial.Kind.UNAUTHENTICATED,
                                    "the authorization metadata is not understood",
                                    "send one of the form 'authorization: Bearer KEY'")));
        }
        return new Credentials.Key(last.substring(BEARER.length()).strip());
    }
}
