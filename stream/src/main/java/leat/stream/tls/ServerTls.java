package leat.stream.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// One reading of the files by which a server speaks TLS. Two readings are equal when they say the
/// same.
public final class ServerTls {

    /// Which versions servers speak.
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final TlsIdentity identity;
    private final List<X509Certificate> clientAuthorities;
    private final boolean requiresClientCertificates;
    private final SSLContext context;

    private ServerTls(
            TlsIdentity identity,
            List<X509Certificate> clientAuthorities,
            boolean requiresClientCertificates) {
        this.identity = identity;
        this.clientAuthorities = List.copyOf(clientAuthorities);
        this.requiresClientCertificates = requiresClientCertificates;
        this.context = TlsContexts.of(Optional.of(identity), clientAuthorities);
    }

    /// Reads and checks the files.
    ///
    /// @param setting where the files are named, `collector.tls`, for messages
    /// @throws TlsUnusable with the setting, the file, the reason and the remedy
    public static ServerTls read(String setting, TlsSettings settings, Instant now) {
        TlsIdentity identity =
                TlsIdentity.read(
                        setting + ".certificate",
                        settings.certificate(),
                        setting + ".key",
                        settings.key(),
                        now);
        List<X509Certificate> authorities =
                settings.clientAuthorities()
                        .map(file -> TlsContexts.authorities(setting + ".client-authorities", file))
                        .orElse(List.of());
        return new ServerTls(identity, authorities, settings.requiresClientCertificates());
    }

    /// What the server shows of itself.
    public TlsIdentity identity() {
        return identity;
    }

    /// Who signs the certificates of clients; none where clients are not asked.
    public List<X509Certificate> clientAuthorities() {
        return clientAuthorities;
    }

    /// Whether clients are asked for a certificate.
    public boolean asksClients() {
        return !clientAuthorities.isEmpty();
    }

    /// Whether nobody gets a connection without a certificate.
    public boolean requiresClientCertificates() {
        return requiresClientCertificates;
    }

    /// The same as the JDK's context. Each reading has its own, so that no session of clients whom
    /// an earlier one believed is taken up again.
    public SSLContext context() {
        return context;
    }

    /// What the server shows of itself, as the JDK asks for it.
    public X509ExtendedKeyManager keyManager() {
        return TlsContexts.keyManager(identity);
    }

    /// One server's side of one connection.
    public SSLEngine newEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS.toArray(String[]::new));
        if (requiresClientCertificates) {
            engine.setNeedClientAuth(true);
        } else if (asksClients()) {
            engine.setWantClientAuth(true);
        }
        return engine;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServerTls tls
                && identity.equals(tls.identity)
                && clientAuthorities.equals(tls.clientAuthorities)
                && requiresClientCertificates == tls.requiresClientCertificates;
    }

    @Override
    public int hashCode() {
        return Objects.hash(identity, clientAuthorities, requiresClientCertificates);
    }
}
