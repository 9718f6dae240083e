package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two processes that are given one instance name: at most one of them goes on, and the other one
/// says why it does not.
final class SharedInstanceIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final List<String> JAVA_OPTIONS = List.of("-Xmx384m");

    @TempDir private Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aSecondEnricherOfOneNameEndsWithAClearError() throws IOException {
        // Given
        int offset = LeatProcess.freePortOffset(new Random(System.nanoTime()));
        Path here = Files.createDirectory(folder.resolve("here"));
        Path there = Files.createDirectory(folder.resolve("there"));
        Workspaces.copyExample(here);
        // On another machine, with a folder of its own, the broker alone can tell.
        Workspaces.copyExample(
                there,
                """
                format: 1
                prefix: cars
                log:
                  bootstrap-servers: 127.0.0.1:%d
                  allow-single-replica: true
                """
                        .formatted(9092 + offset));
        Ledger ledger = new Ledger(CarLoad.CONTRACT);
        try (LeatProcess front =
                        LeatProcess.start(
                                here, offset, "front", JAVA_OPTIONS, "run", "kafka", "collector");
                LeatProcess first = enricher(here, offset, "first")) {
            front.awaitReady(LIMIT);
            try (CarLoad load = new CarLoad(front.collector(), ledger, 1, Duration.ofMillis(100));
                    Progress progress =
                            new Progress(here, offset, () -> load.isSending() && front.isAlive())) {
                progress.awaitSharers(Progress.Hop.ENRICHED, 1);

                // When
                LeatProcess.Finished sameFolder =
                        LeatProcess.run(here, offset, "run", "enricher", "--instance", "a");
                try (LeatProcess second = enricher(there, offset, "second")) {
                    LeatProcess ended = LeatProcess.firstToEnd(LIMIT, first, second);
                    LeatProcess going = ended.equals(first) ? second : first;

                    // Then
                    assertThat(sameFolder.exitCode()).as(sameFolder.err()).isEqualTo(1);
                    assertThat(sameFolder.err())
                            .contains("another process runs the enricher as instance 'a'")
                            .contains("--instance");
                    assertThat(ended.awaitExit(LIMIT)).as(ended.output()).isEqualTo(1);
                    assertThat(ended.output())
                            .contains("leat: enricher has stopped: another process took over the")
                            .contains("instance id 'a' of role enricher", "--instance");
                    progress.awaitPast(Progress.Hop.ENRICHED, progress.ends(Progress.Hop.ENRICHED));
                    assertThat(going.isAlive()).isTrue();
                }
            }
        }
    }

    private static LeatProcess enricher(Path workspace, int offset, String log) {
        return LeatProcess.start(
                workspace, offset, log, JAVA_OPTIONS, "run", "enricher", "--instance", "a");
    }
}
