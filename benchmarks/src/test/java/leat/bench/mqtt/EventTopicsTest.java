package leat.bench.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTopicsTest {

    private final EventTopics topics =
            new EventTopics(List.of(CarTopic.of("car-telemetry", "fleet/{car}/telemetry")));

    @Test
    void anEventGoesToTheTopicOfItsOwnKey() {
        assertThat(topics.of("car-telemetry", bytes("{\"at\":{\"car\":\"x\"},\"car\":\"car7\"}")))
                .isEqualTo("fleet/car7/telemetry");
    }

    @Test
    void anEventWithoutTheKeyHasNoTopic() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topics.of("car-telemetry", bytes("{\"speed\":1}")))
                .withMessageContaining("has no field 'car'");
    }

    @Test
    void anotherContractHasNoTopic() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topics.of("car-failure", bytes("{\"car\":\"car7\"}")))
                .withMessageContaining("car-failure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fleet/telemetry", "fleet/{car}/{kind}", "fleet/}car{"})
    void aTemplateHasExactlyOneVariable(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CarTopic.of("car-telemetry", template))
                .withMessageContaining("exactly one variable");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
