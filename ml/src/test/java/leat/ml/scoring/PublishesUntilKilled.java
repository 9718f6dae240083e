package leat.ml.scoring;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import leat.core.event.Names;
import leat.core.model.ModelReference;
import leat.ml.featurestore.UntilKilled;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.Promotions;
import leat.ml.registry.RegistryLog;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;

/// Publishes weights of the model `cars` for its version 1, with the alias `champion`; as a process
/// of its own, that halts on its way.
final class PublishesUntilKilled {

    private PublishesUntilKilled() {}

    static WeightsPublishing.Order order(Path file) {
        return new WeightsPublishing.Order(
                new ModelReference.Numbered("cars", 1),
                file,
                Optional.of("champion"),
                new Promotions.Will(false, "new roads"),
                "");
    }

    /// Publishes.
    ///
    /// @param args the broker, the prefix, and the file
    public static void main(String[] args) {
        LogConnection log = new LogConnection(args[0]);
        Names names = new Names(args[1]);
        Path file = Path.of(args[2]);
        InstantSource clock = InstantSource.system();
        TrackingLog tracking = new TrackingLog(log, names, clock);
        RegistryLog registry = new RegistryLog(log, names, clock);
        ArtifactLog artifacts = new ArtifactLog(log, names, file.resolveSibling("uploads"), clock);
        try (ModelsInLog models = new ModelsInLog(tracking, registry, artifacts)) {
            new WeightsPublishing(registry, artifacts, models).publish(order(file));
        }
    }

    /// @param failPoint that it halts at
    static Process start(String failPoint, Names names, Path file) throws IOException {
        return UntilKilled.start(
                PublishesUntilKilled.class,
                UntilKilled.NATIVE,
                failPoint,
                names,
                List.of(file.toString()),
                file.resolveSibling("output.txt"));
    }
}
