package leat.stream.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A record as it stands in a spool: its topic, headers, key and value. Whoever sends it lets its
/// key decide on the partition, as the one who spooled it would have.
///
/// ```
/// short topic's length, topic, int headers, each: short name's length, name, int value's length
/// or -1, value; then int key's length or -1, key, int value's length or -1, value
/// ```
final class SpooledRecord {

    private static final int ABSENT = -1;

    private SpooledRecord() {}

    /// How many bytes [#write] writes.
    static int sizeBytes(ProducerRecord<byte[], byte[]> record) {
        int size = Short.BYTES + record.topic().getBytes(UTF_8).length + Integer.BYTES;
        for (Header header : record.headers()) {
            size += Short.BYTES + header.key().getBytes(UTF_8).length + sizeBytes(header.value());
        }
        return size + sizeBytes(record.key()) + sizeBytes(record.value());
    }

    private static int sizeBytes(byte @Nullable [] bytes) {
        return Integer.BYTES + (bytes == null ? 0 : bytes.length);
    }

    static void write(ProducerRecord<byte[], byte[]> record, ByteBuffer out) {
        name(record.topic(), out);
        int countAt = out.position();
        out.putInt(0);
        int count = 0;
        for (Header header : record.headers()) {
            name(header.key(), out);
            bytes(header.value(), out);
            count++;
        }
        out.putInt(countAt, count);
        bytes(record.key(), out);
        bytes(record.value(), out);
    }

    /// Reads what [#write] wrote.
    ///
    /// @throws RuntimeException when it is something else
    static ProducerRecord<byte[], byte[]> read(ByteBuffer in) {
        String topic = name(in);
        int count = in.getInt();
        ProducerRecord<byte[], byte[]> record;
        int headersAt = in.position();
        for (int i = 0; i < count; i++) {
            name(in);
            bytes(in);
        }
        byte[] key = bytes(in);
        byte[] value = bytes(in);
        record = new ProducerRecord<>(topic, key, value);
        ByteBuffer headers = in.duplicate().position(headersAt);
        for (int i = 0; i < count; i++) {
            record.headers().add(name(headers), bytes(headers));
        }
        return record;
    }

    private static void name(String text, ByteBuffer out) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a name of " + bytes.length + " bytes");
        }
        out.putShort((short) bytes.length).put(bytes);
    }

    private static String name(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort()];
        in.get(bytes);
        return new String(bytes, UTF_8);
    }

    private static void bytes(byte @Nullable [] bytes, ByteBuffer out) {
        if (bytes == null) {
            out.putInt(ABSENT);
        } else {
            out.putInt(bytes.length).put(bytes);
        }
    }

    private static byte @Nullable [] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length == ABSENT) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
