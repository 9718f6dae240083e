package leat.ml.scorer;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import leat.core.event.Names;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.registry.ModelsInLog;
import leat.stream.log.LogConnection;

/// A process that scores, with nothing but Kafka, until it is killed.
final class ScoresUntilKilled {

    private ScoresUntilKilled() {}

    /// Ends only when it is told to.
    ///
    /// @param args the broker, the prefix, the instance and more keys of the scoring
    public static void main(String[] args) throws InterruptedException {
        LogConnection log = new LogConnection(args[0]);
        Names names = new Names(args[1]);
        ModelsInLog models = new ModelsInLog(log, names);
        Scorer scorer =
                Scorer.start(
                        new Scorer.Place(log, names, args[2]),
                        ScorerSettings.DEFAULT,
                        models,
                        List.of(Risk.scoring(args[3])));
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            scorer.close();
                            models.close();
                        }));
        new CountDownLatch(1).await();
    }

    /// @param failPoint that it halts at; empty for none
    /// @param keys more of them of the scoring
    static Process start(String failPoint, Names names, String instance, String keys, Path folder)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        if (!failPoint.isEmpty()) {
            command.add("-Dleat.failpoint=" + failPoint);
        }
        command.add(ScoresUntilKilled.class.getName());
        command.addAll(
                List.of(
                        FeatureKafka.connection().bootstrapServers(),
                        names.prefix(),
                        instance,
                        keys));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                Redirect.appendTo(
                                        folder.resolve(
                                                        "output-"
                                                                + names.prefix()
                                                                + "-"
                                                                + instance
                                                                + ".txt")
                                                .toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
