package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Access.Admission;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.http.HttpProblem.RefusedRequest;

/// Who a request is from: `Authorization: Bearer KEY` (RFC 6750), else the connection's client
/// certificate. A page may show its key in the query as well, since `sendBeacon` sends no headers:
/// everybody can read such a key anyway.
final class Authorization {

    private Authorization() {}

    /// By which door a request comes, and what its client showed when it connected.
    record Shown(DoorKind door, Credentials credentials) {}

    /// @param queryKey the key in the query of a page
    /// @param shown by the client when it connected, for requests without a key; a page shows none
    /// @throws RefusedRequest with 401 when nobody may come in like this
    static Caller caller(HttpHeaders headers, Optional<String> queryKey, Shown shown, Access access)
            throws RefusedRequest {
        Credentials credentials =
                queryKey.isPresent()
                        ? new Credentials.Key(queryKey.get())
                        : credentials(headers, shown.credentials());
        return switch (access.admit(shown.door(), credentials)) {
            case Admission.Admitted(Caller caller) -> caller;
            case Admission.Denied(Denial denial) ->
                    throw new RefusedRequest(HttpProblem.denied(denial));
        };
    }

    /// @throws RefusedRequest with 403 when the caller may not bring events of the contract in
    static void require(Caller caller, Contract contract) throws RefusedRequest {
        Optional<Denial> denial = caller.denial(contract);
        if (denial.isPresent()) {
            throw new RefusedRequest(HttpProblem.denied(denial.get()));
        }
    }

    private static Credentials credentials(HttpHeaders headers, Credentials shown)
            throws RefusedRequest {
        List<String> values = headers.getAll("authorization");
        if (values.isEmpty()) {
            return shown;
        }
        Optional<Credentials.Key> key = Credentials.Key.ofBearer(values.getFirst());
        if (values.size() > 1 || key.isEmpty()) {
            throw new RefusedRequest(
                    HttpProblem.denied(
                            new Denial(
                                    Denial.Kind.UNAUTHENTICATED,
                                    "the Authorization header is not understood",
                                    "send one of the form 'Authorization: Bearer KEY'")));
        }
        return key.get();
    }
}
