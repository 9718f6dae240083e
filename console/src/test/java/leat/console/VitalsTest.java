package leat.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class VitalsTest {

    private volatile Optional<String> trouble = Optional.empty();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Vitals vitals =
            Vitals.start(
                    new ConsoleSettings("127.0.0.1", 0, List.of()),
                    new StatusSource() {
                        @Override
                        public Optional<String> notReady() {
                            return trouble;
                        }

                        @Override
                        public Map<String, Object> status() {
                            return Map.of("stages", Map.of("enricher", "running"));
                        }
                    });

    @AfterEach
    void stop() {
        vitals.close();
        client.close();
    }

    @Test
    void aProcessIsReadyUntilAStageIsNot() throws IOException, InterruptedException {
        // Given
        assertThat(ask("/health/ready").statusCode()).isEqualTo(200);

        // When
        trouble = Optional.of("enricher is retrying: no broker");

        // Then
        HttpResponse<String> answer = ask("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("enricher is retrying: no broker");
        assertThat(ask("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void stateAndMetricsAreThereAndNothingElse() throws IOException, InterruptedException {
        assertThat(ask("/api/v1/status").body()).contains("\"enricher\":\"running\"");
        assertThat(ask("/metrics").statusCode()).isEqualTo(200);
        assertThat(ask("/api/v1/contracts").statusCode()).isEqualTo(404);
        assertThat(ask("/api/v1/contracts").body()).contains("the rest is at the console");
    }

    @Test
    void aWebPageMayNotAsk() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri("/metrics")).header("Origin", "http://evil").build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + vitals.port() + path);
    }
}
