package leat.ml.featurestore.online;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import leat.core.failpoint.FailPoint;
import leat.stream.log.DescribedTopic;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;

/// One membership in the group that brings a `latest` topic to Redis, until the first thing that
/// makes a new start necessary. One thread uses it.
///
/// Side effects in their order: vectors, then the positions behind them in Redis, then in Kafka,
/// where they only tell how far the loading is. What is written again changes nothing.
final class RedisSession implements FollowerSession<RedisVectors.Filling> {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Map<String, Object> CONSUMER =
            Map.of(
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    500,
                    ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                    8 << 20);

    private final Place place;
    private final Admin admin;
    private final DescribedTopic topic;
    private final DescribedTopic.State.Present found;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;

    private final RedisVectors.Filling filling;

    /// Up to where each assigned partition was read.
    private final Map<Integer, Long> read = new HashMap<>();

    private long checkAtNanos = System.nanoTime() + CHECK_INTERVAL.toNanos();

    /// What a session works on.
    ///
    /// @param group of all loaders of the topic
    /// @param known outlives the session
    record Place(
            LogConnection log,
            String group,
            String topic,
            RedisVectors redis,
            KnownPositions known,
            OnlineMetrics.OfView metrics) {}

    private RedisSession(Place place, Admin admin, DescribedTopic topic) {
        this.place = place;
        this.admin = admin;
        this.topic = topic;
        this.found = topic.present();
        this.filling = place.redis().serve(place.topic(), found.id());
        place.known().of(filling);
        place.known().compare(positions());
        this.consumer = place.log().groupConsumer(place.group(), place.group(), CONSUMER);
        consumer.subscribe(List.of(place.topic()), new Assignments());
    }

    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer, or there is no topic yet
    /// @throws StoreFailed when Redis does not answer
    /// @throws TopicChanged when Redis has less than was known of an earlier session
    static RedisSession open(Place place) {
        Admin admin = place.log().admin();
        try {
            return new RedisSession(place, admin, new DescribedTopic(admin, place.topic()));
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    @Override
    public RedisVectors.Filling content() {
        return filling;
    }

    /// Waits for the whole group: others may have a part of the topic.
    @Override
    public void readToEnd(CountDownLatch closing, Consumer<String> trouble) {
        Map<TopicPartition, Long> ends = ends();
        while (closing.getCount() > 0 && !reached(ends)) {
            load();
            checkTopic();
        }
    }

    @Override
    public void keepUp(CountDownLatch closing, Consumer<String> trouble) {
        while (closing.getCount() > 0) {
            load();
            checkTopic();
        }
    }

    /// Whether topic and Redis are still what they were, asked now and then.
    private void checkTopic() {
        long now = System.nanoTime();
        if (now - checkAtNanos < 0) {
            return;
        }
        if (!topic.present().equals(found)) {
            throw new TopicChanged(
                    "topic " + place.topic() + " was made again or got more partitions");
        }
        if (!place.redis().serves(place.topic(), filling)) {
            throw new TopicChanged("Redis has lost what it had of topic " + place.topic());
        }
        place.known().compare(positions());
        checkAtNanos = System.nanoTime() + CHECK_INTERVAL.toNanos();
    }

    @Override
    public void close() {
        consumer.close();
        admin.close(Duration.ZERO);
    }

    private Map<TopicPartition, Long> ends() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < found.partitions(); partition++) {
            partitions.add(new TopicPartition(place.topic(), partition));
        }
        return consumer.endOffsets(partitions);
    }

    private Map<Integer, Long> positions() {
        return place.redis().positions(place.topic());
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        Map<Integer, Long> positions = positions();
        return ends.entrySet().stream()
                .allMatch(end ->
                        positions.getOrDefault(end.getKey().partition(), 0L) >= end.getValue());
    }

    private void load() {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        if (polled.nextOffsets().isEmpty()) {
            return;
        }
        List<RedisVectors.Change> changes = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            change(record).ifPresent(changes::add);
        }
        List<RedisVectors.Read> reads = new ArrayList<>();
        polled.nextOffsets()
                .forEach(
                        (partition, next) -> reads.add(read(partition.partition(), next.offset())));
        place.redis().write(place.topic(), filling, changes, reads);
        reads.forEach(this::given);
        FailPoint.reach("features-redis.after-write");
        commit(polled);
        FailPoint.reach("features-redis.after-commit");
    }

    private RedisVectors.Read read(int partition, long to) {
        return new RedisVectors.Read(partition, read.getOrDefault(partition, 0L), to);
    }

    private void given(RedisVectors.Read given) {
        read.put(given.partition(), given.to());
        place.known().given(given.partition(), given.to());
    }

    private Optional<RedisVectors.Change> change(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] json = record.value();
        if (record.key() != null && json == null) {
            place.metrics().removed().inc();
            return Optional.of(new RedisVectors.Change(record, Optional.empty()));
        }
        Optional<StoredVector> vector =
                record.key() == null || json == null ? Optional.empty() : StoredVector.read(json);
        if (vector.isEmpty()) {
            place.metrics().unreadable(record);
            return Optional.empty();
        }
        place.metrics().stored().inc();
        return Optional.of(new RedisVectors.Change(record, vector));
    }

    private void commit(ConsumerRecords<byte[], byte[]> polled) {
        try {
            consumer.commitSync(polled.nextOffsets());
        } catch (CommitFailedException | RebalanceInProgressException _) {
            // Whoever has the partitions now writes these vectors again, to no effect.
        }
    }

    private final class Assignments implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<Integer, Long> positions = positions();
            for (TopicPartition partition : partitions) {
                read.put(partition.partition(), positions.getOrDefault(partition.partition(), 0L));
                Long position = positions.get(partition.partition());
                if (position == null) {
                    consumer.seekToBeginning(List.of(partition));
                } else {
                    consumer.seek(partition, position);
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // What was polled is committed, or written again by whoever has them now.
        }
    }
}
