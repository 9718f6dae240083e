package leat.stream.collector;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.stream.collector.http.HttpDoor;
import leat.stream.log.LogConnection;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;

/// A collector in a process of its own, to be killed. It ends when its input does.
final class CollectorChild implements AutoCloseable {

    static final int MAX_EVENT_BYTES = 4 << 10;

    private final Process process;
    private final int port;

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
            ChildJvm.serve(door.port());
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
        return start(failPoint, SharedKafka.bootstrapServers(), names.prefix());
    }

    /// Starts one with a spool.
    static CollectorChild start(
            String bootstrapServers, Names names, Path spoolFolder, String failPoint)
            throws IOException {
        return start(failPoint, bootstrapServers, names.prefix(), spoolFolder.toString());
    }

    private static CollectorChild start(String failPoint, String... arguments) throws IOException {
        Process process = ChildJvm.start(CollectorChild.class, failPoint, Redirect.PIPE, arguments);
        return new CollectorChild(process, ChildJvm.awaitPort(process));
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
