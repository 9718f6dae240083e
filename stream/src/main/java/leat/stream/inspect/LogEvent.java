package leat.stream.inspect;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import leat.core.encoding.PayloadDecoder;
import leat.core.event.EventHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// One record of a topic, as people look at it.
///
/// @param appended when the event was appended to raw; of a collector's dead letter when it died
/// @param headers in their order, as text
public record LogEvent(
        String topic,
        int partition,
        long offset,
        Instant appended,
        Optional<String> key,
        Map<String, String> headers,
        Payload value) {

    /// Reads a record; headers that are no UTF-8 are replaced.
    ///
    /// @param decoder of payloads that are not JSON, where the contract takes such
    public static LogEvent of(
            ConsumerRecord<byte[], byte[]> record, Optional<PayloadDecoder> decoder) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), header.value() == null ? "" : text(header.value()));
        }
        return new LogEvent(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                Optional.ofNullable(record.key()).map(LogEvent::text),
                headers,
                new Payload(
                        record.value(),
                        decoder.map(one ->
                                        new Payload.Reading(
                                                one,
                                                headers.get(EventHeaders.CONTENT_TYPE),
                                                headers::get))
                                .orElse(null)));
    }

    /// Where it stands, `topic/partition@offset`.
    public String where() {
        return topic + "/" + partition + "@" + offset;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
