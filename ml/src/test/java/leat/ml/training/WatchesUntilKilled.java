package leat.ml.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import leat.core.event.Names;
import leat.core.training.Training;
import leat.ml.featurestore.UntilKilled;
import leat.stream.log.LogConnection;

/// A process that trains a model by itself and is killed meanwhile.
final class WatchesUntilKilled {

    /// Looks often, so that a test need not wait.
    static final TrainerSettings SETTINGS = new TrainerSettings(Duration.ofMillis(100));

    private WatchesUntilKilled() {}

    /// Due once, and not again while a test runs.
    static Training training(String model) {
        return Machines.training(
                model,
                """
                data: {view: state, label: {when: event.failed == 1}}
                alias: live
                triggers: {schedule: 3650d}
                """);
    }

    static TrainingWatch.Watched watched(Training training) {
        return new TrainingWatch.Watched(training, Set.of("risk.v1"));
    }

    /// Watches until it is killed.
    ///
    /// @param args the broker, the prefix, a folder and the model
    public static void main(String[] args) throws InterruptedException {
        TrainingWatch _ =
                TrainingWatch.start(
                        new Trainer.Place(
                                new LogConnection(args[0]),
                                new Names(args[1]),
                                Path.of(args[2]),
                                InstantSource.system()),
                        SETTINGS,
                        OpenAlerts.NONE,
                        List.of(watched(training(args[3]))));
        new CountDownLatch(1).await();
    }

    static Process start(String failPoint, Names names, Path folder, String model)
            throws IOException {
        Files.createDirectories(folder);
        return UntilKilled.start(
                WatchesUntilKilled.class,
                UntilKilled.NATIVE,
                failPoint,
                names,
                List.of(folder.toString(), model),
                folder.resolve(model + ".txt"));
    }
}
