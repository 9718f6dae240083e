package leat.ml.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.event.Names;
import leat.core.training.Training;
import leat.ml.featurestore.FeatureKafka;
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
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Dleat.failpoint=" + failPoint);
        command.add(TrainsUntilKilled.class.getName());
        command.addAll(
                List.of(
                        FeatureKafka.connection().bootstrapServers(),
                        names.prefix(),
                        folder.toString(),
                        model));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(model + ".txt").toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
