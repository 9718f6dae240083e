package leat.ml.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import leat.core.event.Names;
import leat.core.training.Training;
import leat.ml.featurestore.UntilKilled;
import leat.stream.log.LogConnection;

/// A process that trains a model and is killed meanwhile.
final class TrainsUntilKilled {

    private TrainsUntilKilled() {}

    static Training training(String model) {
        return Machines.training(
                model,
                """
                data: {view: state, label: {when: event.failed == 1}}
                alias: live
                """);
    }

    /// Trains once.
    ///
    /// @param args the broker, the prefix, a folder and the model
    public static void main(String[] args) {
        try (Trainer trainer =
                new Trainer(
                        new Trainer.Place(
                                new LogConnection(args[0]),
                                new Names(args[1]),
                                Path.of(args[2]),
                                InstantSource.system()))) {
            trainer.train(training(args[3]), Optional.empty(), TrainingProgress.NONE);
        }
    }

    static Process start(String failPoint, Names names, Path folder, String model)
            throws IOException {
        Files.createDirectories(folder);
        return UntilKilled.start(
                TrainsUntilKilled.class,
                UntilKilled.NATIVE,
                failPoint,
                names,
                List.of(folder.toString(), model),
                folder.resolve(model + ".txt"));
    }
}
