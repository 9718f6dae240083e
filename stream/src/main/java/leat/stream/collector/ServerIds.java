package leat.stream.collector;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;

/// Makes UUIDs of version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits.
final class ServerIds {

    private final InstantSource clock;
    private final LongSupplier random;

    /// @param random 64 random bits at each call, from any thread
    ServerIds(InstantSource clock, LongSupplier random) {
        this.clock = clock;
        this.random = random;
    }

    String next() {
        long high = clock.millis() << 16 | 0x7000 | (random.getAsLong() & 0xFFF);
        long low = random.getAsLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
