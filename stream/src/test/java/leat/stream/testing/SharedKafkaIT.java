package leat.stream.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

final class SharedKafkaIT {

    @Test
    void makesTopicsOnOneBroker() {
        // Given
        String topic = SharedKafka.freshNames().prefix() + ".topic";

        // When
        SharedKafka.create(List.of(new TopicSpec(topic, 3, Map.of())));

        // Then
        try (Admin admin = SharedKafka.connection().admin()) {
            assertThat(new Topics(admin, 1).partitionCounts(List.of(topic)))
                    .containsExactly(Map.entry(topic, 3));
        }
    }
}
