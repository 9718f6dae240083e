package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

final class TopicsTest {

    private static final KafkaFuture<Void> FENCED =
            failed(
                    new InvalidReplicationFactorException(
                            "Unable to replicate the partition 1 time(s): All brokers are currently"
                                    + " fenced."));

    private static KafkaFuture<Void> failed(Exception failure) {
        KafkaFutureImpl<Void> future = new KafkaFutureImpl<>();
        future.completeExceptionally(failure);
        return future;
    }

    @Test
    void waitsForBrokersThatAreFenced() {
        Deque<KafkaFuture<Void>> attempts =
                new ArrayDeque<>(
                        List.of(FENCED, FENCED, failed(new TopicExistsException("it is there"))));

        Topics.finish(FENCED, attempts::remove);

        assertThat(attempts).isEmpty();
    }

    @Test
    void doesNotWaitForBrokersThatDoNotExist() {
        KafkaFuture<Void> tooFew =
                failed(
                        new InvalidReplicationFactorException(
                                "The target replication factor of 3 cannot be reached because only"
                                        + " 1 broker(s) are registered."));

        assertThatThrownBy(() -> Topics.finish(tooFew, () -> FENCED))
                .isInstanceOf(LogUnavailable.class)
                .hasMessageContaining("only 1 broker(s)");
    }
}
