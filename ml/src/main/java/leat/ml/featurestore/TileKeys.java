package leat.ml.featurestore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/// The keys of an entity's tiles in the store: the entity in UTF-8, a zero byte, and the tile's
/// start in eight bytes that sort as the times do.
final class TileKeys {

    private static final int START_BYTES = Long.BYTES;

    private final byte[] prefix;

    TileKeys(String entity) {
        byte[] utf8 = entity.getBytes(StandardCharsets.UTF_8);
        this.prefix = Arrays.copyOf(utf8, utf8.length + 1);
    }

    Bytes of(long tileStart) {
        return Bytes.wrap(
                ByteBuffer.allocate(prefix.length + START_BYTES)
                        .put(prefix)
                        .putLong(tileStart ^ Long.MIN_VALUE)
                        .array());
    }

    Bytes first() {
        return of(Long.MIN_VALUE);
    }

    Bytes last() {
        return of(Long.MAX_VALUE);
    }

    /// Whether a key between [#first] and [#last] is of this entity, and not of another one whose
    /// name has a zero character where this one's ends.
    boolean owns(Bytes key) {
        return key.get().length == prefix.length + START_BYTES;
    }

    static long start(Bytes key) {
        byte[] bytes = key.get();
        return ByteBuffer.wrap(bytes).getLong(bytes.length - START_BYTES) ^ Long.MIN_VALUE;
    }
}
