package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.ObjectName;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class CommittedRecordsTest {

    /// Nothing listens there.
    private static final LogConnection AWAY =
            new LogConnection(
                    "127.0.0.1:1",
                    Map.of("default.api.timeout.ms", "100", "request.timeout.ms", "100"));

    @Test
    void leavesNoConsumerBehindWhereTheLogDoesNotAnswer() throws Exception {
        assertThatThrownBy(() -> new CommittedRecords(AWAY, new TopicPartition("topic", 3), 10))
                .isInstanceOf(LogUnavailable.class)
                .hasMessageStartingWith("cannot read topic-3");

        assertThat(
                        ManagementFactory.getPlatformMBeanServer()
                                .queryNames(
                                        new ObjectName(
                                                "kafka.consumer:type=app-info,id=leat-verify"),
                                        null))
                .isEmpty();
    }
}
