package leat.ml.featurestore.online;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import leat.core.failpoint.FailPoint;
import leat.stream.log.DescribedTopic;
import leat.stream.log.DescribedTopic.State;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one family of [VectorFiles] in step with its topic, with clients of its own, from where
/// an earlier session ended. One thread uses it.
final class LatestSession implements FollowerSession<VectorFiles.Family> {

    private static final Logger LOG = LoggerFactory.getLogger(LatestSession.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Duration STAMP_INTERVAL = Duration.ofMinutes(1);

    /// Kafka keeps a removal for a day before compaction takes it (`delete.retention.ms`): who was
    /// away for longer may have missed one.
    static final Duration LONGEST_AWAY = Duration.ofHours(20);

    private static final Map<String, Object> CONSUMER =
            Map.of(
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    2_000,
                    ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                    8 << 20);

    private final Place place;
    private final Admin admin;
    private final DescribedTopic topic;
    private final State.Present found;
    private final VectorFiles.Family family;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private @Nullable CompletableFuture<State> check;
    private long checkAtNanos = System.nanoTime() + CHECK_INTERVAL.toNanos();
    private long stampAtNanos = System.nanoTime() + STAMP_INTERVAL.toNanos();

    /// What a session works on.
    ///
    /// @param client names its clients to the broker
    record Place(
            LogConnection log,
            String client,
            String topic,
            VectorFiles files,
            OnlineMetrics.OfView metrics,
            InstantSource clock) {}

    private LatestSession(Place place, Admin admin, DescribedTopic topic, State.Present found) {
        this.place = place;
        this.admin = admin;
        this.topic = topic;
        this.found = found;
        this.family = inReach(place, place.files().family(place.topic(), found.id()));
        this.consumer = place.log().reader(place.client(), CONSUMER);
        try {
            assign();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer, or there is no topic yet
    static LatestSession open(Place place) {
        Admin admin = place.log().admin();
        try {
            DescribedTopic topic = new DescribedTopic(admin, place.topic());
            return new LatestSession(place, admin, topic, topic.present());
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    /// The family, emptied where it may have missed a removal.
    private static VectorFiles.Family inReach(Place place, VectorFiles.Family family) {
        Instant oldest = place.clock().instant().minus(LONGEST_AWAY);
        boolean away = place.files().synced(family).filter(oldest::isAfter).isPresent();
        if (!away) {
            return family;
        }
        LOG.atInfo()
                .addKeyValue("topic", place.topic())
                .log("Was away for so long that a removal may be missing: reading from the start");
        return place.files().renewed(family);
    }

    private void assign() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < found.partitions(); partition++) {
            partitions.add(new TopicPartition(place.topic(), partition));
        }
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            OptionalLong position = place.files().position(family, partition.partition());
            if (position.isPresent()) {
                consumer.seek(partition, position.getAsLong());
            } else {
                consumer.seekToBeginning(List.of(partition));
            }
            positions.put(partition, position.orElse(0));
        }
    }

    @Override
    public VectorFiles.Family content() {
        return family;
    }

    @Override
    public void readToEnd(CountDownLatch closing, Consumer<String> trouble) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (closing.getCount() > 0 && !reached(ends)) {
            poll();
            checkTopic(trouble);
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    @Override
    public void keepUp(CountDownLatch closing, Consumer<String> trouble) {
        while (closing.getCount() > 0) {
            poll();
            checkTopic(trouble);
        }
    }

    @Override
    public void close() {
        consumer.close();
        admin.close(Duration.ZERO);
    }

    private void poll() {
        ConsumerRecords<byte[], byte[]> polled;
        try {
            polled = consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            VectorFiles.Family _ = place.files().renewed(family);
            throw new TopicChanged(
                    "topic " + place.topic() + " does not have the position any more: " + e);
        }
        if (!polled.nextOffsets().isEmpty()) {
            write(polled);
        }
    }

    private void write(ConsumerRecords<byte[], byte[]> polled) {
        try (VectorFiles.Changes changes = new VectorFiles.Changes(family)) {
            polled.forEach(record -> add(record, changes));
            polled.nextOffsets()
                    .forEach((partition, next) -> {
                        changes.position(partition.partition(), next.offset());
                        positions.put(partition, next.offset());
                    });
            changes.synced(place.clock().instant());
            FailPoint.reach("features-online.before-write");
            place.files().write(changes);
            FailPoint.reach("features-online.after-write");
        }
        stampAtNanos = System.nanoTime() + STAMP_INTERVAL.toNanos();
    }

    private void add(ConsumerRecord<byte[], byte[]> record, VectorFiles.Changes changes) {
        byte @Nullable [] entity = record.key();
        byte @Nullable [] json = record.value();
        if (entity == null) {
            place.metrics().unreadable(record);
        } else if (json == null) {
            changes.remove(entity);
            place.metrics().removed().inc();
        } else {
            StoredVector.read(json)
                    .ifPresentOrElse(
                            vector -> {
                                changes.put(entity, vector);
                                place.metrics().stored().inc();
                            },
                            () -> place.metrics().unreadable(record));
        }
    }

    /// The consumer reconnects silently, and would read a topic that was made again as if it were
    /// the old one; so somebody else is asked now and then.
    private void checkTopic(Consumer<String> trouble) {
        CompletableFuture<State> asked = check;
        long now = System.nanoTime();
        if (asked == null) {
            if (now - checkAtNanos >= 0) {
                check = topic.ask();
            }
            return;
        }
        if (!asked.isDone()) {
            return;
        }
        check = null;
        checkAtNanos = now + CHECK_INTERVAL.toNanos();
        if (asked.isCompletedExceptionally()) {
            trouble.accept("Kafka does not answer: " + asked.exceptionNow().getMessage());
            return;
        }
        switch (asked.resultNow()) {
            case State.Present present -> compare(present);
            case State.Absent _ ->
                    throw new TopicChanged("topic " + place.topic() + " was deleted");
        }
        trouble.accept("");
        if (now - stampAtNanos >= 0) {
            stamp();
        }
    }

    private void compare(State.Present present) {
        if (!present.equals(found)) {
            throw new TopicChanged(
                    "topic " + place.topic() + " was made again or got more partitions");
        }
    }

    private void stamp() {
        try (VectorFiles.Changes changes = new VectorFiles.Changes(family)) {
            changes.synced(place.clock().instant());
            place.files().write(changes);
        }
        stampAtNanos = System.nanoTime() + STAMP_INTERVAL.toNanos();
    }
}
