package leat.enrichmentapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Registered models as look-ups.
final class ModelLookupTest {

    @TempDir private Path folder;

    @Test
    void answersForEveryEventOnItsOwn() throws Exception {
        try (RunningServer server = RunningServer.startWithModel(folder)) {
            String answer =
                    server.post(
                                    "risk",
                                    """
                                    {"requests": [
                                      {"key": "a", "event": {"km": 3, "stops": 1.0}},
                                      {"key": "b", "event": {"km": 3}},
                                      {"key": "c"},
                                      {"key": "d", "event": {"km": 2, "stops": 1}}]}
                                    """)
                            .body();

            assertThat(answer)
                    .isEqualTo(
                            "{\"results\":["
                                    + "{\"fields\":{\"score\":4.0,\"label\":\"even\"},"
                                    + "\"seen\":\"failure/3\"},"
                                    + "{\"missing\":true},"
                                    + "{\"missing\":true},"
                                    + "{\"error\":\"odd\"}]}");
            assertThat(server.get("/v1/lookups").body())
                    .contains("\"name\":\"risk\"")
                    .contains("\"kind\":\"model\"")
                    .contains("\"fields\":[\"score\",\"label\"]");
        }
    }

    @Test
    void aModelWithoutSenseIsRefusedInTheSettings() {
        assertThatThrownBy(() -> model("failure", List.of("km"), Duration.ofSeconds(1)))
                .hasMessageStartingWith("model: 'failure' names no version of a registered model");
        assertThatThrownBy(() -> model("failure/3", List.of(), Duration.ofSeconds(1)))
                .hasMessage("features and outputs must name something");
        assertThatThrownBy(() -> model("failure/3", List.of("km"), Duration.ofSeconds(31)))
                .hasMessage("timeout must be from 1ms to 30s");
    }

    private static EnrichmentApiSettings.Model model(
            String model, List<String> features, Duration timeout) {
        return new EnrichmentApiSettings.Model(model, features, List.of("score"), timeout);
    }
}
