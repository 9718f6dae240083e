package leat.stream.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import leat.stream.tls.TlsContexts;
import leat.stream.tls.TlsIdentity;
import leat.stream.tls.TlsSettings;

/// An authority made for a test, and what it signs, as PEM files of a folder.
public final class TestCertificates {

    private final Path folder;
    private final X509Bundle authority;
    private final Path authorityFile;

    /// Makes an authority.
    ///
    /// @param folder where files go
    public TestCertificates(Path folder, String name) {
        this.folder = folder;
        try {
            this.authority = fresh("CN=" + name).setIsCertificateAuthority(true).buildSelfSigned();
            this.authorityFile = folder.resolve(name + ".pem");
            Files.writeString(authorityFile, authority.getCertificatePEM());
        } catch (Exception e) {
            throw new IllegalStateException("cannot make an authority", e);
        }
    }

    /// A certificate with its key, in two files.
    public record Signed(Path certificate, Path key, X509Bundle bundle) {

        /// The same as programs of this JVM use it.
        public TlsIdentity identity() {
            return new TlsIdentity(
                    List.of(bundle.getCertificatePath()), bundle.getKeyPair().getPrivate());
        }
    }

    /// The authority's certificate.
    public Path authorityFile() {
        return authorityFile;
    }

    /// The authority, to sign others with.
    public X509Bundle authority() {
        return authority;
    }

    /// A certificate of a server on this machine.
    public Signed server(String name) {
        return sign(
                name,
                builder ->
                        builder.addSanDnsName("localhost")
                                .addSanIpAddress("127.0.0.1")
                                .addExtendedKeyUsageServerAuth());
    }

    /// A certificate of a client.
    public Signed client(String commonName) {
        return sign(commonName, CertificateBuilder::addExtendedKeyUsageClientAuth);
    }

    /// A certificate with CN `name`, in the files `name.pem` and `name.key`.
    public Signed sign(String name, UnaryOperator<CertificateBuilder> more) {
        try {
            X509Bundle bundle = more.apply(fresh("CN=" + name)).buildIssuedBy(authority);
            return write(name, bundle);
        } catch (Exception e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private Signed write(String name, X509Bundle bundle) throws IOException {
        Path certificate = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + ".key");
        Files.writeString(certificate, bundle.getCertificatePathPEM());
        Files.writeString(key, bundle.getPrivateKeyPEM());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new Signed(certificate, key, bundle);
    }

    /// What lets a server speak TLS and ask for certificates of this authority, whoever has signed
    /// its own.
    public TlsSettings settings(Signed server) {
        return new TlsSettings(
                server.certificate(), server.key(), Optional.of(authorityFile), Optional.empty());
    }

    /// A client's side that trusts this authority, whoever has signed what it shows.
    public SSLContext client(Optional<Signed> shown) {
        return TlsContexts.of(shown.map(Signed::identity), List.of(authority.getCertificate()));
    }

    private static CertificateBuilder fresh(String subject) {
        Instant now = Instant.now();
        return new CertificateBuilder()
                .ecp256()
                .subject(subject)
                .notBefore(now.minus(Duration.ofHours(1)))
                .notAfter(now.plus(Duration.ofDays(2)));
    }
}
