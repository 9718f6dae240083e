package leat.ml.featurestore.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.config.Secrets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnlineSettingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"redis://localhost", "redis://h:6379", "redis://h:1/0", "rediss://h/15"})
    void anAddressOfRedisIsTaken(String address) {
        assertThat(settings(address, null, null).redis()).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h:1",
                "localhost:6379",
                "redis://h/x",
                "redis://user@h",
                "redis://h:1/0/1",
                "redis:///0",
                "redis://h a"
            })
    void whatIsNoAddressOfRedisIsRefused(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(address, null, null))
                .withMessageStartingWith("redis ");
    }

    @Test
    void aPasswordIsNamedByItsPlaceOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("redis://:hunter2@h", null, null))
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("redis://h", null, "hunter2"))
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException().isThrownBy(() -> settings("redis://h", "leat", null));

        assertThat(
                        settings("redis://h", "leat", "${env:REDIS}")
                                .password(new Secrets(Map.of("REDIS", "hunter2"), Path.of("."))))
                .contains("hunter2");
    }

    private static OnlineSettings settings(
            String redis, @Nullable String user, @Nullable String password) {
        return new OnlineSettings(
                DataSize.mebibytes(64),
                Optional.of(redis),
                Optional.ofNullable(user),
                Optional.ofNullable(password));
    }
}
