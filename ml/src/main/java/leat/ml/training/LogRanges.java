package leat.ml.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import leat.core.event.TopicId;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Fixes and reads ranges of topics.
record LogRanges(LogConnection log) {

    private static final String CLIENT_ID = "leat-train";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, Object> LARGE =
            Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);

    /// All committed records that a topic has now.
    ///
    /// @throws TrainingStopped when there is no such topic
    /// @throws LogUnavailable when Kafka does not answer
    TopicRange all(String topic) {
        TopicId id = id(topic);
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer =
                log.reader(CLIENT_ID, LARGE)) {
            List<TopicPartition> partitions =
                    partitions(topic, consumer.partitionsFor(topic).size());
            Map<TopicPartition, Long> from = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> to = consumer.endOffsets(partitions);
            return new TopicRange(topic, id, inOrder(partitions, from), inOrder(partitions, to));
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + topic, e);
        }
    }

    /// Says no when a range cannot be read any more.
    ///
    /// @throws TrainingStopped when its topic is gone or another one, or records are deleted
    void demand(TopicRange range) {
        TopicRange now = all(range.topic());
        if (!now.id().equals(range.id())) {
            throw new TrainingStopped(
                    "the topic " + range.topic() + " was made anew since: its id is " + now.id(),
                    "train on what is there now");
        }
        for (int partition = 0; partition < range.from().size(); partition++) {
            long first = partition < now.from().size() ? now.from().get(partition) : 0;
            if (first > range.from().get(partition)) {
                throw new TrainingStopped(
                        range.topic()
                                + "-"
                                + partition
                                + " begins at offset "
                                + first
                                + " now, what was learned from began at "
                                + range.from().get(partition),
                        "keep the log for longer (leat.retention), or train on what is there");
            }
        }
    }

    private TopicId id(String topic) {
        try (Admin admin = log.admin()) {
            TopicId id = new Topics(admin, 1).ids(List.of(topic)).get(topic);
            if (id == null) {
                throw new TrainingStopped(
                        "the topic " + topic + " is not there",
                        "run the workspace first, with leat up");
            }
            return id;
        }
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private static List<Long> inOrder(
            List<TopicPartition> partitions, Map<TopicPartition, Long> offsets) {
        return partitions.stream()
                .map(partition -> Objects.requireNonNull(offsets.get(partition)))
                .toList();
    }

    /// Reads a range: the partitions one after the other, each in its order.
    ///
    /// @param passed is told how many offsets are done
    /// @throws TrainingStopped when records of it are deleted meanwhile
    /// @throws LogUnavailable when Kafka does not answer
    void read(
            TopicRange range,
            Consumer<ConsumerRecord<byte[], byte[]>> records,
            LongConsumer passed) {
        long before = 0;
        List<TopicPartition> partitions = partitions(range.topic(), range.to().size());
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer =
                log.pastReader(CLIENT_ID, LARGE)) {
            for (TopicPartition partition : partitions) {
                long from = range.from().get(partition.partition());
                long to = range.to().get(partition.partition());
                long begun = before;
                consumer.assign(new ArrayList<>(List.of(partition)));
                consumer.seek(partition, from);
                read(consumer, partition, to, records, at -> passed.accept(begun + at - from));
                before += Math.max(0, to - from);
            }
        } catch (OffsetOutOfRangeException e) {
            throw new TrainingStopped(
                    "records of " + range.topic() + " were deleted while they were read",
                    "keep the log for longer (leat.retention), or learn from less (data.last)");
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + range.topic(), e);
        }
    }

    private static void read(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long to,
            Consumer<ConsumerRecord<byte[], byte[]>> records,
            LongConsumer passed) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long position = consumer.position(partition);
        while (position < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < to) {
                    records.accept(record);
                }
            }
            long now = consumer.position(partition);
            if (now > position) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
                position = now;
                passed.accept(Math.min(now, to));
            } else if (System.nanoTime() > deadline) {
                throw new LogUnavailable(partition + " could not be read beyond " + now, null);
            }
        }
    }
}
