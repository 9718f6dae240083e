package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A served model that some threads ask, some hundred times a second.
final class AskedModel implements AutoCloseable {

    private static final int THREADS = 3;
    private static final int IN_A_ROW = 100;
    private static final long PACE_NANOS = Duration.ofMillis(5).toNanos();
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    private static final Pattern VERSION = Pattern.compile("\"model_version\" ?: ?\"(\\d+)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpRequest request;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private volatile boolean closed;

    /// What came back.
    ///
    /// @param version that answered; else all that was answered
    record Answer(long nanos, String version) {}

    /// @param path of the model, from the console's root on
    AskedModel(URI console, String path, String body) {
        this.request =
                HttpRequest.newBuilder(console.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        for (int i = 0; i < THREADS; i++) {
            threads.execute(this::ask);
        }
    }

    private void ask() {
        while (!closed) {
            String seen;
            try {
                String text = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
                Matcher matcher = VERSION.matcher(text);
                seen = matcher.find() ? matcher.group(1) : text;
            } catch (IOException e) {
                seen = e.toString();
            } catch (InterruptedException _) {
                return;
            }
            answers.add(new Answer(System.nanoTime(), seen));
            // Else they would take the processors from all others.
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    /// Returns when a version has answered so often in a row that no request is left that another
    /// one answers.
    void awaitOnly(String version, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Answer> all = answers();
            List<Answer> last = all.subList(Math.max(0, all.size() - IN_A_ROW), all.size());
            if (last.size() == IN_A_ROW
                    && last.stream().allMatch(answer -> answer.version().equals(version))) {
                return;
            }
            assertThat(System.nanoTime()).as(version).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.close();
        client.close();
    }
}
