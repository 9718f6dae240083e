package leat.ml.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import leat.core.event.Names;
import leat.core.tracking.LogBatch;
import leat.core.tracking.Metric;
import leat.ml.featurestore.UntilKilled;
import leat.stream.log.LogConnection;

/// A process that logs step after step to the run `a`, each with a metric and a tag, and writes
/// down which ones it was told are done.
final class LogsUntilKilled {

    private LogsUntilKilled() {}

    /// Never returns.
    ///
    /// @param args the broker, the prefix, the file of what is done, and the first step
    public static void main(String[] args) throws IOException {
        Path done = Path.of(args[2]);
        try (TrackingLog tracking =
                new TrackingLog(
                        new LogConnection(args[0]), new Names(args[1]), InstantSource.system())) {
            for (long step = Long.parseLong(args[3]); ; step++) {
                tracking.write(
                        new LogBatch(
                                "a",
                                List.of(new Metric("loss", 1.0 / (step + 1), step, step)),
                                List.of(),
                                List.of(new LogBatch.Entry("step", Long.toString(step))),
                                false));
                Files.writeString(
                        done,
                        step + "\n",
                        UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }
    }

    /// @param failPoint that it halts at; empty for none
    static Process start(String failPoint, Names names, Path done, long firstStep)
            throws IOException {
        return UntilKilled.start(LogsUntilKilled.class, failPoint, names, done, firstStep);
    }
}
