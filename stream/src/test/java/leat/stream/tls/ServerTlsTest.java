package leat.stream.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import leat.stream.testing.TestCertificates;
import leat.stream.testing.TestCertificates.Signed;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerTlsTest {

    @TempDir private Path folder;

    private TestCertificates certificates;

    @BeforeEach
    void authority() {
        certificates = new TestCertificates(folder, "authority");
    }

    private static ServerTls read(Path certificate, Path key, Optional<Path> authorities) {
        return ServerTls.read(
                "collector.tls",
                new TlsSettings(certificate, key, authorities, Optional.empty()),
                Instant.now());
    }

    /// What is said of files that cannot be used, and never what stands in them.
    private static AbstractThrowableAssert<?, ? extends Throwable> refused(
            Path certificate, Path key, String remedy) {
        return assertThatThrownBy(() -> read(certificate, key, Optional.empty()))
                .isInstanceOfSatisfying(
                        TlsUnusable.class, fault -> assertThat(fault.remedy()).contains(remedy));
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
    void readsKeysOfEachKindThatIsSpoken(Algorithm algorithm) {
        Signed server = certificates.sign("server", builder -> builder.algorithm(algorithm));

        ServerTls tls =
                read(server.certificate(), server.key(), Optional.of(certificates.authorityFile()));

        assertThat(tls.identity()).isEqualTo(server.identity());
        assertThat(tls.requiresClientCertificates()).isTrue();
        assertThat(tls.newEngine().getNeedClientAuth()).isTrue();
        assertThat(tls.identity().toString()).isEqualTo("TlsIdentity[CN=server]");
    }

    @Test
    void namesTheSettingAndTheFileThatIsNotThere() {
        Signed server = certificates.server("server");
        Path nowhere = folder.resolve("nowhere.pem");

        refused(nowhere, server.key(), "correct the path")
                .hasMessage("collector.tls.certificate: the file " + nowhere + " is not there");
        refused(server.certificate(), nowhere, "correct the path")
                .hasMessage("collector.tls.key: the file " + nowhere + " is not there");
        assertThatThrownBy(() -> read(server.certificate(), server.key(), Optional.of(nowhere)))
                .hasMessageContaining("collector.tls.client-authorities: the file " + nowhere);
    }

    @Test
    void refusesACertificateThatHasExpiredOrHasNotBegun() {
        Instant now = Instant.now();
        Signed old =
                certificates.sign(
                        "old",
                        builder ->
                                builder.notBefore(now.minus(Duration.ofDays(3)))
                                        .notAfter(now.minus(Duration.ofDays(1))));
        Signed early =
                certificates.sign(
                        "early", builder -> builder.notBefore(now.plus(Duration.ofHours(5))));

        refused(old.certificate(), old.key(), "put a renewed one")
                .hasMessageContaining("CN=old that expired at");
        refused(early.certificate(), early.key(), "clock")
                .hasMessageContaining("CN=early that is good from");
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
        Signed server = certificates.server("server");
        Signed other = certificates.server("other");
        Signed ofAnotherKind = certificates.sign("rsa", CertificateBuilder::rsa2048);

        refused(server.certificate(), other.key(), "the certificate was made for")
                .hasMessageContaining("does not belong to the certificate " + server.certificate());
        refused(server.certificate(), ofAnotherKind.key(), "the certificate was made for");
    }

    @Test
    void refusesAChainInTheWrongOrder() throws IOException {
        Signed server = certificates.server("server");
        Files.writeString(
                server.certificate(),
                Files.readString(certificates.authorityFile())
                        + Files.readString(server.certificate()));

        refused(server.certificate(), server.key(), "own certificate first")
                .hasMessageContaining("certificate 1 is not signed by certificate 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void saysHowToConvertOtherFormsOfKeysWithoutRepeatingThem(String form) throws IOException {
        Signed server = certificates.server("server");
        String text = Files.readString(server.key());
        String secret = text.lines().skip(1).findFirst().orElseThrow();
        Files.writeString(server.key(), text.replace("PRIVATE KEY", form));

        refused(server.certificate(), server.key(), "openssl pkcs8")
                .hasMessageNotContaining(secret);
    }

    @Test
    void refusesFilesOfSomethingElse() throws IOException {
        Signed server = certificates.server("server");
        Path text = folder.resolve("text");
        Files.writeString(text, "hello");
        Path broken = folder.resolve("broken.pem");
        Files.writeString(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        refused(text, server.key(), "PEM").hasMessageContaining("holds no certificate");
        refused(broken, server.key(), "copy").hasMessageContaining("cannot be read");
        refused(server.certificate(), text, "PEM").hasMessageContaining("holds no private key");
        refused(server.certificate(), server.certificate(), "PEM")
                .hasMessageContaining("holds no private key");
    }

    @Test
    void refusesAKeyThatAnybodyCanRead() throws IOException {
        Signed server = certificates.server("server");
        Files.setPosixFilePermissions(server.key(), PosixFilePermissions.fromString("rw-r--r--"));

        refused(server.certificate(), server.key(), "chmod 600")
                .hasMessageContaining("can be read by anybody");
    }

    @Test
    void clientCertificatesNeedAnAuthority() {
        assertThatThrownBy(() ->
                        new TlsSettings(
                                Path.of("c"),
                                Path.of("k"),
                                Optional.empty(),
                                Optional.of(TlsSettings.ClientCertificates.OPTIONAL)))
                .hasMessageContaining("client-certificates needs client-authorities");
    }
}
