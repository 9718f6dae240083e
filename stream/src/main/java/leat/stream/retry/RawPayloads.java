package leat.stream.retry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.inspect.DeadLetter;
import leat.stream.log.LogConnection;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The payloads of dead letters that were too large to be kept with them, from raw.
final class RawPayloads implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LogConnection log;
    private final String topic;
    private @Nullable Consumer<byte[], byte[]> reader;
    private Optional<TopicId> topicId = Optional.empty();

    RawPayloads(LogConnection log, Names names, Contract contract) {
        this.log = log;
        this.topic = names.raw(contract);
    }

    /// What the client sent; empty when it is no longer there.
    Optional<byte[]> of(DeadLetter letter) {
        if (letter.event().value().bytes().length > 0) {
            return Optional.of(letter.event().value().bytes());
        }
        return letter.event()
                .header(EventHeaders.POSITION)
                .flatMap(RawPayloads::position)
                .filter(position -> rawId().filter(position.topic()::equals).isPresent())
                .flatMap(this::read);
    }

    private static Optional<Position> position(String text) {
        try {
            return Optional.of(Position.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<TopicId> rawId() {
        if (topicId.isEmpty()) {
            try (Admin admin = log.admin()) {
                topicId = Optional.ofNullable(new Topics(admin, 1).ids(List.of(topic)).get(topic));
            }
        }
        return topicId;
    }

    private Optional<byte[]> read(Position position) {
        if (reader == null) {
            reader = log.pastReader("leat-retry", Map.of());
        }
        Consumer<byte[], byte[]> consumer = reader;
        TopicPartition partition = new TopicPartition(topic, position.partition());
        List<TopicPartition> one = List.of(partition);
        long begin = consumer.beginningOffsets(one).getOrDefault(partition, Long.MAX_VALUE);
        if (position.offset() < begin) {
            return Optional.empty();
        }
        consumer.assign(one);
        consumer.seek(partition, position.offset());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
                return record.offset() == position.offset()
                        ? Optional.of(Objects.requireNonNullElse(record.value(), new byte[0]))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
