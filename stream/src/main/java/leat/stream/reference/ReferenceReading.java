package leat.stream.reference;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.log.DescribedTopic;
import leat.stream.log.DescribedTopic.State;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads a `latest` topic with clients of its own, from the start or from where an earlier reading
/// ended. One thread uses it.
final class ReferenceReading implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

    private final ReferenceView.Source source;
    private final Place place;
    private final Admin admin;
    private final DescribedTopic topic;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final Map<String, TopicId> topicIds = new HashMap<>();
    private final List<TopicPartition> partitions = new ArrayList<>();
    private @Nullable CompletableFuture<State> check;
    private long checkAtNanos = System.nanoTime() + CHECK_INTERVAL.toNanos();

    /// The topic is not the one that was read so far.
    static final class TopicChanged extends RuntimeException {
        TopicChanged(String message) {
            super(message);
        }
    }

    /// What has been read so far, of which topic.
    record Place(Optional<TopicId> topicId, Optional<ReferenceRows> rows) {
        static final Place NOWHERE = new Place(Optional.empty(), Optional.empty());
    }

    private ReferenceReading(
            ReferenceView.Source source, Admin admin, DescribedTopic topic, Place place) {
        this.source = source;
        this.admin = admin;
        this.topic = topic;
        this.place = place;
        this.consumer =
                source.log()
                        .reader(
                                source.client(),
                                Map.of("max.poll.records", 10_000, "fetch.max.bytes", 16 << 20));
        for (int partition = 0; partition < rows().partitions(); partition++) {
            partitions.add(new TopicPartition(source.topic(), partition));
        }
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            long position = rows().position(partition.partition());
            if (position == 0) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, position);
            }
        }
    }

    /// @param before where the reading goes on
    /// @throws TopicChanged when that was another topic
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer, or there is no topic yet
    static ReferenceReading open(ReferenceView.Source source, Place before) {
        Admin admin = source.log().admin();
        try {
            DescribedTopic topic = new DescribedTopic(admin, source.topic());
            State.Present present = topic.present();
            Place place =
                    before.topicId().isEmpty()
                            ? new Place(
                                    Optional.of(present.id()),
                                    Optional.of(
                                            new ReferenceRows(
                                                    source.contract(),
                                                    present.partitions(),
                                                    source.memory())))
                            : before;
            ReferenceReading reading = new ReferenceReading(source, admin, topic, place);
            reading.compare(present);
            return reading;
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    Place place() {
        return place;
    }

    ReferenceRows rows() {
        return place.rows().orElseThrow();
    }

    /// Reads what stands committed in the topic now.
    void readToEnd(CountDownLatch closing) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (closing.getCount() > 0 && !reached(ends)) {
            poll();
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> rows().position(end.getKey().partition()) >= end.getValue());
    }

    /// Reads what comes, until told to close.
    ///
    /// @param trouble told what keeps Kafka from answering, or nothing when it answers
    void keepUp(CountDownLatch closing, Consumer<String> trouble) {
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
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                apply(record);
            }
        } catch (OffsetOutOfRangeException e) {
            throw new TopicChanged(
                    "topic "
                            + source.topic()
                            + " has lost records that were read from it: restart, so that it is"
                            + " read from its start");
        }
        for (TopicPartition partition : partitions) {
            rows().advance(partition.partition(), consumer.position(partition));
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        rows().apply(
                        new ReferenceRows.Change(
                                new String(record.key(), StandardCharsets.UTF_8),
                                record.value(),
                                record.partition(),
                                record.offset(),
                                raw(record)));
    }

    private Optional<Position> raw(ConsumerRecord<byte[], byte[]> record) {
        String text = EventHeader.text(record.headers(), EventHeaders.POSITION);
        if (text == null) {
            return Optional.empty();
        }
        try {
            Position position = Position.parse(text);
            TopicId shared =
                    topicIds.computeIfAbsent(position.topic().value(), _ -> position.topic());
            return Optional.of(new Position(shared, position.partition(), position.offset()));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // written by somebody else, who may write what they like
        }
    }

    /// The consumer reconnects silently, and would read a topic that was made again as if it were
    /// the old one; so somebody else is asked now and then.
    private void checkTopic(Consumer<String> trouble) {
        CompletableFuture<State> asked = check;
        if (asked == null) {
            if (System.nanoTime() - checkAtNanos >= 0) {
                check = topic.ask();
            }
            return;
        }
        if (!asked.isDone()) {
            return;
        }
        check = null;
        checkAtNanos = System.nanoTime() + CHECK_INTERVAL.toNanos();
        if (asked.isCompletedExceptionally()) {
            Throwable why = asked.exceptionNow();
            trouble.accept("Kafka does not answer: " + why.getMessage());
            return;
        }
        switch (asked.resultNow()) {
            case State.Present present -> compare(present);
            case State.Absent _ ->
                    throw new TopicChanged(
                            "topic " + source.topic() + " was deleted" + remedyOfDeleted());
        }
        trouble.accept("");
    }

    private String remedyOfDeleted() {
        if (source.followed()) {
            return "";
        }
        return source.contract().reference().isPresent()
                ? ": make it again with leat up, then restart"
                : ": restart with a workspace that has the version of the view that serves; where that"
                        + " is this one, make the topic again with leat up before";
    }

    private void compare(State.Present present) {
        if (!place.topicId().equals(Optional.of(present.id()))
                || present.partitions() != rows().partitions()) {
            throw new TopicChanged(
                    "topic "
                            + source.topic()
                            + " was made again or got more partitions: restart, so that it is read"
                            + " from its start");
        }
    }
}
