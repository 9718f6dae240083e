package leat.searchnode;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/// The main class of the search process: `SearchNode FOLDER PORT` runs one OpenSearch node on
/// loopback until SIGTERM, or until its standard input ends. The parent holds the other end of that
/// pipe, so the node never outlives it, not even a kill -9.
///
/// Exit codes: 0 stopped in order, 1 failed, 2 wrong use, [#EXIT_FOLDER_IN_USE] and
/// [#EXIT_PORT_IN_USE] when another process stands in the way.
public final class SearchNode {

    /// Another process has the data folder open.
    public static final int EXIT_FOLDER_IN_USE = 3;

    /// Another process listens on the port.
    public static final int EXIT_PORT_IN_USE = 4;

    /// What the process prints once it accepts requests.
    public static final String READY_LINE = "search node ready";

    /// Holds the process id while the node has the folder, so that a message can name it.
    static final String PID_FILE = "node.pid";

    private static final int EXIT_FAILED = 1;
    private static final int EXIT_WRONG_USE = 2;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    /// Lucene advises an incubator module of the JDK on every start. Held here, because a logger
    /// that nobody holds forgets its level.
    private static final Logger LUCENE_ADVICE =
            Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

    private SearchNode() {}

    /// A node with the network plugin that is on the class path; the public constructor of
    /// OpenSearch only knows plugins from an installation's folders.
    private static final class NodeFromClassPath extends Node {
        NodeFromClassPath(Environment environment) {
            super(environment, List.of(network()), true);
        }

        private static PluginInfo network() {
            return new PluginInfo(
                    "transport-netty4",
                    "HTTP and transport on Netty",
                    Version.CURRENT.toString(),
                    Version.CURRENT,
                    "21",
                    Netty4ModulePlugin.class.getName(),
                    null,
                    List.of(),
                    false);
        }
    }

    /// Runs the node.
    ///
    /// @param args the data folder and the HTTP port
    public static void main(String[] args) {
        if (args.length != 2 || !args[1].matches("\\d{1,5}")) {
            System.err.println("use: SearchNode FOLDER PORT");
            System.exit(EXIT_WRONG_USE);
        }
        LUCENE_ADVICE.setLevel(Level.SEVERE);
        Path folder = Path.of(args[0]).toAbsolutePath();
        int port = Integer.parseInt(args[1]);
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> exitWithParent(System.in));
        try {
            run(folder, port);
        } catch (IOException | NodeValidationException | RuntimeException e) {
            System.err.println(explain(e, folder, port));
            System.exit(exitCode(e));
        }
    }

    private static void run(Path folder, int port) throws IOException, NodeValidationException {
        Files.createDirectories(folder.resolve("config"));
        Node node = new NodeFromClassPath(environment(folder, port));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(node, folder, stopped)));
        node.start();
        System.out.println(READY_LINE);
        Files.writeString(folder.resolve(PID_FILE), Long.toString(ProcessHandle.current().pid()));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Node node, Path folder, CountDownLatch stopped) {
        try {
            node.close();
            if (!node.awaitClose(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("the node did not stop within " + STOP_LIMIT.toSeconds() + " s");
            }
            Files.deleteIfExists(folder.resolve(PID_FILE));
        } catch (IOException e) {
            System.err.println("the node did not stop in order: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    private static void exitWithParent(InputStream pipe) {
        try {
            while (pipe.read() >= 0) {
                // Nothing is ever sent; only the end matters.
            }
        } catch (IOException e) {
            System.err.println("lost the parent: " + e);
        }
        System.exit(0);
    }

    private static Environment environment(Path folder, int port) {
        Settings settings =
                Settings.builder()
                        .put("cluster.name", "leat")
                        .put("node.name", "leat")
                        .put("path.home", folder.toString())
                        .put("path.data", folder.resolve("data").toString())
                        .put("path.logs", folder.resolve("logs").toString())
                        .put("discovery.type", "single-node")
                        .put("network.host", "127.0.0.1")
                        .put("http.port", port)
                        .put("transport.port", 0)
                        .put("action.auto_create_index", false)
                        // The defaults are parts of the disk: a laptop's full disk with 40 GB left
                        // would make every index read-only.
                        .put("cluster.routing.allocation.disk.watermark.low", "2gb")
                        .put("cluster.routing.allocation.disk.watermark.high", "1gb")
                        .put("cluster.routing.allocation.disk.watermark.flood_stage", "512mb")
                        .build();
        return InternalSettingsPreparer.prepareEnvironment(
                settings, Map.of(), folder.resolve("config"), () -> "leat");
    }

    private static int exitCode(Exception failure) {
        if (caused(failure, BindException.class)) {
            return EXIT_PORT_IN_USE;
        }
        return lockedFolder(failure) ? EXIT_FOLDER_IN_USE : EXIT_FAILED;
    }

    private static String explain(Exception failure, Path folder, int port) {
        if (caused(failure, BindException.class)) {
            return "port " + port + " is taken by another process";
        }
        if (lockedFolder(failure)) {
            return folder + " is in use by " + owner(folder);
        }
        StringBuilder text = new StringBuilder("the search node failed: ").append(failure);
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append("; caused by ").append(cause);
        }
        return text.toString();
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
        for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    /// OpenSearch has no class of its own for this failure.
    private static boolean lockedFolder(Throwable failure) {
        for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
            String message = at.getMessage();
            if (message != null && message.contains("failed to obtain node lock")) {
                return true;
            }
        }
        return false;
    }

    private static String owner(Path folder) {
        try {
            return "process " + Files.readString(folder.resolve(PID_FILE)).strip();
        } catch (IOException e) {
            return "another process";
        }
    }
}
