package leat.ml.featurestore.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import leat.core.catalog.OnlineReader;
import leat.core.catalog.OnlineReaders;
import org.junit.jupiter.api.Test;

final class OnlineMetricsTest {

    @Test
    void questionsAreShownByViewOrSetAndByWhoAsks() throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        OnlineReader shop = new OnlineReader("shop", 3, Instant.EPOCH);

        new OnlineMetrics(registry)
                .show(() ->
                        new OnlineReaders(
                                Map.of("driving", List.of(shop)),
                                Map.of("breakdown", List.of(shop))));

        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(shown, registry.scrape());
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains(
                        "leat_features_online_questions_total{key=\"shop\",kind=\"set\",name=\"breakdown\"}"
                                + " 3.0",
                        "leat_features_online_questions_total{key=\"shop\",kind=\"view\",name=\"driving\"}"
                                + " 3.0");
    }
}
