package leat.stream.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A small JVM of its own with the tests' classes, to be killed.
public final class ChildJvm {

    private static final String PORT_LINE = "port ";

    private ChildJvm() {}

    /// It ended before it listened.
    public static final class EndedEarly extends IOException {
        private final int exitCode;

        EndedEarly(int exitCode) {
            super("the child ended before it listened, with " + exitCode);
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    /// Starts a main class.
    ///
    /// @param failPoint that it halts at; empty for none
    /// @param output of both streams; what goes into a pipe is the output alone, and errors are
    ///   printed
    public static Process start(
            Class<?> main, String failPoint, Redirect output, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        if (!failPoint.isEmpty()) {
            command.add("-Dleat.failpoint=" + failPoint);
        }
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output);
        if (output.equals(Redirect.PIPE)) {
            builder.redirectError(Redirect.INHERIT);
        } else {
            builder.redirectErrorStream(true);
        }
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    /// What a child with a door does: tells its port, and returns when the parent closes the pipe
    /// or is gone.
    public static void serve(int port) throws IOException {
        System.out.println(PORT_LINE + port);
        while (System.in.read() >= 0) {
            // Nothing is said to it.
        }
    }

    /// The port of a child that serves, as soon as it listens. What it prints later is read and
    /// forgotten.
    ///
    /// @throws EndedEarly when it has ended before
    public static int awaitPort(Process child) throws IOException {
        BufferedReader output = child.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(PORT_LINE)) {
                Thread.ofVirtual().start(() -> readAway(output));
                return Integer.parseInt(line.substring(PORT_LINE.length()));
            }
        }
        throw new EndedEarly(child.onExit().join().exitValue());
    }

    private static void readAway(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException _) {
            // The child is gone.
        }
    }
}
