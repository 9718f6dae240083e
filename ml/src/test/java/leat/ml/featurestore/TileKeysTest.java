package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

final class TileKeysTest {

    @Test
    void sortAsTheTimesDo() {
        TileKeys keys = new TileKeys("vin-ö");
        List<Long> starts = List.of(Long.MIN_VALUE, -10L, -1L, 0L, 1L, 1_000_000L, Long.MAX_VALUE);
        TreeMap<Bytes, Long> sorted = new TreeMap<>();
        starts.forEach(start -> sorted.put(keys.of(start), start));
        assertThat(sorted.values()).containsExactlyElementsOf(starts);
        assertThat(sorted.keySet()).allMatch(keys::owns);
        assertThat(sorted.keySet()).extracting(TileKeys::start).containsExactlyElementsOf(starts);
    }

    @Test
    void belongToNoEntityWhoseNameHasAZeroCharacter() {
        TileKeys keys = new TileKeys("a");
        Bytes foreign = new TileKeys("a\0b").of(5);
        assertThat(foreign).isBetween(keys.first(), keys.last());
        assertThat(keys.owns(foreign)).isFalse();
    }
}
