package leat.stream.collector.http;

import io.netty.channel.Channel;
import leat.stream.collector.InFlight;

/// What a client leaves unread of its answers beyond what its connection takes: these bytes count
/// among the bytes in flight, and the time in which there are any is the client's to end.
final class UnreadAnswers {

    /// What Netty says of a connection that takes no more.
    private static final long OUTPUT_ENDED = Long.MAX_VALUE;

    private final InFlight bytesInFlight;
    private long bytes;
    private long sinceNanos;

    UnreadAnswers(InFlight bytesInFlight) {
        this.bytesInFlight = bytesInFlight;
    }

    /// Sees what there is now.
    void update(Channel channel) {
        long now = channel.isWritable() ? 0 : channel.bytesBeforeWritable();
        if (now == 0 || now == OUTPUT_ENDED) {
            forget();
            return;
        }
        if (bytes == 0) {
            sinceNanos = System.nanoTime();
        }
        bytesInFlight.take(now - bytes);
        bytes = now;
    }

    /// How long there have been some at `nowNanos`; 0 when there are none.
    long nanosUntil(long nowNanos) {
        return bytes == 0 ? 0 : nowNanos - sinceNanos;
    }

    /// Gives back what was counted.
    void forget() {
        if (bytes > 0) {
            bytesInFlight.giveBack(bytes);
            bytes = 0;
        }
    }
}
