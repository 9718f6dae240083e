package leat.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {

    @TempDir private Path folder;

    private Secrets secrets() {
        return new Secrets(Map.of("PASS", "hunter2", "EMPTY", ""), folder);
    }

    @Test
    void putsSecretsIntoTheirPlaces() throws IOException {
        Files.writeString(folder.resolve("pass"), "a$1\\\"b\n");

        assertThat(secrets().resolve("key", "user=u pass=${env:PASS} other=${file:pass}"))
                .isEqualTo("user=u pass=hunter2 other=a$1\\\"b");
        assertThat(secrets().resolve("key", "${file:" + folder.resolve("pass") + "}"))
                .isEqualTo("a$1\\\"b");
        assertThat(secrets().resolve("key", "nothing secret")).isEqualTo("nothing secret");
        assertThat(secrets().toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${env:NONE}", "${env:EMPTY}", "${file:none}", "${file:.}"})
    void namesTheSettingAndThePlaceThatHoldsNone(String text) {
        String place = text.substring(text.indexOf(':') + 1, text.length() - 1);

        assertThatThrownBy(() -> secrets().resolve("search.password", text))
                .isInstanceOfSatisfying(
                        Secrets.Missing.class, e -> assertThat(e.remedy()).isNotBlank())
                .hasMessageStartingWith("search.password is to be taken from the ")
                .hasMessageContaining(place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "x${env:PASS}", "${env:PASS", "${vault:hunter2}"})
    void refusesASecretInThePlaceOfItsPlaceWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> Secrets.requirePlace("password", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("password ")
                .hasMessageContaining("${env:NAME}")
                .hasMessageNotContaining("hunter2");
    }
}
