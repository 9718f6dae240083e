package leat.stream.collector.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// A body as it arrives. Its memory grows with what is there: what was announced is believed once a
/// quarter of it has come.
final class BodyBuffer {

    private static final int FIRST_BYTES = 4 << 10;
    private static final int MOST_FIRST_BYTES = 64 << 10;

    private final long announced;
    private byte[] bytes;
    private int size;

    /// @param announced the Content-Length; -1 for chunks
    BodyBuffer(long announced) {
        this.announced = announced;
        bytes = new byte[(int) Math.min(announced < 0 ? FIRST_BYTES : announced, MOST_FIRST_BYTES)];
    }

    void add(ByteBuf content) {
        int more = content.readableBytes();
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, grown(size + more));
        }
        content.readBytes(bytes, size, more);
        size += more;
    }

    private int grown(int needed) {
        return needed <= announced && announced <= 4L * needed
                ? (int) announced
                : Math.max(bytes.length * 2, needed);
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
    }
}
