package leat.stream.log;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// How a stage is doing.
public sealed interface StageHealth {

    /// It is about to join its group, or restores the state of its first partitions.
    record Starting() implements StageHealth {}

    /// It works, save for the partitions in `stopped`, each with what an operator has to do.
    record Running(Map<TopicPartition, String> stopped) implements StageHealth {
        public Running {
            stopped = Map.copyOf(stopped);
        }
    }

    /// Kafka refuses or does not answer; the stage tries again.
    record Retrying(Instant since, String why) implements StageHealth {}

    /// It ended; `why` is empty when it was told to.
    record Stopped(String why) implements StageHealth {}

    /// Whether events flow.
    default boolean ready() {
        return this instanceof Running running && running.stopped().isEmpty();
    }

    /// How two stages are doing together: as the worse of them does.
    default StageHealth and(StageHealth other) {
        if (this instanceof Running(Map<TopicPartition, String> mine)
                && other instanceof Running(Map<TopicPartition, String> theirs)) {
            Map<TopicPartition, String> both = new HashMap<>(mine);
            both.putAll(theirs);
            return new Running(both);
        }
        return severity() >= other.severity() ? this : other;
    }

    private int severity() {
        return switch (this) {
            case Running _ -> 0;
            case Starting _ -> 1;
            case Retrying _ -> 2;
            case Stopped _ -> 3;
        };
    }
}
