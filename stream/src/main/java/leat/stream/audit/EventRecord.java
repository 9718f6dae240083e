package leat.stream.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// What an audit reads of a record: its headers, never its value.
record EventRecord(ConsumerRecord<byte[], byte[]> record) {

    /// The hash of source and id, without the attempt. A record without CloudEvents headers, which
    /// the collector never writes, is an event of its own; the enricher names it like this too.
    ///
    /// @param raw where the event stands in the raw topic
    Hash128 identity(Position raw) {
        String source = header(EventHeaders.SOURCE);
        String id = header(EventHeaders.ID);
        return source == null || id == null
                ? Hash128.of(EventHeaders.POSITION_SOURCE, raw.toString())
                : Hash128.of(source, id);
    }

    int attempt() {
        String attempt = header(EventHeaders.ATTEMPT);
        return attempt != null && attempt.matches("\\d{1,9}") ? Integer.parseInt(attempt) : 0;
    }

    /// The raw position that an output names; empty when it names none that can be read.
    Optional<Position> position() {
        String text = header(EventHeaders.POSITION);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Position.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// A dead letter's own id. A letter without a readable one, which no stage writes, has the id
    /// that its stage and position make.
    ///
    /// @param topic the id of the letter's topic, for a letter without a raw position
    Hash128 deadId(Names.DeadStage stage, TopicId topic) {
        String text = header(EventHeaders.DEAD_ID);
        return text == null
                ? derivedDeadId(stage, topic)
                : HexIds.parse(text).orElseGet(() -> derivedDeadId(stage, topic));
    }

    private Hash128 derivedDeadId(Names.DeadStage stage, TopicId topic) {
        Position position =
                position()
                        .orElseGet(() -> new Position(topic, record.partition(), record.offset()));
        return Hash128.of(stage.word(), position.toString());
    }

    /// Whether it is the vector of a view; the scorer passes over what is none.
    boolean isVector() {
        return record.value() != null && header(EventHeaders.VIEW) != null;
    }

    /// A header's text; empty where it is not there.
    Optional<String> text(String name) {
        return Optional.ofNullable(header(name));
    }

    /// The record's key as text.
    String key() {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    /// Where the record itself stands, `topic/partition@offset`.
    String where() {
        return record.topic() + "/" + record.partition() + "@" + record.offset();
    }

    private @Nullable String header(String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }
}
