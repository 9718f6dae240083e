package leat.stream.collector.access;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What one key may send, counted over all doors of this process.
final class KeyQuota {

    private final Optional<Long> eventsPerSecond;
    private final Optional<Long> bytesPerSecond;
    private final @Nullable Quota events;
    private final @Nullable Quota bytes;

    KeyQuota(KeyGrant grant, LongSupplier nanos) {
        this.eventsPerSecond = grant.eventsPerSecond();
        this.bytesPerSecond = grant.bytesPerSecond().map(size -> size.bytes());
        this.events = eventsPerSecond.map(rate -> new Quota(rate, nanos)).orElse(null);
        this.bytes = bytesPerSecond.map(rate -> new Quota(rate, nanos)).orElse(null);
    }

    /// Whether the grant still says the same, so that what was used up stays used up.
    boolean isOf(KeyGrant grant) {
        return eventsPerSecond.equals(grant.eventsPerSecond())
                && bytesPerSecond.equals(grant.bytesPerSecond().map(size -> size.bytes()));
    }

    /// Takes from both or from neither.
    ///
    /// @return 0, or the milliseconds to wait
    long take(int eventCount, long byteCount) {
        if (events == null && bytes == null) {
            return 0;
        }
        synchronized (this) {
            long waitMillis =
                    Math.max(
                            events == null ? 0 : events.waitMillis(),
                            bytes == null ? 0 : bytes.waitMillis());
            if (waitMillis == 0) {
                if (events != null) {
                    events.take(eventCount);
                }
                if (bytes != null) {
                    bytes.take(byteCount);
                }
            }
            return waitMillis;
        }
    }
}
