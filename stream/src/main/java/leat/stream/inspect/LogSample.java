package leat.stream.inspect;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.stream.log.Counts;
import leat.stream.log.EventTimes;

/// The positions of everything at one moment.
///
/// @param topics by name
/// @param groups a group's positions by topic and partition; a group without any is absent
/// @param counts what became of the events of a raw topic that the enricher has read; absent where
///   it has not counted them
/// @param times the event times of each partition of a raw topic that has events the enricher timed
public record LogSample(
        Instant time,
        Map<String, TopicSample> topics,
        Map<String, Map<String, Map<Integer, Long>>> groups,
        Map<String, Counts> counts,
        Map<String, List<EventTimes>> times) {

    public LogSample {
        topics = Map.copyOf(topics);
        groups = Map.copyOf(groups);
        counts = Map.copyOf(counts);
        times = Map.copyOf(times);
    }

    /// One topic.
    ///
    /// @param begins the oldest offsets that are kept, by partition
    /// @param ends the high watermarks
    /// @param newest the largest timestamp; empty when there is no record
    public record TopicSample(
            Map<Integer, Long> begins, Map<Integer, Long> ends, Optional<Instant> newest) {
        public TopicSample {
            begins = Map.copyOf(begins);
            ends = Map.copyOf(ends);
        }

        /// How many records were ever written, where nobody writes in transactions: those leave
        /// markers, which take offsets too.
        long written() {
            return ends.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// What the group has still to read of the topic; a partition without a position counts from
    /// its oldest offset.
    long lag(String topic, Map<Integer, Long> positions) {
        TopicSample sample = topics.get(topic);
        if (sample == null) {
            return 0;
        }
        long lag = 0;
        for (Map.Entry<Integer, Long> end : sample.ends().entrySet()) {
            long begin = sample.begins().getOrDefault(end.getKey(), 0L);
            long position = positions.getOrDefault(end.getKey(), begin);
            lag += Math.max(0, end.getValue() - Math.max(begin, position));
        }
        return lag;
    }

    Map<Integer, Long> positions(String group, String topic) {
        return groups.getOrDefault(group, Map.of()).getOrDefault(topic, Map.of());
    }
}
