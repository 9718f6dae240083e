package leat.ml.featurestore;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import leat.core.event.Names;

/// Processes that go on until they are killed, from outside or at a fail point.
public final class UntilKilled {

    /// Of a process that loads libraries of the system and takes some memory.
    public static final List<String> NATIVE =
            List.of(
                    "-Xmx256m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private static final List<String> SMALL = List.of("-Xmx128m");

    private UntilKilled() {}

    /// Starts a main class with the broker, the prefix, the file of what is done, and a number. Its
    /// output goes to `output.txt` beside the file.
    ///
    /// @param failPoint that it halts at; empty for none
    /// @param first what the number is
    public static Process start(Class<?> main, String failPoint, Names names, Path done, long first)
            throws IOException {
        return start(
                main,
                SMALL,
                failPoint,
                names,
                List.of(done.toString(), Long.toString(first)),
                done.resolveSibling("output.txt"));
    }

    /// Starts a main class with the broker, the prefix and more.
    ///
    /// @param options of its JVM
    /// @param failPoint that it halts at; empty for none
    /// @param output the file that its output is appended to
    public static Process start(
            Class<?> main,
            List<String> options,
            String failPoint,
            Names names,
            List<String> more,
            Path output)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        if (!failPoint.isEmpty()) {
            command.add("-Dleat.failpoint=" + failPoint);
        }
        command.add(main.getName());
        command.add(FeatureKafka.connection().bootstrapServers());
        command.add(names.prefix());
        command.addAll(more);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(output.toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
