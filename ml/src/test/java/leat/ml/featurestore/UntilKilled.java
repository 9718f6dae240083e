package leat.ml.featurestore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import leat.core.event.Names;

/// Processes that go on until they are killed, from outside or at a fail point. Their output goes
/// to `output.txt` beside the file in which they say what is done.
public final class UntilKilled {

    private UntilKilled() {}

    /// Starts a main class with the broker, the prefix, the file of what is done, and a number.
    ///
    /// @param failPoint that it halts at; empty for none
    /// @param first what the number is
    public static Process start(Class<?> main, String failPoint, Names names, Path done, long first)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx128m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        if (!failPoint.isEmpty()) {
            command.add("-Dleat.failpoint=" + failPoint);
        }
        command.add(main.getName());
        command.add(FeatureKafka.connection().bootstrapServers());
        command.add(names.prefix());
        command.add(done.toString());
        command.add(Long.toString(first));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        done.resolveSibling("output.txt").toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
