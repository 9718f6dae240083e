package leat.system;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One process of the program. Its output goes to a file in the workspace.
final class LeatProcess implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int[] PORTS = {
        1883, 5514, 8080, 8081, 8085, 8086, 8090, 8091, 8100, 8101, 9092, 9200
    };
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int LEAST_OFFSET = 10_000;

    /// All ports stay below those that the system gives to outgoing connections: one of these could
    /// take a port while the program that had it is down.
    private static final int MOST_OFFSET = 32_000 - 9_200;

    private final Process process;
    private final int portOffset;
    private final Path log;

    private LeatProcess(Process process, int portOffset, Path log) {
        this.process = process;
        this.portOffset = portOffset;
        this.log = log;
    }

    /// What a finished command left behind.
    record Finished(int exitCode, String out, String err) {}

    /// An offset at which none of the platform's ports is taken.
    static int freePortOffset(Random random) {
        for (int attempt = 0; attempt < 100; attempt++) {
            int offset = random.nextInt(LEAST_OFFSET, MOST_OFFSET);
            if (allFree(offset)) {
                return offset;
            }
        }
        throw new IllegalStateException("no free ports found");
    }

    private static boolean allFree(int offset) {
        for (int port : PORTS) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + offset));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /// Starts a command that keeps running; its output goes to `output.log`.
    ///
    /// @param javaOptions for the JVM, e.g. an armed fail point
    static LeatProcess start(
            Path workspace, int portOffset, List<String> javaOptions, String... command) {
        return start(workspace, portOffset, "output", javaOptions, command);
    }

    /// Starts a command that keeps running.
    ///
    /// @param name of the file that its output goes to, `<name>.log`
    static LeatProcess start(
            Path workspace,
            int portOffset,
            String name,
            List<String> javaOptions,
            String... command) {
        Path log = workspace.resolve(name + ".log");
        ProcessBuilder builder = builder(workspace, portOffset, javaOptions, command);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            return new LeatProcess(builder.start(), portOffset, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts `leat bench mqtt`, which has a workspace of its own; its output goes to `output.log`.
    ///
    /// @param options of the bench
    static LeatProcess startBench(Path folder, String... options) {
        Path log = folder.resolve("output.log");
        List<String> words =
                Program.words(List.of("-Dleat.home=" + Path.of("..").toAbsolutePath().normalize()));
        words.addAll(List.of("bench", "mqtt", "--folder", folder.toString()));
        words.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            return new LeatProcess(builder.start(), 0, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a command to its end.
    static Finished run(Path workspace, int portOffset, String... command) {
        try {
            Path out = Files.createTempFile(workspace, "out", ".txt");
            Path err = Files.createTempFile(workspace, "err", ".txt");
            Process process =
                    builder(workspace, portOffset, List.of(), command)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile())
                            .start();
            if (!process.waitFor(6, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + " did not end");
            }
            return new Finished(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ProcessBuilder builder(
            Path workspace, int portOffset, List<String> javaOptions, String... command) {
        List<String> words = Program.words(javaOptions);
        words.addAll(List.of(command));
        words.addAll(
                List.of("--workspace", workspace.toString(), "--port-offset", "" + portOffset));
        return new ProcessBuilder(words).directory(workspace.toFile());
    }

    URI collector() {
        return URI.create("http://127.0.0.1:" + (8080 + portOffset));
    }

    URI console() {
        return URI.create("http://127.0.0.1:" + (8090 + portOffset));
    }

    /// Waits until the collector takes events; how long that took.
    ///
    /// @throws IllegalStateException when the process ended or took longer than `limit`
    Duration awaitReady(Duration limit) {
        long start = System.nanoTime();
        HttpRequest probe =
                HttpRequest.newBuilder(collector().resolve("/health/ready"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        while (true) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            if (!process.isAlive() || elapsed.compareTo(limit) > 0) {
                throw new IllegalStateException("not ready after " + elapsed + ":\n" + output());
            }
            try {
                if (HTTP.send(probe, BodyHandlers.discarding()).statusCode() == 200) {
                    return elapsed;
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
            } catch (IOException e) {
                awaitALittle();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private void awaitALittle() {
        try {
            process.waitFor(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// Waits for the process to end by itself; its exit code.
    ///
    /// @throws IllegalStateException when it does not within `limit`
    int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("still alive after " + limit + ":\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Waits until one of two ends by itself, and says which.
    ///
    /// @throws IllegalStateException when none does within `limit`
    static LeatProcess firstToEnd(Duration limit, LeatProcess one, LeatProcess other) {
        CompletableFuture<Process> any =
                one.process.onExit().applyToEither(other.process.onExit(), ended -> ended);
        try {
            Process ended = any.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return ended.equals(one.process) ? one : other;
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "both go on:\n" + one.output() + "\n\n" + other.output(), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// SIGKILL to the processes that this one has started; returns when they are gone.
    void killChildren() {
        List<ProcessHandle> children = process.children().toList();
        if (children.isEmpty()) {
            throw new IllegalStateException("no child to kill:\n" + output());
        }
        for (ProcessHandle child : children) {
            child.destroyForcibly();
            child.onExit().join();
        }
    }

    /// SIGKILL; returns when the process is gone.
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /// SIGTERM; the exit code. It is answered soon, without a part that tries in vain.
    int stop() {
        process.destroy();
        try {
            int code = process.onExit().get(STOP_LIMIT.toMillis(), MILLISECONDS).exitValue();
            assertThat(output()).doesNotContain("RejectedExecution", "Shutdown in progress");
            return code;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new AssertionError("goes on after SIGTERM:\n" + output(), e);
        }
    }

    String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
