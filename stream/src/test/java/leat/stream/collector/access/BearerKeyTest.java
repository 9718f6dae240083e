package leat.stream.collector.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BearerKeyTest {

    @Test
    void standsBehindItsSchemeInAnyCase() {
        assertThat(Credentials.Key.ofBearer("Bearer leat_a_b"))
                .contains(new Credentials.Key("leat_a_b"));
        assertThat(Credentials.Key.ofBearer("bEARER  leat_a_b "))
                .contains(new Credentials.Key("leat_a_b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer   ", "Bearerleat_a_b", "Basic YTpi", "leat_a_b"})
    void isNothingElse(String authorization) {
        assertThat(Credentials.Key.ofBearer(authorization)).isEmpty();
    }
}
