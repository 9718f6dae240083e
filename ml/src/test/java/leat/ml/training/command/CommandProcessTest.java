package leat.ml.training.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A program ends with whoever waits for it.
final class CommandProcessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path folder;

    /// Runs a program that never ends, in a process that can be killed.
    static final class Waits {

        private Waits() {}

        public static void main(String[] args) throws IOException {
            CommandProcess.Ended _ =
                    sleeping(Path.of(args[0])).run(PATIENCE, new CommandOutput(), _ -> {});
        }
    }

    /// Which writes its id and that of a process that it has started.
    private static CommandProcess sleeping(Path folder) {
        return new CommandProcess(
                List.of(
                        "/bin/sh",
                        "-c",
                        "sleep 600 & printf '%s\\n' $! $$ > new; mv new pids; sleep 600"),
                folder,
                Map.of("PATH", "/usr/bin:/bin"));
    }

    @Test
    void aProgramEndsWhenTheProcessIsKilledThatWaitsForIt() throws Exception {
        Process waiting = new ProcessBuilder(waits()).inheritIO().start();
        List<String> started = started(waiting);

        waiting.destroyForcibly();

        assertThatAllEnd(waiting, started);
    }

    /// As a terminal that is closed does, or `timeout`: to all of the process's group.
    @ParameterizedTest
    @ValueSource(strings = {"HUP", "TERM", "INT"})
    void aProgramEndsWhenTheGroupOfTheProcessIsToldToEnd(String signal) throws Exception {
        // Whoever runs the tests in the background may ignore signals, which processes inherit.
        List<String> inGroup =
                new ArrayList<>(List.of("setsid", "env", "--default-signal=HUP,INT,TERM"));
        inGroup.addAll(waits());
        Process waiting = new ProcessBuilder(inGroup).inheritIO().start();
        List<String> started = started(waiting);

        Process kill =
                new ProcessBuilder("kill", "-s", signal, "--", "-" + waiting.pid())
                        .inheritIO()
                        .start();

        assertThat(kill.waitFor()).isZero();
        assertThatAllEnd(waiting, started);
    }

    private List<String> waits() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Waits.class.getName(),
                folder.toString());
    }

    /// The ids of the program and of what it has started.
    private List<String> started(Process waiting) throws IOException {
        Path pids = folder.resolve("pids");
        await(() -> Files.exists(pids) || !waiting.isAlive());
        List<String> started = Files.readAllLines(pids);
        assertThat(started)
                .hasSize(2)
                .allSatisfy(pid -> assertThat(ProcessHandle.of(Long.parseLong(pid))).isPresent());
        return started;
    }

    private static void assertThatAllEnd(Process waiting, List<String> started)
            throws InterruptedException, IOException {
        assertThat(waiting.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        for (String pid : started) {
            await(() -> !lives(pid));
        }
    }

    @Test
    void aProgramEndsWhenItsResultIsNotWantedAnyMore() {
        CommandProcess process = sleeping(folder);

        assertThatThrownBy(() ->
                        process.run(
                                PATIENCE,
                                new CommandOutput(),
                                _ -> {
                                    if (Files.exists(folder.resolve("pids"))) {
                                        throw new IllegalStateException("closed");
                                    }
                                }))
                .hasMessage("closed");

        assertThat(folder.resolve("pids"))
                .satisfies(pids -> {
                    for (String pid : Files.readAllLines(pids)) {
                        await(() -> !lives(pid));
                    }
                });
    }

    /// Not so where it has ended, though perhaps nobody has asked yet how.
    static boolean lives(String pid) throws IOException {
        Path status = Path.of("/proc", pid, "stat");
        try {
            return !Files.readString(status).replaceFirst("^.*\\) ", "").startsWith("Z");
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void theFirstAndTheLastOfAnOutputAreKept() {
        CommandOutput output = new CommandOutput();
        byte[] block = new byte[100_000];
        Arrays.fill(block, (byte) 'a');
        output.add(block, block.length);
        Arrays.fill(block, (byte) 'b');
        output.add(block, block.length);
        output.add(block, block.length);
        output.add("\nthe\u0007 end\n\n".getBytes(UTF_8), 11);

        String kept = new String(output.bytes(), UTF_8);

        int all = 300_011;
        int leftOut = all - CommandOutput.HEAD_BYTES - CommandOutput.TAIL_BYTES;
        assertThat(kept)
                .startsWith("a".repeat(CommandOutput.HEAD_BYTES) + "\n[")
                .contains(String.format("%n[%,d bytes are left out]%nb", leftOut))
                .endsWith("b\nthe\u0007 end\n\n");
        assertThat(output.lastLine()).isEqualTo("the  end");
        assertThat(new CommandOutput().lastLine()).isEmpty();
    }
}
