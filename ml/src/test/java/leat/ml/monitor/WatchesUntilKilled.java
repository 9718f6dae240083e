package leat.ml.monitor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import leat.core.event.Names;
import leat.ml.featurestore.UntilKilled;
import leat.ml.registry.Artifacts;
import leat.ml.scoring.MapOfModels;
import leat.stream.log.LogConnection;
import leat.stream.monitor.FiringAlerts;

/// A process that watches the scoring `risk.v1` until it is killed.
final class WatchesUntilKilled {

    /// Keys of the scoring's monitoring.
    static final String MONITORING = "window: 2s\nminimum-rows: 50";

    private WatchesUntilKilled() {}

    /// Ends only when it is killed.
    ///
    /// @param args the broker and the prefix
    public static void main(String[] args) throws InterruptedException {
        MapOfModels models = new MapOfModels();
        models.register(new byte[0]);
        try (ModelMonitor _ =
                ModelMonitor.start(
                        new ModelMonitor.Place(new LogConnection(args[0]), new Names(args[1]), "1"),
                        new ModelMonitor.Pace(Duration.ofMillis(50), Duration.ofMillis(200)),
                        new ModelMonitor.Known(models, Artifacts.NONE, Duration.ofSeconds(10)),
                        List.of(WatchedLog.scoring(MONITORING)),
                        FiringAlerts.METRIC)) {
            new CountDownLatch(1).await();
        }
    }

    /// Starts one.
    ///
    /// @param failPoint that it halts at; empty for none
    static Process start(String failPoint, Names names, Path folder) throws IOException {
        return UntilKilled.start(
                WatchesUntilKilled.class,
                List.of("-Xmx128m"),
                failPoint,
                names,
                List.of(),
                folder.resolve("output-" + names.prefix() + ".txt"));
    }
}
