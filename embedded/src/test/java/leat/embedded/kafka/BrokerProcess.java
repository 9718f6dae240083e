package leat.embedded.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A broker in a process of its own, so that a test can kill it.
final class BrokerProcess implements AutoCloseable {

    private final Process process;
    private final String bootstrapServers;

    private BrokerProcess(Process process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /// The child's entry: arguments are folder and port; prints the address when it is ready.
    public static void main(String[] args) {
        EmbeddedKafka kafka =
                EmbeddedKafka.start(
                        new EmbeddedKafka.Settings(Path.of(args[0]), Integer.parseInt(args[1])));
        System.out.println("ready " + kafka.bootstrapServers());
    }

    /// Returns when the broker is ready.
    static BrokerProcess start(Path folder, int port) {
        ProcessBuilder builder =
                new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BrokerProcess.class.getName(),
                                folder.toString(),
                                Integer.toString(port)));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("ready ")) {
                    Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
                    return new BrokerProcess(process, line.substring("ready ".length()));
                }
            }
            throw new IllegalStateException(
                    "the broker ended with " + process.onExit().join().exitValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    int port() {
        return Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
    }

    /// SIGKILL; returns when the process is gone.
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
