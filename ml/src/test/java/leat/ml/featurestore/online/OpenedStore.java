package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.ml.featurestore.online.LatestLog.awaitTrue;
import static leat.ml.featurestore.online.LatestLog.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import leat.stream.log.StageHealth;

/// A store of one view, with what it has counted.
record OpenedStore(OnlineStore store, OnlineView view, OnlineMetrics.OfView counted)
        implements AutoCloseable {

    /// @param opening opens the store with what it is to count in
    static OpenedStore open(OnlineView view, Function<OnlineMetrics, OnlineStore> opening) {
        OnlineMetrics metrics = new OnlineMetrics(new PrometheusRegistry());
        return new OpenedStore(opening.apply(metrics), view, metrics.of(view));
    }

    boolean ready() {
        return store.health().values().stream().allMatch(StageHealth::ready);
    }

    /// Returns itself once it is.
    OpenedStore awaitReady() {
        awaitTrue(this::ready);
        return this;
    }

    Optional<String> json(String entity) {
        return json(List.of(entity)).getFirst();
    }

    /// One an entity, in their order.
    List<Optional<String>> json(List<String> entities) {
        return store.vectors(view, entities).stream()
                .map(found -> found.map(vector -> new String(vector.json(), UTF_8)))
                .toList();
    }

    /// Empty while the store cannot say.
    Optional<List<Optional<String>>> served(List<String> entities) {
        try {
            return Optional.of(json(entities));
        } catch (OnlineUnavailable _) {
            return Optional.empty();
        }
    }

    void awaitVector(String entity, int value) {
        awaitTrue(() -> served(List.of(entity)).equals(only(Optional.of(vector(entity, value)))));
    }

    /// The same, of an entity that is known all the time.
    void awaitVectorAgain(String entity, int value) {
        awaitTrue(() -> {
            Optional<List<Optional<String>>> served = served(List.of(entity));
            assertThat(served).isNotEqualTo(only(Optional.empty()));
            return served.equals(only(Optional.of(vector(entity, value))));
        });
    }

    private static Optional<List<Optional<String>>> only(Optional<String> vector) {
        return Optional.of(List.of(vector));
    }

    @Override
    public void close() {
        store.close();
    }
}
