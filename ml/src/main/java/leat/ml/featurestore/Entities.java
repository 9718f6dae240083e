package leat.ml.featurestore;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import leat.core.feature.EntityState;
import leat.core.feature.Layout;
import leat.core.feature.Observation;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The entities of one partition: their tiles in the store, those that were seen last in memory
/// too. What an event changes is in memory until it is saved, before the commit at the latest: a
/// tile and a newest vector are written once a transaction, however many events they are of. What
/// was saved can be dropped from memory at any time. For one thread.
final class Entities implements AutoCloseable {

    private final Layout layout;
    private final KeyValueStore<Bytes, byte[]> tiles;
    private final EntityMemory memory;
    private final FeatureMetrics metrics;
    private final Consumer<Record<RoutedKey, byte[]>> latest;
    private final LinkedHashMap<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);
    private final List<Held> unsaved = new ArrayList<>();
    private long weightBytes;

    /// @param memory about the most that it and its like may have; one entity may be larger
    /// @param latest takes the newest vector of an entity when it is saved
    Entities(
            Layout layout,
            KeyValueStore<Bytes, byte[]> tiles,
            EntityMemory memory,
            FeatureMetrics metrics,
            Consumer<Record<RoutedKey, byte[]>> latest) {
        this.layout = layout;
        this.tiles = tiles;
        this.memory = memory;
        this.metrics = metrics;
        this.latest = latest;
        memory.join();
    }

    /// An entity in memory, to be used before another one is asked for.
    final class Held {
        private final TileKeys keys;
        private final EntityState state;
        private final TreeSet<Long> changed = new TreeSet<>();
        private @Nullable Record<RoutedKey, byte[]> vector;
        private long weightBytes;
        private boolean isUnsaved;

        private Held(TileKeys keys, EntityState state) {
            this.keys = keys;
            this.state = state;
        }

        EntityState state() {
            return state;
        }

        /// Keeps the vector of its last event until it is saved.
        void vector(Record<RoutedKey, byte[]> newest) {
            vector = newest;
            if (!isUnsaved) {
                isUnsaved = true;
                unsaved.add(this);
            }
            weigh();
        }

        private void add(Observation observation) {
            EntityState.Change change = state.add(observation);
            if (change.tooLate()) {
                metrics.tooLate();
            } else if (changed.isEmpty() || changed.getLast() != change.tileStart()) {
                changed.add(change.tileStart());
            }
            for (long start : change.expired()) {
                changed.remove(start);
                tiles.delete(keys.of(start));
            }
        }

        private void save() {
            for (long start : changed) {
                tiles.put(keys.of(start), state.encoded(start));
            }
            changed.clear();
            if (vector != null) {
                latest.accept(vector);
                vector = null;
            }
            isUnsaved = false;
        }

        private void weigh() {
            long now = state.weightBytes() + (vector == null ? 0 : vector.value().length);
            Entities.this.weightBytes += now - weightBytes;
            weightBytes = now;
        }
    }

    /// Adds an event to its entity, which has then to be given its vector.
    Held add(Observation observation) {
        evict();
        Held entity = held(observation.entity());
        entity.add(observation);
        return entity;
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

    /// Whether there is anything that a commit must not leave behind.
    boolean isUnsaved() {
        return !unsaved.isEmpty();
    }

    /// Writes what is not written yet.
    void save() {
        unsaved.forEach(Held::save);
        unsaved.clear();
    }

    /// Drops those that were seen longest ago; the newest stays, however large it is.
    private void evict() {
        long maxWeightBytes = memory.shareBytes();
        if (weightBytes <= maxWeightBytes || held.size() <= 1) {
            return;
        }
        save();
        Iterator<Held> oldest = held.values().iterator();
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
