package leat.console;

import java.util.Map;
import leat.ml.featurestore.online.OnlineStore;
import leat.ml.featurestore.online.OnlineView;
import leat.stream.log.StageHealth;

/// A store of which nothing but the vectors matters.
public interface VectorsOnly extends OnlineStore {

    @Override
    default boolean holds(OnlineView view, Map<Integer, Long> offsets) {
        return true;
    }

    @Override
    default void replaced(OnlineView former) {}

    @Override
    default Map<String, StageHealth> health() {
        return Map.of();
    }

    @Override
    default void close() {}
}
