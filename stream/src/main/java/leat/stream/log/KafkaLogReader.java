package leat.stream.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import leat.core.event.TopicId;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the log again through clients of its own. The positions of `group` carry the topic's id in
/// their [PositionMark], so that a topic that was deleted and made again is read from its start.
public final class KafkaLogReader implements LogReader, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaLogReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final LogConnection connection;
    private final String group;
    private final Admin admin;

    /// Begins to read.
    ///
    /// @param group whose positions [#assigned] looks up
    public KafkaLogReader(LogConnection connection, String group) {
        this.connection = connection;
        this.group = group;
        this.admin = connection.admin();
    }

    @Override
    public AssignedPartition assigned(TopicPartition partition) {
        TopicId id = new Topics(admin, 1).ids(List.of(partition.topic())).get(partition.topic());
        if (id == null) {
            throw new LogUnavailable("topic " + partition.topic() + " is not there", null);
        }
        long earliest = offset(partition, OffsetSpec.earliest());
        OffsetAndMetadata committed = committed(partition);
        if (committed == null) {
            return new AssignedPartition(partition, id, earliest, Counts.NONE);
        }
        Optional<PositionMark> mark = PositionMark.parse(committed.metadata());
        boolean sameTopic = mark.map(PositionMark::topicId).map(id::equals).orElse(false);
        if (!committed.metadata().isEmpty() && !sameTopic) {
            LOG.atWarn()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("topicId", id)
                    .log("The topic was made again: reading it from its start");
            return new AssignedPartition(partition, id, earliest, Counts.NONE);
        }
        Counts counts = mark.flatMap(PositionMark::counts).orElse(Counts.NONE);
        long latest = offset(partition, OffsetSpec.latest());
        long start = Math.min(Math.max(committed.offset(), earliest), latest);
        if (start != committed.offset()) {
            LOG.atError()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("committed", committed.offset())
                    .addKeyValue("offset", start)
                    .log("The log does not have the committed position any more: records are lost");
        }
        return new AssignedPartition(partition, id, start, counts);
    }

    @Override
    public void read(
            TopicPartition partition,
            long from,
            long to,
            Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        long start = Math.max(from, offset(partition, OffsetSpec.earliest()));
        if (start >= to) {
            return;
        }
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer = reader()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, start);
            while (consumer.position(partition) < to) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < to) {
                        sink.accept(record);
                    }
                }
            }
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + partition + " again", e);
        }
    }

    @Override
    public LogCursor cursor(TopicPartition partition) {
        return new Cursor(partition, start(partition));
    }

    /// A consumer that stays open.
    private final class Cursor implements LogCursor {
        private final TopicPartition partition;
        private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;

        Cursor(TopicPartition partition, long offset) {
            this.partition = partition;
            this.consumer = connection.reader(group + ".beside", Map.of());
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
        }

        @Override
        public void seek(long offset) {
            consumer.seek(partition, Math.max(offset, start(partition)));
        }

        @Override
        public List<ConsumerRecord<byte[], byte[]>> next(Duration patience) {
            try {
                return consumer.poll(patience).records(partition);
            } catch (OffsetOutOfRangeException e) {
                // Deleted since: it goes on with what is kept.
                consumer.seek(partition, start(partition));
                return List.of();
            } catch (KafkaException e) {
                throw new LogUnavailable("cannot read " + partition, e);
            }
        }

        @Override
        public void close() {
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    @Override
    public long start(TopicPartition partition) {
        return offset(partition, OffsetSpec.earliest());
    }

    @Override
    public long end(TopicPartition partition) {
        return offset(partition, OffsetSpec.latest());
    }

    @Override
    public OptionalLong firstOffsetSince(TopicPartition partition, long timestampMillis) {
        long offset = offset(partition, OffsetSpec.forTimestamp(Math.max(0, timestampMillis)));
        return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /// Looks further and further back, since the offsets just below may be markers.
    @Override
    public OptionalLong timestampBelow(TopicPartition partition, long offset) {
        long earliest = offset(partition, OffsetSpec.earliest());
        long upper = offset;
        for (long step = 1; upper > earliest; step *= 10) {
            long lower = Math.max(earliest, upper - step);
            long[] last = {-1};
            read(partition, lower, upper, record -> last[0] = record.timestamp());
            if (last[0] >= 0) {
                return OptionalLong.of(last[0]);
            }
            upper = lower;
        }
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    private org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader() {
        return connection.pastReader(
                group + ".restore", Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000));
    }

    /// Null where the group has no position. While a transaction of a killed instance is open, or
    /// the markers of one are on their way, there may be one and nobody can say which: Kafka
    /// answers `UNSTABLE_OFFSET_COMMIT`, and the admin client then leaves the partition out of its
    /// answer.
    private @Nullable OffsetAndMetadata committed(TopicPartition partition) {
        ListConsumerGroupOffsetsSpec spec =
                new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition));
        Map<TopicPartition, OffsetAndMetadata> positions =
                await(
                        admin.listConsumerGroupOffsets(
                                        Map.of(group, spec),
                                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                                .partitionsToOffsetAndMetadata(group));
        if (!positions.containsKey(partition)) {
            throw new LogUnavailable(
                    "a transaction on the position of "
                            + partition
                            + " in group "
                            + group
                            + " has not ended yet",
                    null);
        }
        return positions.get(partition);
    }

    private long offset(TopicPartition partition, OffsetSpec spec) {
        return await(admin.listOffsets(Map.of(partition, spec)).partitionResult(partition))
                .offset();
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot look up a position", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
