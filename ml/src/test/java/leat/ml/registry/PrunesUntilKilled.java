package leat.ml.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import leat.core.event.Names;
import leat.core.model.Retention;
import leat.ml.featurestore.UntilKilled;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;

/// A process that prunes the model `cars` once.
final class PrunesUntilKilled {

    /// The newest version stays, and what is needed.
    static final Retention RETENTION = new Retention(1, Duration.ZERO);

    private PrunesUntilKilled() {}

    /// Prunes.
    ///
    /// @param args the broker, the prefix, and a file beside which uploads have room
    public static void main(String[] args) {
        LogConnection log = new LogConnection(args[0]);
        Names names = new Names(args[1]);
        InstantSource clock = InstantSource.system();
        try (TrackingLog tracking = new TrackingLog(log, names, clock);
                RegistryLog registry = new RegistryLog(log, names, clock);
                ArtifactLog artifacts =
                        new ArtifactLog(log, names, Path.of(args[2]).resolveSibling("up"), clock)) {
            Prunings prunings =
                    new Prunings(tracking, registry, artifacts, NeededVersions.NONE, clock);
            prunings.prune(prunings.plan("cars", RETENTION));
        }
    }

    /// @param failPoint that it halts at
    static Process start(String failPoint, Names names, Path file) throws IOException {
        return UntilKilled.start(PrunesUntilKilled.class, failPoint, names, file, 0);
    }
}
