package leat.stream.collector.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.function.UnaryOperator;
import leat.stream.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateNamesTest {

    @TempDir private Path folder;

    private X509Certificate signed(UnaryOperator<CertificateBuilder> more) {
        return new TestCertificates(folder, "authority")
                .sign("gateway", more)
                .bundle()
                .getCertificate();
    }

    @Test
    void areItsUrisAndItsCommonName() {
        X509Certificate certificate =
                signed(builder ->
                        builder.subject("CN=gateway\\, east,OU=fleet,O=example")
                                .addSanDnsName("gateway.example")
                                .addSanUriName(URI.create("spiffe://plant/gateway"))
                                .addSanUriName(URI.create("urn:device:7")));

        Credentials.Certificate names = Credentials.Certificate.of(certificate);

        assertThat(names.subjects())
                .containsExactly("spiffe://plant/gateway", "urn:device:7", "gateway, east");
        assertThat(names.ends()).isEqualTo(certificate.getNotAfter().toInstant());
    }

    @Test
    void areTheMostSpecialOfSeveralCommonNamesAndNoUriInOne() {
        assertThat(
                        Credentials.Certificate.of(
                                        signed(builder -> builder.subject("CN=own,CN=group")))
                                .subjects())
                .containsExactly("own");
        assertThat(
                        Credentials.Certificate.of(
                                        signed(builder -> builder.subject("CN=spiffe://plant/x")))
                                .subjects())
                .isEmpty();
        assertThat(
                        Credentials.Certificate.of(signed(builder -> builder.subject("O=example")))
                                .subjects())
                .isEmpty();
    }
}
