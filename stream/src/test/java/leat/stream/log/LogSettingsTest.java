package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import leat.core.config.Secrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogSettingsTest {

    private static final String MODULE =
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\"";

    private static LogSettings settings(String property, String value) {
        return new LogSettings(
                Optional.of("kafka:9092"), 9092, Map.of(property, value), 3, false, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ssl.key.password | hunter2",
                "ssl.keystore.password | hunter2",
                "ssl.keystore.key | -----BEGIN PRIVATE KEY----- hunter2",
                "ssl.truststore.password | hunter2",
                "sasl.oauthbearer.client.credentials.client.secret | hunter2",
                "my.callback.password | hunter2",
                "sasl.jaas.config | PlainLoginModule required username=\"u\" password=\"hunter2\";",
                "sasl.jaas.config | PlainLoginModule required password = hunter2;",
                "sasl.jaas.config | OAuthBearerLoginModule required clientSecret='hunter2';",
                "ssl.keystore.location | ${vault:hunter2}",
            })
    void refusesASecretWithoutRepeatingIt(String property, String value) {
        assertThatThrownBy(() -> settings(property, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client: " + property)
                .hasMessageContaining("${file:PATH}")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ssl.key.password | ${env:X}",
                "ssl.truststore.certificates | -----BEGIN CERTIFICATE----- MII",
                "ssl.keystore.certificate.chain | ${file:chain.pem}",
                "security.protocol | SASL_SSL",
                "sasl.jaas.config | ScramLoginModule required username=\"u\" password=\"${env:X}\";",
                "sasl.jaas.config | ScramLoginModule required password = ${env:X} tokenauth=true;",
                "sasl.jaas.config | Krb5LoginModule required useKeyTab=true keyTab=\"/k\";",
                "sasl.jaas.config | ${file:jaas.conf}",
            })
    void takesPlacesAndWhatIsNotSecret(String property, String value) {
        assertThatCode(() -> settings(property, value)).doesNotThrowAnyException();
    }

    @Test
    void aPasswordStaysWholeBetweenTheQuotesOfALoginModule() {
        LogSettings settings = settings("sasl.jaas.config", MODULE + " password=\"${env:PASS}\";");

        Map<String, String> client =
                settings.client(new Secrets(Map.of("PASS", "a\"b\\c;"), Path.of("")));

        assertThat(client.get("sasl.jaas.config"))
                .isEqualTo(MODULE + " password=\"a\\\"b\\\\c;\";");
        assertThat(new LogConnection("kafka:9092", client).toString())
                .contains("kafka:9092", "sasl.jaas.config")
                .doesNotContain("ScramLoginModule");
    }
}
