package leat.console;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Decides from Host and Origin whether a request may be served.
///
/// A browser sends requests of any web page to 127.0.0.1, and a page can give its own name the
/// address 127.0.0.1 (DNS rebinding). The first carries a foreign Origin, the second a foreign
/// Host; programs send neither an Origin nor a foreign Host.
public final class CallerCheck {

    private static final HeaderName FETCH_SITE = HeaderNames.create("sec-fetch-site");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> hosts;
    private final String setting;

    CallerCheck(List<String> allowedHosts) {
        this(allowedHosts, "console.allowed-hosts");
    }

    /// @param allowedHosts names that are ours, beside the loopback ones
    /// @param setting the key of `leat.yaml` that holds them, for the refusal's remedy
    public CallerCheck(List<String> allowedHosts, String setting) {
        this.setting = setting;
        hosts =
                Stream.concat(LOOPBACK.stream(), allowedHosts.stream())
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /// Lets a request through, or answers it with the refusal.
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Optional<ApiError> refusal =
                refuse(
                        request.headers().first(HeaderNames.HOST),
                        request.headers().first(HeaderNames.ORIGIN),
                        request.headers().first(FETCH_SITE));
        if (refusal.isPresent()) {
            Responses.send(response, refusal.get());
        } else {
            chain.proceed();
        }
    }

    /// Why the request is refused; empty when it is fine.
    ///
    /// @param host the Host header with its port
    /// @param origin the Origin header, which browsers send
    /// @param fetchSite the Sec-Fetch-Site header, which browsers send
    Optional<ApiError> refuse(
            Optional<String> host, Optional<String> origin, Optional<String> fetchSite) {
        if (host.map(CallerCheck::withoutPort).filter(hosts::contains).isEmpty()) {
            return Optional.of(
                    new ApiError(
                            403,
                            "host-not-allowed",
                            "the host '" + host.orElse("") + "' is not one of this server",
                            "call it as localhost or 127.0.0.1, or name the host in"
                                    + " "
                                    + setting));
        }
        boolean foreignOrigin = origin.filter(o -> !originAllowed(o, host)).isPresent();
        boolean foreignSite =
                fetchSite.filter(site -> !Set.of("same-origin", "none").contains(site)).isPresent();
        if (foreignOrigin || foreignSite) {
            return Optional.of(
                    new ApiError(
                            403,
                            "origin-not-allowed",
                            "a page of another origin may not call this server",
                            "use the server's own page, or a program that sends no Origin"));
        }
        return Optional.empty();
    }

    /// An origin is ours when it names the very host and port that were called.
    private static boolean originAllowed(String origin, Optional<String> host) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && host.filter(authority::equalsIgnoreCase).isPresent();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        return name.toLowerCase(Locale.ROOT);
    }
}
