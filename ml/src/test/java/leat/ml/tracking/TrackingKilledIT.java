package leat.ml.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.core.tracking.Metric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.Run;
import leat.core.tracking.RunCommand;
import leat.core.tracking.search.PageRequest;
import leat.ml.featurestore.FeatureKafka;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process between the side effects of a write, and has the next one log again what nobody
/// was told of.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class TrackingKilledIT {

    private static final List<String> FAIL_POINTS =
            List.of(
                    "tracking.after-points:20",
                    "tracking.after-send:20",
                    "tracking.after-commit:20");

    private final Names names = FeatureKafka.freshNames();

    @TempDir private Path folder;

    @Test
    void nothingThatWasAnsweredIsLostAndNothingIsThereTwice() throws Exception {
        try (Admin admin = FeatureKafka.connection().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(TrackingLog.topics(names)));
        }
        try (TrackingLog tracking =
                new TrackingLog(FeatureKafka.connection(), names, InstantSource.system())) {
            tracking.write(new RunCommand.Create("a", "0", "", "anna", 5, Map.of()));
            Path done = folder.resolve("done.txt");
            for (String failPoint : FAIL_POINTS) {
                Process process = LogsUntilKilled.start(failPoint, names, done, next(done));
                try {
                    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(failPoint).isTrue();
                } finally {
                    process.destroyForcibly();
                }
                assertThat(process.exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);

                assertSteps(tracking, next(done));
            }
            assertThat(next(done)).isGreaterThan(50);
        }
    }

    /// The first step that no process was told is done.
    private static long next(Path done) throws Exception {
        return Files.exists(done) ? Long.parseLong(Files.readAllLines(done).getLast()) + 1 : 0;
    }

    /// All steps that are done are there once, and at most one that nobody knows of.
    private static void assertSteps(TrackingLog tracking, long done) {
        Run run = tracking.read(state -> state.run("a")).orElseThrow();
        NewestMetric newest = Objects.requireNonNull(run.metrics().get("loss"));
        List<Long> steps =
                tracking
                        .history("a", "loss", PageRequest.of(OptionalLong.of(10_000), ""))
                        .found()
                        .stream()
                        .map(Metric::step)
                        .toList();

        assertThat(steps)
                .isEqualTo(LongStream.range(0, steps.size()).boxed().toList())
                .hasSizeBetween((int) done, (int) done + 1);
        assertThat(newest.metric().step()).isEqualTo(steps.getLast());
        assertThat(run.tags()).containsEntry("step", Long.toString(steps.getLast()));
    }
}
