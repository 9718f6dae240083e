package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

final class TopicsIT {

    private final String name = SharedKafka.freshNames().prefix() + ".topic";

    @Test
    void plansWhatIsMissingAndKeepsWhatFits() {
        try (Admin admin = SharedKafka.connection().admin()) {
            // Given
            Topics topics = new Topics(admin, 1);
            TopicSpec spec = new TopicSpec(name, 2, Map.of("retention.ms", "60000"));
            List<TopicChange> first = topics.plan(List.of(spec));

            // When
            topics.apply(first);

            // Then
            assertThat(first).containsExactly(new TopicChange.Create(spec));
            assertThat(topics.plan(List.of(spec))).containsExactly(new TopicChange.Keep(name));
            assertThat(topics.ids(List.of(name, "nowhere"))).containsOnlyKeys(name);
        }
    }

    @Test
    void reportsEveryDifferenceAndAltersNothing() {
        try (Admin admin = SharedKafka.connection().admin()) {
            // Given
            Topics topics = new Topics(admin, 1);
            TopicSpec made = new TopicSpec(name, 2, Map.of("retention.ms", "60000"));
            topics.apply(topics.plan(List.of(made)));

            // When
            TopicSpec wanted = new TopicSpec(name, 4, Map.of("retention.ms", "-1"));
            List<TopicChange> plan = topics.plan(List.of(wanted));
            topics.apply(plan);

            // Then
            assertThat(plan)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TopicChange.Differs.class,
                            differs ->
                                    assertThat(differs.differences())
                                            .containsExactly(
                                                    "it has 2 partitions, the contract wants 4",
                                                    "retention.ms is 60000, the contract wants"
                                                            + " -1"));
            assertThat(topics.partitionCounts(List.of(name))).containsEntry(name, 2);
        }
    }

    @Test
    void aClusterThatCanLoseAcknowledgedEventsMeetsAnObjection() {
        try (Admin admin = SharedKafka.connection().admin()) {
            assertThat(ClusterSafety.objection(admin, 1)).contains("topics would have 1 replica");
            assertThat(ClusterSafety.objection(admin, 3))
                    .contains("the brokers have min.insync.replicas=1");
        }
    }
}
