package leat.stream.search;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.event.EventHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// Reads a record's headers as text.
final class HeaderText {

    private HeaderText() {}

    /// The newest header of that name; empty when there is none or it has no value.
    static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /// The same as a number that is not negative; empty when it is none.
    static OptionalLong number(ConsumerRecord<byte[], byte[]> record, String name) {
        return text(record, name)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    /// When an event was appended to raw, in milliseconds: its record's timestamp, but of one that
    /// came back.
    static long appended(ConsumerRecord<byte[], byte[]> record) {
        return number(record, EventHeaders.APPENDED).orElse(record.timestamp());
    }
}
