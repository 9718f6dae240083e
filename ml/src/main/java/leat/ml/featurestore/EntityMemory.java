package leat.ml.featurestore;

import java.util.concurrent.atomic.AtomicInteger;

/// The memory for the entities of all views of a process, in equal shares for the partitions that
/// it computes.
final class EntityMemory {

    private final long bytes;
    private final AtomicInteger partitions = new AtomicInteger();

    EntityMemory(long bytes) {
        this.bytes = bytes;
    }

    /// A partition is computed from now on.
    void join() {
        partitions.incrementAndGet();
    }

    /// One less is computed.
    void leave() {
        partitions.decrementAndGet();
    }

    /// What each partition may have now.
    long shareBytes() {
        return bytes / Math.max(1, partitions.get());
    }
}
