package leat.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.ml.featurestore.FeatureKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process between the side effects of an upload and at random instants, and has the next
/// one upload again what nobody was told of.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ArtifactsKilledIT {

    private static final List<String> FAIL_POINTS =
            List.of(
                    "artifacts.after-chunks:6",
                    "artifacts.after-send:7",
                    "artifacts.after-commit:6");

    private static final int KILLS = 4;

    private final Names names = RegistryKafka.prepare();
    private final List<Integer> whole = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    void whatWasAnsweredIsWholeAndNothingElseIsThereInPart() throws Exception {
        Path done = folder.resolve("done.txt");
        for (String failPoint : FAIL_POINTS) {
            Process process = UploadsUntilKilled.start(failPoint, names, done, next(done));
            assertThat(ended(process, Duration.ofSeconds(60))).as(failPoint).isTrue();
            assertThat(process.exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);
            assertFiles(failPoint, next(done));
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            int first = next(done);
            Process process = UploadsUntilKilled.start("", names, done, first);
            awaitNext(done, first + 1);
            long instant = random.nextLong(500);
            assertThat(ended(process, Duration.ofMillis(instant))).isFalse();
            assertFiles("seed " + seed + ", kill " + kill, next(done));
        }
        try (Stream<Path> left = Files.list(folder.resolve("uploads"))) {
            assertThat(left).isEmpty();
        }
        assertThat(next(done)).isGreaterThan(8);
        assertThat(whole).hasSizeGreaterThan(8);
    }

    /// @return whether it ended by itself; else it is killed
    private static boolean ended(Process process, Duration patience) throws InterruptedException {
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        return ended;
    }

    private static void awaitNext(Path done, int number) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (next(done) < number) {
            assertThat(System.nanoTime()).as("no upload was done").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /// The first number that no process was told is done.
    private static int next(Path done) throws IOException {
        return Files.exists(done)
                ? Integer.parseInt(Files.readAllLines(done).getLast().strip()) + 1
                : 0;
    }

    /// Looks with a process that has Kafka alone. What was seen whole before is not read again.
    private void assertFiles(String when, int done) throws IOException {
        try (ArtifactLog artifacts =
                new ArtifactLog(FeatureKafka.connection(), names, folder, InstantSource.system())) {
            int there = artifacts.list(new ArtifactPath("0/files")).size();
            assertThat(there).as(when).isBetween(done, done + 1);
            for (int number = whole.size(); number < there; number++) {
                assertThat(read(artifacts, UploadsUntilKilled.path(number)))
                        .as("%s, file %s", when, number)
                        .isEqualTo(UploadsUntilKilled.content(number));
                if (number < done) {
                    whole.add(number);
                }
            }
            Optional<Artifact> replaced = artifacts.file(UploadsUntilKilled.REPLACED);
            int number =
                    Math.toIntExact(
                            replaced.orElseThrow().sizeBytes()
                                    - UploadsUntilKilled.content(0).length);
            assertThat(number).as(when).isBetween(done - 1, done);
            assertThat(read(artifacts, UploadsUntilKilled.REPLACED))
                    .as(when)
                    .isEqualTo(UploadsUntilKilled.content(number));
        }
    }

    private static byte[] read(Artifacts artifacts, ArtifactPath path) throws IOException {
        try (InputStream in = artifacts.open(artifacts.file(path).orElseThrow())) {
            return in.readAllBytes();
        }
    }
}
