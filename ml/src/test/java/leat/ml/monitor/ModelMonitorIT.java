package leat.ml.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.ml.registry.Artifacts;
import leat.ml.scoring.MapOfModels;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.AlertStanding;
import leat.stream.monitor.FiringAlerts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// A model is watched on Kafka in windows of a second, while its traffic drifts away and comes
/// back.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ModelMonitorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final String DRIFT = "risk.v1:feature-drift";

    private final MapOfModels models = new MapOfModels();
    private final AtomicBoolean shifted = new AtomicBoolean();

    @Test
    void driftIsAnAlertOnceAlsoWhenAnotherInstanceGoesOn() throws Exception {
        models.register(new byte[0]);
        try (LiveTraffic traffic =
                new LiveTraffic(
                        WatchedLog.scoring("window: 1s\nminimum-rows: 50"),
                        _ -> shifted.get() ? 3 : 0)) {
            AlertLog alerts = new AlertLog(traffic.log, traffic.names, Set.of(DRIFT));
            try (ModelMonitor _ = start(traffic, "1")) {
                await(() -> verdicts(traffic).contains("passed"), "a window without drift");
                assertThat(statuses(traffic)).isEmpty();
                long since = System.currentTimeMillis();
                shifted.set(true);
                await(() -> statuses(traffic).contains("firing"), "an alert");
                await(() -> firing().equals(OptionalDouble.of(1)), "a metric of it");
                assertThat(firedAt(traffic))
                        .as("the end of the second window that began behind the drift, or before")
                        .isBeforeOrEqualTo(
                                Instant.ofEpochMilli(since).plus(WINDOW.multipliedBy(3)));
                AlertStanding standing = alerts.list(List.of()).getFirst();
                assertThat(standing.id()).isEqualTo(DRIFT);
                alerts.acknowledge(standing);
                await(() -> statuses(traffic).contains("acknowledged"), "the alert to be taken up");
                assertThat(firing()).hasValue(1);
            }
            assertThat(firing()).as("of a process that does not watch").isEmpty();
            int judged = verdicts(traffic).size();
            try (ModelMonitor _ = start(traffic, "2")) {
                await(() -> verdicts(traffic).size() > judged + 1, "windows judged by the other");
                assertThat(firing()).hasValue(1);
                shifted.set(false);
                await(() -> statuses(traffic).contains("resolved"), "the end of the alert");
                await(() -> firing().equals(OptionalDouble.of(0)), "a metric that says so");
            }
            assertThat(statuses(traffic)).containsExactly("firing", "acknowledged", "resolved");
            assertThat(windowStarts(traffic)).doesNotHaveDuplicates();
        }
    }

    private ModelMonitor start(LiveTraffic traffic, String instance) {
        return ModelMonitor.start(
                new ModelMonitor.Place(traffic.log, traffic.names, instance),
                new ModelMonitor.Pace(Duration.ofMillis(50), Duration.ofMillis(200)),
                new ModelMonitor.Known(models, Artifacts.NONE, Duration.ofSeconds(10)),
                List.of(traffic.scoring),
                FiringAlerts.METRIC);
    }

    /// What the metric says of the alert in this process; empty where it says nothing.
    private static OptionalDouble firing() {
        Labels labels = Labels.of("contract", "risk.v1", "rule", "feature-drift");
        return PrometheusRegistry.defaultRegistry.scrape("leat_alerts_firing"::equals).stream()
                .flatMap(snapshot -> snapshot.getDataPoints().stream())
                .filter(point -> point.getLabels().equals(labels))
                .mapToDouble(point -> ((GaugeDataPointSnapshot) point).getValue())
                .findFirst();
    }

    private static List<String> statuses(LiveTraffic traffic) {
        return traffic.alerts("feature-drift").stream()
                .map(alert -> WatchedLog.text(alert, "status"))
                .toList();
    }

    private static Instant firedAt(LiveTraffic traffic) {
        return Instant.parse(
                WatchedLog.text(traffic.alerts("feature-drift").getFirst(), "firedAt"));
    }

    private static List<JsonNode> results(LiveTraffic traffic) {
        return traffic.results().stream()
                .filter(one -> WatchedLog.text(one, "rule").equals("feature-drift"))
                .toList();
    }

    private static List<String> verdicts(LiveTraffic traffic) {
        return results(traffic).stream().map(one -> WatchedLog.text(one, "verdict")).toList();
    }

    private static List<String> windowStarts(LiveTraffic traffic) {
        return results(traffic).stream().map(one -> WatchedLog.text(one, "windowStart")).toList();
    }

    private static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }
}
