package leat.stream.log;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import leat.core.config.Secrets;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/// Which of Kafka's client properties are secret.
final class ClientSecrets {

    /// Kafka calls these secret too, so that they stay out of its logs; everybody may know them.
    private static final Set<String> PUBLIC =
            Set.of(
                    SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
                    SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG);

    /// Properties of callbacks, which Kafka does not know.
    private static final Pattern SECRET_NAME = Pattern.compile("(?i)password|passphrase|secret");

    /// An option of a login module with a secret, and not with its place.
    private static final Pattern SECRET_OPTION =
            Pattern.compile("(?i)\\b\\w*(password|secret)\\w*\\s*=\\s*+(?![\"']?\\$\\{)");

    private static final Set<String> SECRET = secret();

    private ClientSecrets() {}

    /// Refuses a value that holds a secret instead of naming its place.
    ///
    /// @throws IllegalArgumentException that names the property and not its value
    static void check(String property, String value) {
        String setting = "client: " + property;
        if (property.equals(SaslConfigs.SASL_JAAS_CONFIG)) {
            Secrets.checkPlaces(setting, value);
            if (SECRET_OPTION.matcher(value).find()) {
                throw Secrets.literal(setting);
            }
        } else if (isSecret(property)) {
            Secrets.requirePlace(setting, value);
        } else {
            Secrets.checkPlaces(setting, value);
        }
    }

    static boolean isSecret(String property) {
        return SECRET.contains(property) || SECRET_NAME.matcher(property).find();
    }

    private static Set<String> secret() {
        Set<String> secret = new TreeSet<>();
        for (ConfigDef known :
                Set.of(
                        ProducerConfig.configDef(),
                        ConsumerConfig.configDef(),
                        AdminClientConfig.configDef())) {
            known.configKeys()
                    .forEach((name, key) -> {
                        if (key.type() == ConfigDef.Type.PASSWORD) {
                            secret.add(name);
                        }
                    });
        }
        secret.removeAll(PUBLIC);
        return secret;
    }
}
