package leat.stream.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedOriginsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example",
                "http://localhost:5173",
                "http://127.0.0.1:8099",
                "http://[::1]:8099"
            })
    void anOriginAsBrowsersWriteItIsTaken(String origin) {
        assertThat(HttpSettings.defaults().withAllowedOrigins(List.of(origin)).allowedOrigins())
                .containsExactly(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "shop.example",
                "https://shop.example/",
                "https://Shop.example",
                "https://shop.example:443",
                "http://shop.example:80",
                "https://*.shop.example",
                "https://user@shop.example",
                "ftp://shop.example",
                "https://shop example"
            })
    void anythingThatNoBrowserSendsIsRefusedAndTheFormIsShown(String origin) {
        HttpSettings settings = HttpSettings.defaults();

        assertThatThrownBy(() -> settings.withAllowedOrigins(List.of(origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http.allowed-origins has '" + origin + "'")
                .hasMessageContaining("https://shop.example");
    }
}
