package leat.stream.collector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// The real clients of mosquitto.
final class Mosquitto {

    private Mosquitto() {}

    /// @param output both of its streams
    record Ended(int exitCode, String output) {}

    static Ended publish(int port, List<String> options) throws IOException {
        return run("mosquitto_pub", port, options, "");
    }

    static Ended publishLines(int port, List<String> options, String lines) throws IOException {
        return run("mosquitto_pub", port, options, lines);
    }

    static Ended subscribe(int port, List<String> options) throws IOException {
        return run("mosquitto_sub", port, options, "");
    }

    /// Starts a publisher that sends what is written to it.
    static Process start(int port, List<String> options) throws IOException {
        return new ProcessBuilder(command("mosquitto_pub", port, options))
                .redirectErrorStream(true)
                .start();
    }

    private static Ended run(String program, int port, List<String> options, String input)
            throws IOException {
        Process process =
                new ProcessBuilder(command(program, port, options))
                        .redirectErrorStream(true)
                        .start();
        try {
            process.getOutputStream().write(input.getBytes(UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IOException(program + " did not end");
            }
            return new Ended(process.exitValue(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> command(String program, int port, List<String> options) {
        Path path = Path.of("/usr/bin", program);
        Assumptions.assumeTrue(
                Files.isExecutable(path),
                program + " is missing: install mosquitto-clients (scripts/install-test-tools)");
        List<String> command = new ArrayList<>();
        command.add(path.toString());
        command.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(port)));
        command.addAll(options);
        return command;
    }
}
