package leat.stream.collector.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/// What a client showed of itself, by whatever protocol.
public sealed interface Credentials {

    /// It showed nothing.
    record None() implements Credentials {}

    /// An API key, as the client sent it: a bearer token, a password.
    record Key(String secret) implements Credentials {

        private static final String BEARER = "bearer ";

        /// The key of `Bearer KEY` (RFC 6750), in whatever case the scheme is written; empty for
        /// other schemes, and where no key follows.
        public static Optional<Key> ofBearer(String authorization) {
            if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return Optional.empty();
            }
            String secret = authorization.substring(BEARER.length()).strip();
            return secret.isEmpty() ? Optional.empty() : Optional.of(new Key(secret));
        }

        /// Without the secret.
        @Override
        public String toString() {
            return "Key[…]";
        }
    }

    /// A certificate that the connection's handshake has verified.
    ///
    /// @param commonName the CN of its subject; empty where it has none
    /// @param uris the URIs among its alternative names, in its order
    /// @param ends when it is good no longer
    record Certificate(String commonName, List<String> uris, Instant ends) implements Credentials {

        private static final int URI_NAME = 6;

        /// Copies the names.
        public Certificate {
            uris = List.copyOf(uris);
        }

        /// Reads the names of a certificate.
        public static Certificate of(X509Certificate certificate) {
            return new Certificate(
                    commonName(certificate.getSubjectX500Principal().getName()),
                    uris(certificate),
                    certificate.getNotAfter().toInstant());
        }

        /// Whether a text of `keys.yaml` can only be a URI, which no CN may pass for.
        static boolean isUri(String subject) {
            return subject.contains("://") || subject.startsWith("urn:");
        }

        /// The names that may stand for a key, the most telling first.
        List<String> subjects() {
            List<String> subjects = new ArrayList<>(uris);
            if (!commonName.isEmpty() && !isUri(commonName)) {
                subjects.add(commonName);
            }
            return subjects;
        }

        private static String commonName(String distinguishedName) {
            try {
                String found = "";
                // From the most general part on, so that the most special one stays.
                for (Rdn part : new LdapName(distinguishedName).getRdns()) {
                    Attribute name = part.toAttributes().get("CN");
                    if (name != null && name.get() instanceof String text) {
                        found = text;
                    }
                }
                return found;
            } catch (InvalidNameException e) {
                throw new IllegalStateException("the JDK cannot read a name it has written", e);
            } catch (NamingException _) {
                return "";
            }
        }

        private static List<String> uris(X509Certificate certificate) {
            try {
                @Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
                List<String> uris = new ArrayList<>();
                for (List<?> name : names == null ? List.<List<?>>of() : names) {
                    if (name.getFirst().equals(URI_NAME) && name.get(1) instanceof String uri) {
                        uris.add(uri);
                    }
                }
                return uris;
            } catch (CertificateParsingException _) {
                return List.of();
            }
        }
    }
}
