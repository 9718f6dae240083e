package leat.stream.influx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// InfluxDB's API of version 1, which later versions speak too.
final class InfluxDatabase implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_REASON_CHARS = 500;

    private final InfluxSettings settings;
    private final Optional<String> credentials;
    private final String base;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();

    /// @param credentials `user:password`; empty for none
    InfluxDatabase(InfluxSettings settings, Optional<String> credentials) {
        this.settings = settings;
        this.credentials = credentials;
        String url = settings.url().orElseThrow();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /// Makes the database, where it is missing.
    ///
    /// @throws InfluxUnavailable when it cannot be known to be there
    void create() {
        String statement = "CREATE DATABASE \"" + settings.database().replace("\"", "\\\"") + "\"";
        HttpResponse<String> answer =
                send(
                        request("/query")
                                .header("content-type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "q=" + URLEncoder.encode(statement, UTF_8))));
        if (answer.statusCode() != 200 || answer.body().contains("\"error\"")) {
            throw unavailable(answer);
        }
    }

    /// Writes lines. One that InfluxDB will never take, such as one whose field has another type
    /// there, is handed to `refused` with the reason; the others are written.
    ///
    /// @return how many are written
    /// @throws InfluxUnavailable when they are not known to be written; to write them again changes
    ///   nothing
    int write(List<String> lines, BiConsumer<String, String> refused) {
        HttpResponse<String> answer =
                send(
                        request(
                                        "/write?precision=ns&db="
                                                + URLEncoder.encode(settings.database(), UTF_8))
                                .header("content-type", "text/plain; charset=utf-8")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                String.join("\n", lines) + "\n")));
        int status = answer.statusCode();
        if (status == 204 || status == 200) {
            return lines.size();
        }
        if (status != 400 && status != 413 && status != 422) {
            throw unavailable(answer);
        }
        if (lines.size() == 1) {
            refused.accept(lines.getFirst(), reason(answer));
            return 0;
        }
        // Some are refused: halves find them, and what is written twice is there once.
        int middle = lines.size() / 2;
        return write(lines.subList(0, middle), refused)
                + write(lines.subList(middle, lines.size()), refused);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(settings.requestTimeout());
        credentials.ifPresent(both ->
                request.header(
                        "authorization",
                        "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8))));
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new InfluxUnavailable(
                    "InfluxDB at "
                            + base
                            + " does not answer ("
                            + e
                            + "); is it running, is metrics.influx.url right?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfluxUnavailable("interrupted while waiting for InfluxDB", e);
        }
    }

    private InfluxUnavailable unavailable(HttpResponse<String> answer) {
        String remedy =
                switch (answer.statusCode()) {
                    case 401, 403 ->
                            "; correct metrics.influx.user and password, and give the user write"
                                    + " access";
                    case 404 -> "; make the database or correct metrics.influx.database";
                    default -> "";
                };
        return new InfluxUnavailable(
                "InfluxDB answers " + answer.statusCode() + ": " + reason(answer) + remedy, null);
    }

    private static String reason(HttpResponse<String> answer) {
        String text = answer.body().strip();
        return text.length() > MAX_REASON_CHARS ? text.substring(0, MAX_REASON_CHARS) + "…" : text;
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
