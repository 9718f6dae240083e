package leat.ml.training.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/// A program that is waited for, and that does not outlive whoever waits. Between the two stands a
/// shell that holds the end of a pipe: when the pipe breaks, since this process has ended in
/// whatever way, or wants it so, the shell kills the program, and where the system has `setsid`,
/// all that the program has started. POSIX only.
///
/// @param words the program and its arguments
/// @param folder in which it is started
/// @param environment all that it is given
record CommandProcess(List<String> words, Path folder, Map<String, String> environment) {

    private static final String SHELL = "/bin/sh";

    /// The program has no input, and the pipe is known to the guard alone. A group that is not
    /// there yet is not killed as such, and what is to become it is. A signal to the group of this
    /// process, of a closed terminal say, is for others: the shell stays from its first line on,
    /// and the guard until the pipe breaks. What is ignored the program would ignore too, so the
    /// shell does nothing on a signal until the program runs.
    private static final String GUARDED =
            """
            trap : HUP INT QUIT TERM
            exec 3<&0 </dev/null
            if command -v setsid >/dev/null 2>&1; then
                setsid "$@" 3<&- & child=$!; group=-$child
            else
                "$@" 3<&- & child=$!; group=
            fi
            trap '' HUP INT QUIT TERM
            (
                read -r _ <&3
                kill -s KILL -- ${group:-$child} || kill -s KILL "$child"
            ) >/dev/null 2>&1 & guard=$!
            wait "$child" 2>/dev/null; code=$?
            { kill -s KILL "$guard"; [ -z "$group" ] || kill -s KILL -- "$group"; } >/dev/null 2>&1
            exit "$code"
            """;

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final int BUFFER_BYTES = 8 << 10;

    CommandProcess {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /// How it ended.
    ///
    /// @param exitCode as a shell has it: 128 and the signal where it was killed by one
    /// @param inTime whether it ended by itself, and not since its time was over
    record Ended(int exitCode, boolean inTime) {}

    /// Runs it to its end.
    ///
    /// @param output is given what it writes, errors and all
    /// @param seconds is told each second how many are over; what it throws ends the program
    /// @throws IOException when nothing can be started here
    Ended run(Duration timeout, CommandOutput output, LongConsumer seconds) throws IOException {
        List<String> guarded = new ArrayList<>(List.of(SHELL, "-c", GUARDED, "leat"));
        guarded.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(guarded).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        Thread reading = Thread.ofVirtual().start(() -> read(process.getInputStream(), output));
        try {
            boolean inTime = await(process, timeout, seconds);
            end(process);
            boolean _ = reading.join(LAST_WORDS);
            return new Ended(process.exitValue(), inTime);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a command works", e);
        } finally {
            endAnyway(process);
        }
    }

    /// Also where the thread is to stop.
    private static void endAnyway(Process process) {
        boolean interrupted = Thread.interrupted();
        try {
            end(process);
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether it ends in time.
    private static boolean await(Process process, Duration timeout, LongConsumer seconds)
            throws InterruptedException {
        long begun = System.nanoTime();
        long passed = 0;
        while (passed < timeout.toNanos()) {
            long left = Math.min(timeout.toNanos() - passed, TICK.toNanos());
            if (process.waitFor(left, TimeUnit.NANOSECONDS)) {
                return true;
            }
            passed = System.nanoTime() - begun;
            seconds.accept(TimeUnit.NANOSECONDS.toSeconds(passed));
        }
        return false;
    }

    /// Sees to it that nothing is left.
    private static void end(Process process) throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            // The pipe is broken by now.
        }
        if (!process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            int _ = process.destroyForcibly().waitFor();
        }
    }

    private static void read(InputStream in, CommandOutput output) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            int length = in.read(buffer);
            while (length >= 0) {
                output.add(buffer, length);
                length = in.read(buffer);
            }
        } catch (IOException _) {
            // It is closed when the shell is gone.
        }
    }
}
