package leat.stream.collector.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// A body as it arrives. It grows with what is there, not with what was announced.
final class BodyBuffer {

    private static final int FIRST_BYTES = 4 << 10;

    private byte[] bytes;
    private int size;

    /// @param announced the Content-Length; -1 for chunks
    BodyBuffer(long announced) {
        bytes = new byte[(int) Math.min(announced < 0 ? FIRST_BYTES : announced, 64 << 10)];
    }

    void add(ByteBuf content) {
        int more = content.readableBytes();
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
        content.readBytes(bytes, size, more);
        size += more;
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
    }
}
