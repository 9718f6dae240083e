package leat.stream.collector.call;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.call.GrpcProblem.RefusedCall;
import leat.stream.collector.tls.DoorTls;
import org.jspecify.annotations.Nullable;

/// Who a call is from: `authorization: Bearer KEY` in its metadata, else the connection's client
/// certificate.
public final class Authorization {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private Authorization() {}

    /// Who a call is from.
    ///
    /// @param door the one that is called at
    /// @param call what is known of its connection
    /// @throws RefusedCall when nobody may come in like this
    public static Caller caller(DoorKind door, Metadata headers, Attributes call, Access access)
            throws RefusedCall {
        return switch (access.admit(door, credentials(headers, call))) {
            case Access.Admission.Admitted(Caller caller) -> caller;
            case Access.Admission.Denied(Denial denial) ->
                    throw new RefusedCall(GrpcProblem.denied(denial));
        };
    }

    private static Credentials credentials(Metadata headers, Attributes call) throws RefusedCall {
        @Nullable Iterable<String> values = headers.getAll(AUTHORIZATION);
        if (values == null) {
            @Nullable SSLSession session = call.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            return session == null ? new Credentials.None() : DoorTls.credentials(session);
        }
        int count = 0;
        String last = "";
        for (String value : values) {
            last = value;
            count++;
        }
        Optional<Credentials.Key> key = Credentials.Key.ofBearer(last);
        if (count != 1 || key.isEmpty()) {
            throw new RefusedCall(
                    GrpcProblem.denied(
                            new Denial(
                                    Denial.Kind.UNAUTHENTICATED,
                                    "the authorization metadata is not understood",
                                    "send one of the form 'authorization: Bearer KEY'")));
        }
        return key.get();
    }
}
