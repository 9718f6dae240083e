package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.ml.featurestore.ViewEvents.Reading;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Compares the topic that a view has brought its events to with the source: each event of the view
/// is to be there once and as it was. What is compared are counts and sums of hashes, so that the
/// order, which the view's topic decides, does not matter.
final class RekeyReplay {

    private final LogConnection log;
    private final TopicId sourceId;
    private final ViewEvents events;

    /// @param sourceId the id of the source's topic
    RekeyReplay(LogConnection log, FeatureFlow flow, TopicId sourceId) {
        this.log = log;
        this.sourceId = sourceId;
        this.events = new ViewEvents(flow, (_, _) -> {});
    }

    /// The events that come from one partition of the source.
    private static final class Sum {
        private final long from;
        private final long to;
        private long count;
        private long high;
        private long low;

        Sum(long from, long to) {
            this.from = from;
            this.to = to;
        }

        void add(Position origin, String entity, byte[] event) {
            Hash128 content = Hash128.ofBytes(event);
            Hash128 hash = Hash128.of(origin.toString(), entity, content.toString());
            count++;
            high += hash.high();
            low += hash.low();
        }

        boolean isThatOf(Sum other) {
            return count == other.count && high == other.high && low == other.low;
        }
    }

    /// @param sources how far the view has committed each partition of the source
    /// @param rekeyed the partitions of the view's own topic, each with its end, which was asked
    ///   for after `sources`
    List<VerifyReport.Difference> run(
            Map<TopicPartition, Long> sources, Map<TopicPartition, Long> rekeyed) {
        Map<Integer, Sum> wanted = new HashMap<>();
        Map<Integer, Sum> found = new HashMap<>();
        sources.forEach((partition, to) -> {
            Sum sum = source(partition, to);
            wanted.put(partition.partition(), sum);
            found.put(partition.partition(), new Sum(sum.from, to));
        });
        rekeyed.forEach((partition, to) -> collect(partition, to, found));
        List<VerifyReport.Difference> differences = new ArrayList<>();
        wanted.forEach((partition, sum) -> {
            Sum there = Objects.requireNonNull(found.get(partition));
            if (!sum.isThatOf(there)) {
                differences.add(difference(partition, there, sum));
            }
        });
        return differences;
    }

    private VerifyReport.Difference difference(int partition, Sum found, Sum wanted) {
        return new VerifyReport.Difference(
                new Position(sourceId, partition, wanted.to).toString(),
                "has other events before it than the view's own topic",
                found.count + " events",
                wanted.count + " events");
    }

    private Sum source(TopicPartition partition, long to) {
        try (CommittedRecords records = new CommittedRecords(log, partition, to)) {
            Sum sum = new Sum(records.from(), to);
            while (records.hasNext()) {
                ConsumerRecord<byte[], byte[]> event = records.next();
                if (events.read(event.value(), event.headers(), event.partition(), event.offset())
                        instanceof Reading.Seen(var observation)) {
                    sum.add(
                            new Position(sourceId, event.partition(), event.offset()),
                            observation.entity(),
                            event.value());
                }
            }
            return sum;
        }
    }

    private void collect(TopicPartition partition, long to, Map<Integer, Sum> found) {
        try (CommittedRecords records = new CommittedRecords(log, partition, to)) {
            while (records.hasNext()) {
                ConsumerRecord<byte[], byte[]> event = records.next();
                Position origin = origin(event);
                if (origin == null || !origin.topic().equals(sourceId)) {
                    continue;
                }
                Sum sum = found.get(origin.partition());
                if (sum != null && origin.offset() >= sum.from && origin.offset() < sum.to) {
                    sum.add(origin, new String(event.key(), StandardCharsets.UTF_8), event.value());
                }
            }
        }
    }

    private static @Nullable Position origin(ConsumerRecord<byte[], byte[]> event) {
        String text = EventHeader.text(event.headers(), EventHeaders.ORIGIN);
        try {
            return text == null ? null : Position.parse(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
