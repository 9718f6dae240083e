package leat.embedded.opensearch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of the child JVM. It ends when the pipe to its standard input does, so it cannot outlive
/// this process.
final class NodeProcess {

    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
    private static final int KEPT_LINES = 20;
    private static final String READY_LINE = "search node ready";

    private final Process process;
    private final Deque<String> newestLines = new ArrayDeque<>();
    private volatile boolean announcedReady;

    private NodeProcess(Process process) {
        this.process = process;
    }

    static NodeProcess start(NodeSettings settings) {
        try {
            Files.createDirectories(settings.folder());
            Process process =
                    new ProcessBuilder(settings.command()).redirectErrorStream(true).start();
            NodeProcess node = new NodeProcess(process);
            Thread.ofVirtual().name("search-node-output").start(node::readOutput);
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + settings.java(), e);
        }
    }

    long id() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /// Whether this very process said that it accepts requests: an answer on its port alone could
    /// come from another one.
    boolean announcedReady() {
        return announcedReady;
    }

    /// Waits until the process has ended, at most so long.
    ///
    /// @return whether it has ended
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Empty while it runs.
    OptionalInt exitCode() {
        return alive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /// The newest line of its output, which is the reason when it failed.
    String lastWords() {
        synchronized (newestLines) {
            return newestLines.isEmpty() ? "it said nothing" : newestLines.getLast();
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    /// Ends it in order, by force when that takes longer than `limit`.
    void stop(Duration limit) {
        try {
            process.getOutputStream().close();
            if (!awaitEnd(limit)) {
                LOG.atWarn().addKeyValue("process", id()).log("Search node did not stop, killed");
                kill();
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("The search node's pipe was closed already");
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("The search node's output ended");
        }
    }

    private void keep(String line) {
        if (line.equals(READY_LINE)) {
            announcedReady = true;
            return;
        }
        LOG.atDebug().addKeyValue("line", line).log("Search node says");
        synchronized (newestLines) {
            newestLines.addLast(line);
            if (newestLines.size() > KEPT_LINES) {
                newestLines.removeFirst();
            }
        }
    }
}
