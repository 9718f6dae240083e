package leat.ml.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import leat.core.config.Secrets;
import org.junit.jupiter.api.Test;

final class ObjectStoreSettingsTest {

    private static ObjectStoreSettings settings(String endpoint, String accessKey, String secret) {
        return new ObjectStoreSettings(
                present(endpoint),
                Optional.empty(),
                present(accessKey),
                present(secret),
                Duration.ofSeconds(15));
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(one -> !one.isEmpty());
    }

    @Test
    void bothHalvesOfTheKeyAreTakenFromTheirPlaces() {
        Secrets secrets = new Secrets(Map.of("ID", "leat", "KEY", "hidden"), Path.of(""));

        Optional<ObjectStoreSettings.Credentials> key =
                settings("https://s3.example", "${env:ID}", "${env:KEY}").credentials(secrets);

        assertThat(key).contains(new ObjectStoreSettings.Credentials("leat", "hidden"));
        assertThat(key.toString()).doesNotContain("hidden");
        assertThat(settings("", "", "").credentials(secrets)).isEmpty();
        assertThatThrownBy(() -> settings("", "${env:ID}", "${env:OTHER}").credentials(secrets))
                .hasMessage(
                        "models.object-store.secret-key is to be taken from the variable OTHER,"
                                + " which is not set");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> settings("s3.example", "", ""))
                .hasMessage("endpoint must be http://HOST:PORT or https://HOST:PORT");
        assertThatThrownBy(() -> settings("", "${env:ID}", ""))
                .hasMessage("access-key and secret-key must be given together");
        assertThatThrownBy(() -> settings("", "${env:ID}", "hidden"))
                .hasMessageStartingWith("secret-key must not hold the secret itself")
                .hasMessageNotContaining("hidden");
    }
}
