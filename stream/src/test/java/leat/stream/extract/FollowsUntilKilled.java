package leat.stream.extract;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.log.LogConnection;
import leat.stream.send.ClientAccess;

/// Files followed in a process of its own, to be killed.
final class FollowsUntilKilled {

    private FollowsUntilKilled() {}

    /// Runs `bootstrap prefix collector file`, until its standard input ends.
    public static void main(String[] args) throws Exception {
        try (Extractor _ =
                start(
                        new LogConnection(args[0]),
                        new Names(args[1]),
                        URI.create(args[2]),
                        Path.of(args[3]))) {
            System.in.readAllBytes();
        }
    }

    static Extractor start(LogConnection log, Names names, URI collector, Path file) {
        return Extractor.following(
                new Extractor.Place(
                        log,
                        names,
                        collector,
                        () -> ClientAccess.NONE,
                        file.resolveSibling("."),
                        new ExtractionMetrics(new PrometheusRegistry())),
                CollectorFixture.CLICKS,
                "test",
                List.of(file));
    }
}
