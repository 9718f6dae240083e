package leat.stream.collector;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.stream.collector.http.HttpDoor;
import leat.stream.log.LogConnection;
import leat.stream.testing.SharedKafka;

/// A collector in a process of its own, to be killed. It ends when its input does.
final class CollectorChild implements AutoCloseable {

    static final int MAX_EVENT_BYTES = 4 << 10;
    private static final String PORT_LINE = "port ";

    private final Process process;
    private final int port;

    /// It ended before it listened.
    static final class EndedEarly extends IOException {
        private final int exitCode;

        EndedEarly(int exitCode) {
            super("the collector ended before it listened, with " + exitCode);
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    private CollectorChild(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Runs `bootstrap prefix` before a contract's topics, or `bootstrap prefix spool-folder`
    /// before another's.
    public static void main(String[] args) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        boolean spooling = args.length > 2;
        CollectorSettings settings =
                spooling ? settings().withSpool(spool(Path.of(args[2]))) : settings();
        try (EventIntake intake =
                        EventIntake.open(
                                new EventIntake.Parts(
                                        new LogConnection(args[0]),
                                        new Names(args[1]),
                                        List.of(
                                                spooling
                                                        ? CollectorFixture.CARS
                                                        : CollectorFixture.CARS_NEXT),
                                        registry),
                                settings);
                HttpDoor door = HttpDoor.open(intake, settings, registry)) {
            System.out.println(PORT_LINE + door.port());
            while (System.in.read() >= 0) {
                // Until the parent closes the pipe, or is gone.
            }
        }
    }

    private static CollectorSettings settings() {
        CollectorSettings defaults = CollectorSettings.defaults();
        HttpSettings http = defaults.http().withPort(0);
        Limits limits =
                new Limits(
                        new DataSize(MAX_EVENT_BYTES),
                        defaults.limits().requestSize(),
                        defaults.limits().requestEvents(),
                        defaults.limits().inFlightSize(),
                        defaults.limits().inFlightRequests());
        return new CollectorSettings(http, limits, Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    /// A spool that is used soon.
    static SpoolingSettings spool(Path folder) {
        return new SpoolingSettings(
                true, folder.toString(), DataSize.mebibytes(64), Duration.ofSeconds(1));
    }

    /// Starts one before the shared broker and returns when it listens.
    static CollectorChild start(Names names, String failPoint) throws IOException {
        return start(List.of(SharedKafka.bootstrapServers(), names.prefix()), failPoint);
    }

    /// Starts one with a spool.
    static CollectorChild start(
            String bootstrapServers, Names names, Path spoolFolder, String failPoint)
            throws IOException {
        return start(List.of(bootstrapServers, names.prefix(), spoolFolder.toString()), failPoint);
    }

    private static CollectorChild start(List<String> arguments, String failPoint)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Dleat.failpoint=" + failPoint);
        command.add(CollectorChild.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(PORT_LINE)) {
                Thread.ofVirtual().start(() -> readAway(output));
                return new CollectorChild(
                        process, Integer.parseInt(line.substring(PORT_LINE.length())));
            }
        }
        throw new EndedEarly(process.onExit().join().exitValue());
    }

    private static void readAway(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException _) {
            // The process is gone.
        }
    }

    int port() {
        return port;
    }

    Process process() {
        return process;
    }

    /// Lets it end in order.
    void end() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
