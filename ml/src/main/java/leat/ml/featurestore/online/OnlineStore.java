package leat.ml.featurestore.online;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.stream.log.StageHealth;

/// The newest vector of each entity, for views that it was opened with.
public interface OnlineStore extends AutoCloseable {

    /// Of a workspace without views.
    OnlineStore NONE =
            new OnlineStore() {
                @Override
                public List<Optional<StoredVector>> vectors(
                        OnlineView view, List<String> entities) {
                    throw new OnlineUnavailable("no view is served", "write one into features/");
                }

                @Override
                public boolean holds(OnlineView view, Map<Integer, Long> offsets) {
                    return false;
                }

                @Override
                public void replaced(OnlineView former) {
                    throw new IllegalArgumentException(
                            "not opened with " + former.nameAndVersion());
                }

                @Override
                public Map<String, StageHealth> health() {
                    return Map.of();
                }

                @Override
                public void close() {
                    // It holds nothing.
                }
            };

    /// One vector an entity, in their order; empty where the view has none of it.
    ///
    /// @throws OnlineUnavailable when that cannot be said now
    List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities);

    /// Whether a view can be read and has all that stands in its topic before these offsets, by
    /// partition.
    ///
    /// @throws OnlineUnavailable when that cannot be said now
    boolean holds(OnlineView view, Map<Integer, Long> offsets);

    /// Another version of the view serves from now on: this one is kept up as long as it has its
    /// topic, and left where that is dropped.
    void replaced(OnlineView former);

    /// How each part is doing, by names such as `driving.v1`; without versions that were left.
    Map<String, StageHealth> health();

    @Override
    void close();
}
