package leat.stream.send;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// What a client of Leat's servers shows and whom it trusts.
///
/// @param key the API key it shows
/// @param tls whom it believes to be the server, and the certificate it shows; absent means the
///   authorities of the JDK, and none
public record ClientAccess(Optional<String> key, Optional<SSLContext> tls) {

    /// Shows nothing.
    public static final ClientAccess NONE = new ClientAccess(Optional.empty(), Optional.empty());

    /// A client's builder that trusts whom it should.
    public HttpClient.Builder client() {
        HttpClient.Builder builder = HttpClient.newBuilder();
        tls.ifPresent(builder::sslContext);
        return builder;
    }

    /// Adds the key to a request.
    public HttpRequest.Builder authorize(HttpRequest.Builder request) {
        key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "ClientAccess[" + (key.isPresent() ? "a key" : "no key") + "]";
    }
}
