package leat.stream.enricher.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;

/// Calls by `POST` with JSON bodies.
final class HttpTransport implements ApiTransport {

    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final int SHOWN_CHARS = 200;

    private final HttpClient client;
    private final URI url;

    HttpTransport(URI url) {
        this.url = url;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
    }

    @Override
    public List<Answer> call(List<Question> questions, Duration timeout)
            throws ApiFailed, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .timeout(timeout)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(ApiJson.request(questions)))
                        .build();
        HttpResponse<byte[]> response;
        try {
            response =
                    client.send(
                            request,
                            HttpResponse.BodyHandlers.limiting(
                                    HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        } catch (HttpTimeoutException _) {
            throw new ApiFailed("no answer within " + timeout.toMillis() + " ms", true);
        } catch (IOException e) {
            String message = e.getMessage();
            throw new ApiFailed(
                    "cannot be reached: " + (message == null ? e.toString() : message), true);
        }
        int status = response.statusCode();
        if (status != 200) {
            boolean passing = status >= 500 || status == 429 || status == 408;
            throw new ApiFailed("answered " + status + shown(response.body()), passing);
        }
        return ApiJson.answers(response.body(), questions.size());
    }

    private static String shown(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return "";
        }
        return ": " + (text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) : text);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
