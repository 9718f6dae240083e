package leat.stream.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A program of the machine that a test drives.
public final class RealProgram implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final Process process;

    private RealProgram(Process process) {
        this.process = process;
    }

    /// Where a program is; without it the test says so and does not run.
    ///
    /// @param debianPackage that brings it
    public static Path require(String name, String debianPackage) {
        List<Path> places =
                List.of(Path.of("/usr/bin", name), Path.of("/usr/sbin", name), unpacked(name));
        for (Path place : places) {
            if (Files.isExecutable(place)) {
                return place;
            }
        }
        Assumptions.abort(
                name + " is missing: install " + debianPackage + " (scripts/install-test-tools)");
        throw new IllegalStateException("an assumption that fails ends the test");
    }

    /// Where `scripts/install-test-tools` unpacks what cannot be installed beside its rival.
    public static Path unpacked(String name) {
        return unpackedFolder().resolve("usr/sbin").resolve(name);
    }

    public static Path unpackedFolder() {
        return Path.of("..", ".test-tools").toAbsolutePath().normalize();
    }

    /// Starts it in the background; closing it ends it.
    ///
    /// @param output of both its streams
    public static RealProgram start(Path output, List<String> command) {
        try {
            return new RealProgram(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts Debian's syslog-ng.
    ///
    /// @param folder for its state and its output
    public static RealProgram syslogNg(Path folder, Path configuration) {
        return start(
                folder.resolve("out"),
                List.of(
                        require("syslog-ng", "syslog-ng-core").toString(),
                        "-F",
                        "--no-caps",
                        "-f",
                        configuration.toString(),
                        "-R",
                        folder.resolve("persist").toString(),
                        "-c",
                        folder.resolve("ctl").toString(),
                        "-p",
                        folder.resolve("pid").toString()));
    }

    /// Starts Debian's rsyslog.
    ///
    /// @param folder for its output and its process id
    public static RealProgram rsyslog(Path folder, Path configuration) {
        String modules = "usr/lib/x86_64-linux-gnu/rsyslog";
        Path unpacked = unpackedFolder().resolve(modules);
        return start(
                folder.resolve("out"),
                List.of(
                        require("rsyslogd", "rsyslog, rsyslog-kafka and rsyslog-openssl")
                                .toString(),
                        "-n",
                        "-f",
                        configuration.toString(),
                        "-i",
                        folder.resolve("pid").toString(),
                        "-M",
                        Files.isDirectory(unpacked) ? unpacked.toString() : "/" + modules));
    }

    /// Runs it to its end.
    ///
    /// @return what it said
    public static String run(List<String> command) {
        return run(command, "");
    }

    /// Runs it to its end with something to read.
    public static String run(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
            process.getOutputStream().write(input.getBytes(UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end: " + output);
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(
                        command + " ended with " + process.exitValue() + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Asks it to end, and waits.
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the program did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Kills it as `kill -9` does.
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }
}
