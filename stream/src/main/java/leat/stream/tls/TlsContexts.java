package leat.stream.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Makes the JDK's contexts from certificates and keys.
public final class TlsContexts {

    private static final char[] NO_PASSWORD = new char[0];

    private TlsContexts() {}

    /// A context.
    ///
    /// @param identity what it shows of itself; empty for nothing
    /// @param authorities whose signatures it believes; none means those of the JDK
    public static SSLContext of(Optional<TlsIdentity> identity, List<X509Certificate> authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    identity.isPresent() ? keys(identity.get()) : null, trust(authorities), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK refuses what was read and checked", e);
        }
    }

    /// Reads the certificates of authorities.
    ///
    /// @param setting names the file in messages
    /// @throws TlsUnusable when there is none
    public static List<X509Certificate> authorities(String setting, Path file) {
        return new PemFile(setting, file).certificates();
    }

    /// A server's context that goes by another manager's keys and asks clients for nothing.
    public static SSLContext of(X509ExtendedKeyManager keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refuses a key manager", e);
        }
    }

    static X509ExtendedKeyManager keyManager(TlsIdentity identity) {
        try {
            return (X509ExtendedKeyManager) keys(identity)[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK refuses what was read and checked", e);
        }
    }

    private static KeyManager[] keys(TlsIdentity identity)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "own", identity.key(), NO_PASSWORD, identity.chain().toArray(new Certificate[0]));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        if (authorities.isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
