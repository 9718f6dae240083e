package leat.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Base64;
import java.util.Optional;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Access.Admission;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;

/// Lets in who shows a key for the door `console`: programs as `Authorization: Bearer KEY`,
/// browsers as the password of basic authentication, under any user name. Health says no more than
/// yes or no and is told to everybody, since balancers have no keys.
record CallerKeys(Access access) {

    private static final String BASIC = "basic ";
    private static final String HEALTH = "/health/";

    /// Lets a request through, or answers it with the refusal.
    void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (request.path().path().startsWith(HEALTH)) {
            chain.proceed();
            return;
        }
        switch (access.admit(
                DoorKind.CONSOLE,
                credentials(request.headers().first(HeaderNames.AUTHORIZATION)))) {
            case Admission.Admitted(Caller caller) -> RequestCaller.of(caller, chain::proceed);
            case Admission.Denied(Denial denial) -> refuse(response, denial);
        }
    }

    private static void refuse(RoutingResponse response, Denial denial) {
        switch (denial.kind()) {
            case UNAUTHENTICATED -> {
                response.header("www-authenticate", "Basic realm=\"leat\", charset=\"UTF-8\"");
                Responses.send(
                        response,
                        new ApiError(401, "unauthenticated", denial.message(), denial.remedy()));
            }
            case FORBIDDEN ->
                    Responses.send(
                            response,
                            new ApiError(403, "forbidden", denial.message(), denial.remedy()));
        }
    }

    static Credentials credentials(Optional<String> authorization) {
        String value = authorization.orElse("");
        Optional<Credentials.Key> bearer = Credentials.Key.ofBearer(value);
        if (bearer.isPresent()) {
            return bearer.get();
        }
        if (value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return new Credentials.Key(password(value.substring(BASIC.length()).strip()));
        }
        return new Credentials.None();
    }

    /// What stands behind the first colon; nothing where there is none, which is no key either.
    private static String password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }
}
