package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `leat demo --mqtt` on the connected-car example: each car has a connection of its own, to a
/// collector in a process of its own.
final class MqttDemoIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int EVENTS = 300;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path workspace;

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void drivesEachCarByAConnectionOfItsOwnAndCountsWhereItsEventsArrived() throws IOException {
        // Given
        Workspaces.copyExample(workspace);
        Files.writeString(
                workspace.resolve("leat.yaml"),
                "lake: {loader: {commit-interval: 500ms}}\n",
                StandardOpenOption.APPEND);
        int offset = LeatProcess.freePortOffset(new Random(System.nanoTime()));

        // When
        LeatProcess.Finished demo =
                LeatProcess.run(
                        workspace,
                        offset,
                        "demo",
                        "--mqtt",
                        "--cars",
                        "40",
                        "--rate",
                        "100",
                        "--seconds",
                        "3",
                        "--json");

        // Then
        assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
        List<String> lines = demo.out().lines().toList();
        assertThat(lines).as(demo.err()).hasSize(1);
        JsonNode report = JSON.readTree(lines.getFirst());
        for (String count : List.of("sent", "accepted", "enriched", "searchable", "inLake")) {
            assertThat(report.path(count).asLong(-1)).as(count + " of " + report).isEqualTo(EVENTS);
        }
        assertThat(report.path("dead").asLong(-1)).as(report.toString()).isZero();
        assertThat(report.path("p99Millis").asLong(-1)).as(report.toString()).isPositive();
        assertThat(workspace.resolve(".leat/fleet")).isDirectoryContaining("glob:**cars-1*");
    }
}
