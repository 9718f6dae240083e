package leat.ml.featurestore.online;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.Assumptions;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/// Debian's Redis in a folder of its own.
public final class RealRedis implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/redis-server");
    private static final int FIRST_PORT = 21_000;
    private static final int LAST_PORT = 29_000;

    private final Path folder;
    private final List<String> options;
    private final int port = freePort();
    private Process process;

    /// @param options e.g. `--requirepass secret`
    public RealRedis(Path folder, String... options) {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM),
                "redis-server is missing: install redis-server (scripts/install-test-tools)");
        this.folder = folder;
        this.options = List.of(options);
        this.process = launch();
    }

    /// Below the ports that the system gives to clients.
    private static int freePort() {
        for (int port = FIRST_PORT; port < LAST_PORT; port++) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException _) {
                // taken
            }
        }
        throw new IllegalStateException("no free port");
    }

    private Process launch() {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        PROGRAM.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--save",
                        "",
                        "--daemonize",
                        "no"));
        command.addAll(options);
        try {
            Process started =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("out").toFile())
                            .start();
            LatestLog.awaitTrue(this::answers);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    public String address() {
        return "redis://127.0.0.1:" + port + "/3";
    }

    public static OnlineSettings settings(String address) {
        return new OnlineSettings(
                DataSize.mebibytes(1), Optional.of(address), Optional.empty(), Optional.empty());
    }

    static RedisStore store(
            LogConnection log, String address, OnlineView view, OnlineMetrics metrics) {
        return RedisStore.open(
                new RedisStore.Place(log, new Names("test"), Optional.empty(), metrics),
                settings(address),
                List.of(view));
    }

    /// A client of its database.
    Jedis client() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder().database(3).build());
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void restart() {
        process = launch();
    }

    @Override
    public void close() {
        kill();
    }
}
