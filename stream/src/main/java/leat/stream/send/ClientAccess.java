package leat.stream.send;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What a client of Leat's servers shows and whom it trusts.
///
/// @param key the API key it shows
/// @param trust whom it believes to be the server; absent means the authorities of the JDK
public record ClientAccess(Optional<String> key, Optional<SSLContext> trust) {

    /// Shows nothing.
    public static final ClientAccess NONE = new ClientAccess(Optional.empty(), Optional.empty());

    /// The same, trusting the certificates of a PEM file and no others.
    ///
    /// @throws IllegalArgumentException when the file holds no certificate, naming it
    public ClientAccess trusting(Path pemFile) {
        try (InputStream in = Files.newInputStream(pemFile)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(pemFile + " holds no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return new ClientAccess(key, Optional.of(context));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the certificates of " + pemFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// A client's builder that trusts whom it should.
    public HttpClient.Builder client() {
        HttpClient.Builder builder = HttpClient.newBuilder();
        trust.ifPresent(builder::sslContext);
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
