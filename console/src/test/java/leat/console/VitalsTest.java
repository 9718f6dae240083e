package leat.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.stream.collector.access.Access.Admission;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class VitalsTest {

    private static volatile String wanted = "";

    private volatile Optional<String> trouble = Optional.empty();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Vitals vitals =
            Vitals.start(
                    new ConsoleSettings("127.0.0.1", 0, List.of()),
                    source(),
                    VitalsTest::admit,
                    Optional.empty());

    private StatusSource source() {
        return new StatusSource() {
            @Override
            public Optional<String> notReady() {
                return trouble;
            }

            @Override
            public Map<String, Object> status() {
                return Map.of("stages", Map.of("enricher", "running"));
            }
        };
    }

    /// Lets everybody in while no key is wanted, else who shows it.
    private static Admission admit(DoorKind door, Credentials shown) {
        return wanted.isEmpty() || shown.equals(new Credentials.Key(wanted))
                ? new Admission.Admitted(Caller.ANYONE)
                : new Admission.Denied(
                        new Denial(Denial.Kind.UNAUTHENTICATED, "no key for " + door, "send one"));
    }

    @AfterEach
    void stop() {
        wanted = "";
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

    @Test
    void whoHasNoKeySeesHealthOnly() throws IOException, InterruptedException {
        wanted = "s:cret";

        HttpResponse<String> refused = ask("/metrics");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("www-authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic "));
        assertThat(refused.body()).contains("unauthenticated", "no key for CONSOLE");
        assertThat(ask("/health/ready").statusCode()).isEqualTo(200);
        assertThat(asked("/metrics", "Bearer s:cret")).isEqualTo(200);
        assertThat(asked("/metrics", "Basic " + base64("anybody:s:cret"))).isEqualTo(200);
        assertThat(asked("/metrics", "Basic " + base64("anybody:wrong"))).isEqualTo(401);
        assertThat(asked("/metrics", "Basic %%%")).isEqualTo(401);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private int asked(String path, String authorization) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri(path)).header("Authorization", authorization).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + vitals.port() + path);
    }
}
