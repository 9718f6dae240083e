package leat.stream.collector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicTemplateTest {

    @Test
    void takesAVariableForOneWholeLevel() {
        // Given
        TopicTemplate template = TopicTemplate.parse("fleet/{car}/telemetry");

        // When
        String[] levels = template.match("fleet/car-7/telemetry");

        // Then
        assertThat(levels).containsExactly("fleet", "car-7", "telemetry");
        assertThat(template.place("car")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fleet/car-7",
                "fleet//telemetry",
                "fleet/car-7/telemetry/",
                "/fleet/car-7/telemetry",
                "Fleet/car-7/telemetry",
                "fleet/a/b/telemetry"
            })
    void isNotTheShapeOfOtherTopics(String topic) {
        assertThat(TopicTemplate.parse("fleet/{car}/telemetry").match(topic)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fleet/+", "fleet/#", "fleet/car{id}", "{car}/{car}", "a/{1}"})
    void isRefusedWhereItsTopicsCouldNotBeTold(String text) {
        assertThatThrownBy(() -> TopicTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topic");
    }

    @ParameterizedTest
    @CsvSource({
        "fleet/{car}/telemetry, fleet/{other}/telemetry, true",
        "fleet/{car}/telemetry, fleet/test/{what}, true",
        "fleet/{car}/telemetry, fleet/{car}/failure, false",
        "fleet/{car}, fleet/{car}/telemetry, false"
    })
    void overlapsAnotherWhereSomeTopicIsOfBothShapes(String one, String other, boolean overlaps) {
        assertThat(TopicTemplate.parse(one).overlaps(TopicTemplate.parse(other)))
                .isEqualTo(overlaps);
    }
}
