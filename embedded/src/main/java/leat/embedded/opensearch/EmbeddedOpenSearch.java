package leat.embedded.opensearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leat.embedded.FreePorts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// OpenSearch in a child JVM: started without waiting, watched, started again with a growing delay
/// after a crash, stopped in order.
///
/// The child ends with this process, also after kill -9. A data folder or port that another process
/// still holds is waited for a while, since an orphan of an earlier run needs a moment to end; then
/// it is a failure that names the holder.
public final class EmbeddedOpenSearch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedOpenSearch.class);

    private static final String CLOSING = "it was told to stop";
    private static final int EXIT_FOLDER_IN_USE = 3;
    private static final int EXIT_PORT_IN_USE = 4;
    private static final int MAX_FAILED_STARTS = 5;
    private static final int MAX_MISSED_CHECKS = 6;
    private static final Duration HOLDER_PATIENCE = Duration.ofSeconds(20);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration START_POLL = Duration.ofMillis(100);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofSeconds(30);
    private static final Duration STABLE_AFTER = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final NodeSettings settings;
    private final Duration holderPatience;
    private final URI url;
    private final HttpClient http;
    private final CompletableFuture<URI> ready = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread supervisor;
    private volatile NodeState state = new NodeState.Starting(1);

    private EmbeddedOpenSearch(NodeSettings settings, Duration holderPatience) {
        this.settings = settings;
        this.holderPatience = holderPatience;
        this.url = URI.create("http://127.0.0.1:" + settings.port());
        this.http = HttpClient.newBuilder().connectTimeout(CHECK_TIMEOUT).build();
        this.supervisor =
                Thread.ofPlatform().daemon().name("search-node").unstarted(this::supervise);
    }

    /// Starts the engine and returns at once.
    ///
    /// @throws IllegalStateException when the engine's jars are not there
    public static EmbeddedOpenSearch start(NodeSettings settings) {
        return start(settings, HOLDER_PATIENCE);
    }

    /// @param holderPatience how long another process may hold the folder or port
    static EmbeddedOpenSearch start(NodeSettings settings, Duration holderPatience) {
        if (!Files.isDirectory(settings.classPath())) {
            throw new IllegalStateException(
                    "the search engine's jars are not in "
                            + settings.classPath()
                            + "; build them with: mvn -pl search-node package");
        }
        int port = settings.port() == 0 ? freePort() : settings.port();
        EmbeddedOpenSearch engine = new EmbeddedOpenSearch(settings.withPort(port), holderPatience);
        engine.supervisor.start();
        return engine;
    }

    /// Where the engine answers once it is ready; it keeps the address over restarts.
    public URI url() {
        return url;
    }

    /// Done when the engine has answered for the first time; fails with [SearchNodeFailed] when it
    /// never will.
    public CompletableFuture<URI> ready() {
        return ready.copy();
    }

    public NodeState state() {
        return state;
    }

    /// Stops the engine in order and returns when its process has ended.
    @Override
    public void close() {
        closing.countDown();
        try {
            supervisor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }

    private void supervise() {
        Restarts restarts = new Restarts(holderPatience);
        try {
            while (!closing()) {
                state = new NodeState.Starting(restarts.attempt());
                String end = runOnce(restarts);
                if (closing()) {
                    break;
                }
                if (restarts.hopeless()) {
                    fail(end);
                    return;
                }
                Duration delay = restarts.nextDelay();
                state = new NodeState.Restarting(end, delay);
                LOG.atWarn()
                        .addKeyValue("reason", end)
                        .addKeyValue("delay", delay)
                        .log("Search node ended, starting it again");
                awaitClosing(delay);
            }
            state = new NodeState.Closed();
            ready.completeExceptionally(new SearchNodeFailed("the search engine was closed"));
        } catch (UncheckedIOException e) {
            fail(e.getMessage() + ": " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("its supervisor was interrupted");
        }
    }

    private void fail(String reason) {
        state = new NodeState.Failed(reason);
        LOG.atError().addKeyValue("reason", reason).log("Search node failed, not tried again");
        ready.completeExceptionally(
                new SearchNodeFailed("the search engine cannot run: " + reason));
    }

    /// Runs the process to its end.
    ///
    /// @return why it ended
    private String runOnce(Restarts restarts) throws InterruptedException {
        long startNanos = System.nanoTime();
        NodeProcess process = NodeProcess.start(settings);
        try {
            Optional<String> failure = awaitReady(process, startNanos);
            if (failure.isEmpty()) {
                announce(process, Duration.ofNanos(System.nanoTime() - startNanos));
                restarts.ready();
                failure = Optional.of(watch(process));
            }
            restarts.ended(process.exitCode());
            return failure.get();
        } finally {
            if (closing()) {
                process.stop(STOP_LIMIT);
            } else {
                process.kill();
            }
            process.awaitEnd(STOP_LIMIT);
        }
    }

    private void announce(NodeProcess process, Duration startTime) {
        state = new NodeState.Ready(url, process.id(), startTime);
        LOG.atInfo()
                .addKeyValue("url", url)
                .addKeyValue("process", process.id())
                .addKeyValue("millis", startTime.toMillis())
                .log("Search node ready");
        ready.complete(url);
    }

    /// @return why it did not become ready; empty when it did
    private Optional<String> awaitReady(NodeProcess process, long startNanos)
            throws InterruptedException {
        while (!closing()) {
            if (process.awaitEnd(START_POLL)) {
                return Optional.of(ending(process));
            }
            if (process.announcedReady()
                    && answers("/_cluster/health?wait_for_status=yellow&timeout=1s")) {
                return Optional.empty();
            }
            if (System.nanoTime() - startNanos > START_LIMIT.toNanos()) {
                return Optional.of("it did not answer within " + START_LIMIT.toSeconds() + " s");
            }
        }
        return Optional.of(CLOSING);
    }

    /// @return why it is no longer fit
    private String watch(NodeProcess process) throws InterruptedException {
        int missed = 0;
        while (!awaitClosing(CHECK_INTERVAL)) {
            if (!process.alive()) {
                return ending(process);
            }
            missed = answers("/") ? 0 : missed + 1;
            if (missed == MAX_MISSED_CHECKS) {
                return "it missed " + missed + " health checks";
            }
        }
        return CLOSING;
    }

    private static String ending(NodeProcess process) {
        int exitCode = process.exitCode().orElseThrow();
        return switch (exitCode) {
            case EXIT_FOLDER_IN_USE, EXIT_PORT_IN_USE ->
                    process.lastWords() + "; stop that process or choose another folder and port";
            default -> "exit code " + exitCode + ", " + process.lastWords();
        };
    }

    private boolean answers(String path) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve(path)).timeout(CHECK_TIMEOUT).build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("No answer from the search node");
            return false;
        }
    }

    private boolean closing() {
        return closing.getCount() == 0;
    }

    private boolean awaitClosing(Duration limit) throws InterruptedException {
        return closing.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static int freePort() {
        try {
            return FreePorts.one();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /// When to start again, and when to give up: never once the engine has been ready; before that
    /// after a few crashes, or when another process has stood in the way for too long.
    private static final class Restarts {
        private final Duration holderPatience;
        private final long firstNanos = System.nanoTime();
        private int attempt = 1;
        private boolean everReady;
        private boolean held;
        private long readyNanos;
        private Duration delay = FIRST_DELAY;

        Restarts(Duration holderPatience) {
            this.holderPatience = holderPatience;
        }

        int attempt() {
            return attempt;
        }

        void ready() {
            everReady = true;
            readyNanos = System.nanoTime();
        }

        void ended(OptionalInt exitCode) {
            attempt++;
            int code = exitCode.orElse(0);
            held = code == EXIT_FOLDER_IN_USE || code == EXIT_PORT_IN_USE;
            if (everReady && System.nanoTime() - readyNanos > STABLE_AFTER.toNanos()) {
                delay = FIRST_DELAY;
            }
        }

        boolean hopeless() {
            if (everReady) {
                return false;
            }
            return held
                    ? System.nanoTime() - firstNanos > holderPatience.toNanos()
                    : attempt > MAX_FAILED_STARTS;
        }

        Duration nextDelay() {
            Duration next = delay;
            if (!held) {
                Duration doubled = delay.multipliedBy(2);
                delay = doubled.compareTo(MAX_DELAY) < 0 ? doubled : MAX_DELAY;
            }
            return next;
        }
    }
}
