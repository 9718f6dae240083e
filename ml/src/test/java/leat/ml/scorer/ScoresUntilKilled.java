package leat.ml.scorer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import leat.core.event.Names;
import leat.ml.featurestore.UntilKilled;
import leat.ml.registry.ModelsInLog;
import leat.stream.log.LogConnection;

/// A process that scores, with nothing but Kafka, until it is killed.
final class ScoresUntilKilled {

    static final int CHECKPOINT_VECTORS = 300;

    private ScoresUntilKilled() {}

    /// Ends only when it is told to.
    ///
    /// @param args the broker, the prefix, the instance, more keys of the scoring and how many
    ///   vectors come between two checkpoints at most
    public static void main(String[] args) throws InterruptedException {
        LogConnection log = new LogConnection(args[0]);
        Names names = new Names(args[1]);
        ModelsInLog models = new ModelsInLog(log, names);
        Scorer scorer =
                Scorer.start(
                        new Scorer.Place(log, names, args[2]),
                        settings(Integer.parseInt(args[4])),
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

    private static ScorerSettings settings(int checkpointVectors) {
        ScorerSettings like = ScorerSettings.DEFAULT;
        return new ScorerSettings(
                like.maxBatchRecords(),
                like.maxBatchSize(),
                like.commitInterval(),
                like.threads(),
                like.timeout(),
                like.lookInterval(),
                checkpointVectors,
                like.checkpointInterval());
    }

    /// @param failPoint that it halts at; empty for none
    /// @param keys more of them of the scoring
    static Process start(String failPoint, Names names, String instance, String keys, Path folder)
            throws IOException {
        return UntilKilled.start(
                ScoresUntilKilled.class,
                UntilKilled.NATIVE,
                failPoint,
                names,
                List.of(instance, keys, Integer.toString(CHECKPOINT_VECTORS)),
                folder.resolve("output-" + names.prefix() + "-" + instance + ".txt"));
    }
}
