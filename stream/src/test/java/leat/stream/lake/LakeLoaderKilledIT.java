package leat.stream.lake;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A loader that dies between two of its side effects.
final class LakeLoaderKilledIT {

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
                "lake.after-files",
                "lake.after-files:2",
                "lake.after-dead-letters",
                "lake.after-dead-letters:2",
                "lake.after-commit",
                "lake.after-commit:3"
            })
    void aLoaderKilledBetweenTwoSideEffectsLosesAndDoublesNothing(String failPoint)
            throws Exception {
        // Given a loader in a process of its own that dies at the fail point
        lake.killAt(failPoint, LakeProcess.Work.LOADING);

        // When another one takes over, and more is written
        lake.write(4_000, 4_020);
        lake.successor();

        // Then every event of the log is there once
        lake.awaitEndOfLog();
        lake.assertEveryEventOnce();
    }
}
