package leat.stream.collector.syslog;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Arrays;
import java.util.List;

/// Cuts a stream into messages by RFC 6587: a digit begins a count of octets, anything else a line
/// that ends with LF or NUL. A message above the limit is passed over.
final class SyslogFrames extends ByteToMessageDecoder {

    private static final int MAX_COUNT_DIGITS = 9;

    private final int maxBytes;
    private final Runnable passedOver;

    /// Bytes of a counted message that are passed over.
    private long skipCounted;

    private boolean skipLine;

    /// Where the search for the end of a line goes on.
    private int searchedBytes;

    /// @param passedOver told once for each message above the limit
    SyslogFrames(int maxBytes, Runnable passedOver) {
        this.maxBytes = maxBytes;
        this.passedOver = passedOver;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (skipCounted > 0) {
            int skipped = (int) Math.min(skipCounted, in.readableBytes());
            in.skipBytes(skipped);
            skipCounted -= skipped;
            return;
        }
        if (skipLine) {
            skipLine(in);
            return;
        }
        int first = in.getByte(in.readerIndex());
        if (first == '\n' || first == '\r' || first == 0) {
            in.skipBytes(1);
            return;
        }
        if (first >= '1' && first <= '9' && searchedBytes == 0) {
            switch (count(in)) {
                case Count.Known(int digits, int size) -> {
                    counted(in, digits, size, out);
                    return;
                }
                case Count.Incomplete _ -> {
                    return;
                }
                case Count.None _ -> {}
            }
        }
        line(in, out);
    }

    private sealed interface Count {
        record Known(int digits, int size) implements Count {}

        record Incomplete() implements Count {}

        record None() implements Count {}
    }

    private static Count count(ByteBuf in) {
        int size = 0;
        for (int i = 0; i <= MAX_COUNT_DIGITS && i < in.readableBytes(); i++) {
            int b = in.getByte(in.readerIndex() + i);
            if (b == ' ') {
                return new Count.Known(i, size);
            }
            if (b < '0' || b > '9' || i == MAX_COUNT_DIGITS) {
                return new Count.None();
            }
            size = size * 10 + (b - '0');
        }
        return new Count.Incomplete();
    }

    private void counted(ByteBuf in, int digits, int size, List<Object> out) {
        if (size > maxBytes) {
            in.skipBytes(digits + 1);
            skipCounted = size;
            passedOver.run();
        } else if (in.readableBytes() >= digits + 1 + size) {
            in.skipBytes(digits + 1);
            add(in, size, out);
        }
    }

    private void line(ByteBuf in, List<Object> out) {
        int end = end(in, in.readerIndex() + searchedBytes);
        int size = end < 0 ? in.readableBytes() : end - in.readerIndex();
        if (size > maxBytes) {
            passedOver.run();
            searchedBytes = 0;
            skipLine = true;
            skipLine(in);
        } else if (end < 0) {
            searchedBytes = size;
        } else {
            searchedBytes = 0;
            add(in, size, out);
            in.skipBytes(1);
        }
    }

    private void skipLine(ByteBuf in) {
        int end = end(in, in.readerIndex());
        if (end < 0) {
            in.skipBytes(in.readableBytes());
        } else {
            in.readerIndex(end + 1);
            skipLine = false;
        }
    }

    private static int end(ByteBuf in, int from) {
        int length = in.writerIndex() - from;
        int line = in.indexOf(from, from + length, (byte) '\n');
        int nul = in.indexOf(from, line < 0 ? from + length : line, (byte) 0);
        return nul < 0 ? line : nul;
    }

    private static void add(ByteBuf in, int size, List<Object> out) {
        byte[] message = new byte[size];
        in.readBytes(message);
        int end = size;
        while (end > 0 && (message[end - 1] == '\r' || message[end - 1] == '\n')) {
            end--;
        }
        if (end > 0) {
            out.add(end == size ? message : Arrays.copyOf(message, end));
        }
    }

    /// What a sender left without an end is a message too, but for a counted one: some of it is
    /// missing.
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!in.isReadable()) {
            return;
        }
        decode(ctx, in, out);
        boolean isCounted =
                in.isReadable() && !(count(in) instanceof Count.None) && searchedBytes == 0;
        if (out.isEmpty() && in.isReadable() && skipCounted == 0 && !skipLine && !isCounted) {
            add(in, in.readableBytes(), out);
        }
    }
}
