package leat.ml.featurestore.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import leat.core.catalog.OnlineReader;
import leat.core.catalog.OnlineReaders;
import org.junit.jupiter.api.Test;

final class OnlineMetricsTest {

    @Test
    void questionsAreShownByViewOrSetAndByWhoAsks() {
        PrometheusRegistry registry = new PrometheusRegistry();
        OnlineReader shop = new OnlineReader("shop", 3, Instant.EPOCH);

        new OnlineMetrics(registry)
                .show(() ->
                        new OnlineReaders(
                                Map.of("driving", List.of(shop)),
                                Map.of("breakdown", List.of(shop))));

        CounterSnapshot questions =
                (CounterSnapshot)
                        registry.scrape(name -> name.startsWith("leat_features_online_questions"))
                                .get(0);
        assertThat(questions.getDataPoints())
                .allSatisfy(point -> assertThat(point.getValue()).isEqualTo(3))
                .extracting(CounterSnapshot.CounterDataPointSnapshot::getLabels)
                .containsExactlyInAnyOrder(
                        Labels.of("kind", "view", "name", "driving", "key", "shop"),
                        Labels.of("kind", "set", "name", "breakdown", "key", "shop"));
    }
}
