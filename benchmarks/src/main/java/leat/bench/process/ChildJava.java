package leat.bench.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A JVM with this one's class path, which ends when its standard input does: whatever becomes of
/// this process, it goes with it. What it says on standard error goes to a file.
public final class ChildJava implements AutoCloseable {

    private static final Duration END_LIMIT = Duration.ofSeconds(20);
    private static final int LAST_WORDS = 10;

    private final String name;
    private final Process process;
    private final BufferedWriter input;
    private final Path log;

    private ChildJava(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.input =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.log = log;
    }

    /// Starts one.
    ///
    /// @param name names it in messages and its file, `NAME.log` in `folder`
    /// @param program main class and arguments
    /// @param lines is told what it prints, on a thread of its own
    public static ChildJava start(
            String name,
            List<String> options,
            List<String> program,
            Path folder,
            Consumer<String> lines) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(options);
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.addAll(program);
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(log.toFile());
        // Each thread of glibc keeps freed memory in an arena of its own.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        try {
            ChildJava child = new ChildJava(name, builder.start(), log);
            Thread.ofPlatform().daemon().name(name + "-lines").start(() -> child.read(lines));
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException _) {
            // It has ended, which whoever waits for it sees.
        }
    }

    /// Gives it a line to read.
    ///
    /// @throws ChildEnded when it has ended
    public void tell(String line) {
        try {
            input.write(line);
            input.newLine();
            input.flush();
        } catch (IOException e) {
            throw new ChildEnded(lastWords(), e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// What it has in memory; empty where the system does not tell.
    public OptionalLong residentBytes() {
        return ResidentMemory.bytes(process.pid());
    }

    /// The CPU time that it has taken so far.
    public Duration cpuTime() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// That it has ended, and the last lines that it wrote.
    public String lastWords() {
        String words;
        try {
            List<String> lines = Files.readAllLines(log);
            words =
                    String.join(
                            "\n      ",
                            lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
        } catch (IOException e) {
            words = "nothing can be read of " + log;
        }
        return name + " has ended by itself; its last words:\n      " + words;
    }

    /// Ends its input, so that it ends in order.
    public void endInput() {
        try {
            input.close();
        } catch (IOException _) {
            // It has ended already.
        }
    }

    /// Ends it at once.
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        endInput();
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
                process.waitFor();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
