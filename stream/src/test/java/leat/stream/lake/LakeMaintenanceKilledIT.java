package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A loader whose maintenance dies between two of its side effects.
final class LakeMaintenanceKilledIT {

    @TempDir private Path folder;
    private TestedLake lake;

    @BeforeEach
    void begin() {
        lake = TestedLake.open(folder);
    }

    @AfterEach
    void end() throws Exception {
        lake.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lake.after-compaction-file",
                "lake.after-compaction:2",
                "lake.after-carry",
                "lake.after-tag:2",
                "lake.after-expiry:2"
            })
    void maintenanceKilledBetweenTwoSideEffectsLeavesAWholeTable(String failPoint)
            throws Exception {
        // Given a loader whose maintenance takes the process with it
        lake.killAt(failPoint, LakeProcess.Work.LOADING_AND_MAINTAINING);

        // When another one takes over, and more is written
        lake.write(4_000, 4_020);
        LakeLoader next = lake.successor();
        lake.awaitEndOfLog();
        next.close();

        // Then every event of the log is there once, and every file that the table names
        lake.assertEveryEventOnce();
        assertThat(StoredFiles.missing(lake.table())).isEmpty();

        // And what the kill left behind is an orphan, which a later round removes, and only that
        LakeMaintenance.maintain(
                lake.table(),
                LakeProcess.MAINTENANCE,
                Clock.offset(Clock.systemUTC(), Duration.ofDays(1)));
        assertThat(StoredFiles.orphans(lake.table())).isEmpty();
        assertThat(StoredFiles.missing(lake.table())).isEmpty();
        lake.assertEveryEventOnce();
    }
}
