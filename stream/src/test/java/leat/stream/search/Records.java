package leat.stream.search;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Records of the log written by hand.
final class Records {

    static final long APPENDED_MILLIS = 1_700_000_000_123L;

    private Records() {}

    static ConsumerRecord<byte[], byte[]> record(
            String topic, long offset, Map<String, String> headers, String value) {
        return record(topic, offset, headers, value.getBytes(StandardCharsets.UTF_8));
    }

    static ConsumerRecord<byte[], byte[]> record(
            String topic, long offset, Map<String, String> headers, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                topic,
                2,
                offset,
                APPENDED_MILLIS,
                TimestampType.CREATE_TIME,
                0,
                value == null ? 0 : value.length,
                new byte[] {'k'},
                value,
                headers(headers),
                Optional.empty());
    }

    static Headers headers(Map<String, String> values) {
        RecordHeaders headers = new RecordHeaders();
        values.forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }
}
