package leat.stream.enricher.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class IdentityTableTest {

    /// A bijection of good spread (SplitMix64), so that no two indexes share an identity.
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    @Test
    void remembersTenMillionIdentitiesInBoundedMemory() {
        // Given
        int count = 10_000_000;
        try (IdentityTable table = new IdentityTable()) {
            // When
            long slowest = 0;
            long begun = System.nanoTime();
            for (int i = 0; i < count; i++) {
                long before = System.nanoTime();
                table.put(mix(i), mix(~i), i);
                slowest = Math.max(slowest, System.nanoTime() - before);
            }
            long put = System.nanoTime() - begun;
            begun = System.nanoTime();
            long found = 0;
            for (int i = 0; i < count; i++) {
                found += table.lastSeen(mix(i), mix(~i)) == i ? 1 : 0;
            }
            long read = System.nanoTime() - begun;

            // Then
            assertThat(found).isEqualTo(count);
            assertThat(table.lastSeen(1, 2)).isEqualTo(IdentityTable.ABSENT);
            assertThat(table.bytes()).isLessThan(480L << 20);
            System.out.printf(
                    "10 M identities: %d MiB, put %d ns, look up %d ns, slowest put %d us%n",
                    table.bytes() >> 20, put / count, read / count, slowest / 1_000);
        }
    }

    @Test
    void memoryFollowsTheLiveWindow() {
        // Given
        int live = 200_000;
        try (IdentityTable table = new IdentityTable()) {
            for (int i = 0; i < live; i++) {
                table.put(mix(i), mix(~i), i);
            }
            long bytes = table.bytes();

            // When
            for (int i = live; i < 20 * live; i++) {
                table.expireBefore((long) i - live);
                table.put(mix(i), mix(~i), i);
            }
            long later = table.bytes();
            for (int i = 0; i < 256; i++) {
                table.expireBefore(Long.MAX_VALUE);
            }

            // Then
            assertThat(later).isLessThan(2 * bytes);
            assertThat(table.bytes()).isLessThan(bytes / 50);
        }
    }

    @Test
    void agreesWithAMapWhateverExpires() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Long, Long> model = new HashMap<>();
        try (IdentityTable table = new IdentityTable()) {
            for (int i = 0; i < 200_000; i++) {
                long horizon = i - 5_000L;
                table.expireBefore(horizon);
                long key = random.nextInt(20_000);
                table.put(mix(key), mix(~key), i);
                model.put(key, (long) i);
                long asked = random.nextInt(20_000);
                long expected = model.getOrDefault(asked, IdentityTable.ABSENT);
                if (expected >= horizon && expected >= 0) {
                    assertThat(table.lastSeen(mix(asked), mix(~asked)))
                            .as("seed %d", seed)
                            .isEqualTo(expected);
                } else {
                    assertThat(table.lastSeen(mix(asked), mix(~asked)))
                            .as("seed %d", seed)
                            .isIn(expected, IdentityTable.ABSENT);
                }
            }
        }
    }
}
