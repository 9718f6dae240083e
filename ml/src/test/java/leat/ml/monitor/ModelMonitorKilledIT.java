package leat.ml.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.failpoint.FailPoint;
import leat.core.monitor.ModelJudging;
import leat.core.monitor.MonitoringState;
import leat.stream.log.KafkaLogReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Traffic drifts away in every other window, so that an alert changes with each, while the monitor
/// is killed. What it has written must be what is judged of the log at one go.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ModelMonitorKilledIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long WINDOW = 2_000;
    private static final long SEED = 15;

    private final List<Process> processes = new CopyOnWriteArrayList<>();

    @TempDir private Path folder;

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    @Test
    void killsLoseAndDoubleNoWindowAndNoAlert() throws Exception {
        try (LiveTraffic traffic = traffic()) {
            // At any instant, then where nothing is written yet, where all is and no one knows, and
            // between
            Process first = start("", traffic);
            await(() -> !traffic.results().isEmpty(), "the first window");
            LockSupport.parkNanos(Duration.ofMillis(new Random(SEED).nextInt(500)).toNanos());
            first.destroyForcibly().onExit().join();
            for (String point : List.of(".after-process", ".after-commit", ".after-send")) {
                awaitNews(traffic);
                Process process = start(ModelMonitor.ROLE + point, traffic);
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(point).isTrue();
                assertThat(process.exitValue()).as(point).isEqualTo(FailPoint.EXIT_CODE);
            }
            long killed = System.currentTimeMillis();
            Process last = start("", traffic);
            await(() -> lastEnd(traffic) > killed, "windows behind the last kill");
            last.destroyForcibly().onExit().join();
            assertJudgedAsAtOneGo(traffic);
        }
    }

    private static LiveTraffic traffic() {
        return new LiveTraffic(
                WatchedLog.scoring(WatchesUntilKilled.MONITORING),
                millis -> Math.floorDiv(millis, WINDOW) % 2 == 0 ? 0 : 3);
    }

    private Process start(String failPoint, LiveTraffic traffic) throws Exception {
        Process process = WatchesUntilKilled.start(failPoint, traffic.names, folder);
        processes.add(process);
        return process;
    }

    /// Until a window is over that nobody has judged.
    private static void awaitNews(LiveTraffic traffic) {
        long end = lastEnd(traffic);
        await(() -> System.currentTimeMillis() > end + WINDOW + 300, "a window");
    }

    private static long lastEnd(LiveTraffic traffic) {
        List<JsonNode> results = traffic.results();
        return results.isEmpty() ? 0 : millis(results.getLast(), "windowEnd");
    }

    private static long millis(JsonNode node, String key) {
        return Instant.parse(WatchedLog.text(node, key)).toEpochMilli();
    }

    private void assertJudgedAsAtOneGo(LiveTraffic traffic) {
        List<JsonNode> results = traffic.results();
        long begin = millis(results.getFirst(), "windowStart");
        long end = millis(results.getLast(), "windowEnd");
        MonitoringState state = MonitoringState.begin(begin);
        WindowReading reading =
                new WindowReading(
                        traffic.names,
                        traffic.scoring,
                        _ -> TrainedVersion.UNKNOWN,
                        (_, _, _) -> Map.of());
        List<JsonNode> expected = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        try (KafkaLogReader reader = new KafkaLogReader(traffic.log, "at-one-go")) {
            for (long start = begin; start < end; start += WINDOW) {
                long over = start + WINDOW;
                ModelJudging.Judged judged =
                        ModelJudging.judge(
                                traffic.scoring.monitoring().orElseThrow(),
                                state,
                                reading.read(reader, start, over, state));
                state = judged.after();
                for (ModelJudging.Finding finding : judged.findings()) {
                    expected.add(JSON.readTree(FindingJson.bytes("risk.v1", start, over, finding)));
                }
                for (ModelJudging.Changed change : judged.changes()) {
                    changes.add(
                            change.rule().id()
                                    + " "
                                    + change.alert().status().word()
                                    + " "
                                    + Instant.ofEpochMilli(over));
                }
            }
        }
        assertThat(results).isEqualTo(expected);
        assertThat(changes).hasSizeGreaterThan(2);
        assertThat(traffic.alerts(""))
                .extracting(alert ->
                        WatchedLog.text(alert, "rule")
                                + " "
                                + WatchedLog.text(alert, "status")
                                + " "
                                + WatchedLog.text(alert, "changedAt"))
                .isEqualTo(changes);
    }

    private static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(400).toNanos());
        }
    }
}
