package leat.ml.featurestore;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.feature.EntityState;
import leat.core.feature.Layout;
import leat.core.feature.Observation;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// The entities of one partition: their tiles in the store, those that were seen last in memory
/// too. Memory holds nothing that the store does not: it can be dropped at any time. For one
/// thread.
final class Entities implements AutoCloseable {

    private final Layout layout;
    private final KeyValueStore<Bytes, byte[]> tiles;
    private final EntityMemory memory;
    private final FeatureMetrics metrics;
    private final LinkedHashMap<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);
    private long weightBytes;

    /// @param memory about the most that it and its like may have; one entity may be larger
    Entities(
            Layout layout,
            KeyValueStore<Bytes, byte[]> tiles,
            EntityMemory memory,
            FeatureMetrics metrics) {
        this.layout = layout;
        this.tiles = tiles;
        this.memory = memory;
        this.metrics = metrics;
        memory.join();
    }

    private static final class Held {
        private final TileKeys keys;
        private final EntityState state;
        private long weightBytes;

        Held(TileKeys keys, EntityState state) {
            this.keys = keys;
            this.state = state;
        }
    }

    /// Adds an event to its entity, in memory and in the store.
    ///
    /// @return the entity as it is then, to be used before the next call
    EntityState add(Observation observation) {
        Held entity = held(observation.entity());
        EntityState.Change change = entity.state.add(observation);
        if (change.tooLate()) {
            metrics.tooLate();
        } else {
            tiles.put(entity.keys.of(change.tileStart()), entity.state.encoded(change.tileStart()));
        }
        for (long start : change.expired()) {
            tiles.delete(entity.keys.of(start));
        }
        weigh(entity);
        evict();
        return entity.state;
    }

    private Held held(String entity) {
        Held found = held.get(entity);
        if (found != null) {
            return found;
        }
        TileKeys keys = new TileKeys(entity);
        Held loaded = new Held(keys, EntityState.restored(layout, stored(keys)));
        held.put(entity, loaded);
        metrics.entities(1);
        return loaded;
    }

    private List<Map.Entry<Long, byte[]>> stored(TileKeys keys) {
        List<Map.Entry<Long, byte[]>> stored = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> range = tiles.range(keys.first(), keys.last())) {
            while (range.hasNext()) {
                KeyValue<Bytes, byte[]> tile = range.next();
                if (keys.owns(tile.key)) {
                    stored.add(Map.entry(TileKeys.start(tile.key), tile.value));
                }
            }
        }
        return stored;
    }

    private void weigh(Held entity) {
        long now = entity.state.weightBytes();
        weightBytes += now - entity.weightBytes;
        entity.weightBytes = now;
    }

    /// Drops those that were seen longest ago; the newest stays, however large it is.
    private void evict() {
        Iterator<Held> oldest = held.values().iterator();
        long maxWeightBytes = memory.shareBytes();
        while (weightBytes > maxWeightBytes && held.size() > 1) {
            weightBytes -= oldest.next().weightBytes;
            oldest.remove();
            metrics.entities(-1);
        }
    }

    @Override
    public void close() {
        metrics.entities(-held.size());
        held.clear();
        weightBytes = 0;
        memory.leave();
    }
}
