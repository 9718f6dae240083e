package leat.ml.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import leat.ml.monitor.WatchedLog.Traffic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the watching of models says in the metrics of `docs/reference/monitoring.md`. Each test has
/// versions of its own, for the metrics are of the whole process.
final class ModelMonitorMetricsTest {

    private static final double EXACT = 1e-12;
    private static final double MINUTE = WatchedLog.LENGTH / 1e3;

    /// A version of which there is all.
    private static WatchedLog log(String monitoring, long sizeBytes) {
        WatchedLog log = new WatchedLog(monitoring);
        log.trained =
                _ ->
                        new TrainedVersion(
                                Optional.empty(),
                                Optional.empty(),
                                OptionalLong.of(WatchedLog.BEGIN),
                                OptionalLong.of(sizeBytes));
        return log;
    }

    /// The values of a metric of `risk.v1` by its labels, `a=b c=d`, beside `scoring` and
    /// `version`; only those of one version, where it has versions.
    private static Map<String, Double> series(String metric, String version) {
        Map<String, Double> series = new TreeMap<>();
        for (MetricSnapshot snapshot :
                PrometheusRegistry.defaultRegistry.scrape(
                        name -> name.equals(metric.replaceFirst("_total$", "")))) {
            for (DataPointSnapshot point : snapshot.getDataPoints()) {
                String of = point.getLabels().get("version");
                if ("risk.v1".equals(point.getLabels().get("scoring"))
                        && (of == null || of.equals(version))) {
                    series.put(labels(point), value(point));
                }
            }
        }
        return series;
    }

    private static String labels(DataPointSnapshot point) {
        return point.getLabels().stream()
                .filter(label -> !List.of("scoring", "version").contains(label.getName()))
                .map(ModelMonitorMetricsTest::text)
                .collect(Collectors.joining(" "));
    }

    private static String text(Label label) {
        return label.getName() + "=" + label.getValue();
    }

    private static double value(DataPointSnapshot point) {
        return switch (point) {
            case CounterDataPointSnapshot counter -> counter.getValue();
            case GaugeDataPointSnapshot gauge -> gauge.getValue();
            default -> throw new AssertionError(point);
        };
    }

    @Test
    void verdictsAreCountedByVersionAndRule() {
        String version = "risk/201";
        WatchedLog log = log("", 1_000);

        log.window(Traffic.USUAL.by(version));
        log.window(Traffic.USUAL.by(version));
        log.window(Traffic.USUAL.by(version));
        log.window(Traffic.USUAL.by(version).shifted(2));

        assertThat(series("leat_model_windows_total", version))
                .containsEntry("rule=feature-drift verdict=not-judged", 1.0)
                .containsEntry("rule=feature-drift verdict=passed", 2.0)
                .containsEntry("rule=feature-drift verdict=failed", 1.0)
                .containsEntry("rule=failures verdict=passed", 4.0);
        for (String rule : List.of("feature-drift", "score-drift", "missing-values", "failures")) {
            double counted =
                    series("leat_model_windows_total", version).entrySet().stream()
                            .filter(one -> one.getKey().startsWith("rule=" + rule + " "))
                            .mapToDouble(Map.Entry::getValue)
                            .sum();
            assertThat(counted).as(rule).isEqualTo(log.verdicts(rule).size()).isEqualTo(4);
        }
    }

    @Test
    void driftIsThatOfTheLastVerdict() {
        String version = "risk/202";
        WatchedLog log = log("", 1_000);
        log.window(Traffic.USUAL.by(version));

        log.window(Traffic.USUAL.by(version).shifted(2));

        Map<String, Double> drift = series("leat_model_drift", version);
        assertThat(drift)
                .containsOnlyKeys(
                        "measure=js name=a rule=feature-drift",
                        "measure=js name=gear rule=feature-drift",
                        "measure=js name=score rule=score-drift",
                        "measure=ks name=a rule=feature-drift",
                        "measure=ks name=score rule=score-drift",
                        "measure=psi name=a rule=feature-drift",
                        "measure=psi name=gear rule=feature-drift",
                        "measure=psi name=score rule=score-drift");
        for (String rule : List.of("feature-drift", "score-drift")) {
            JsonNode said = log.verdicts(rule).getLast().path("drift");
            said.forEachEntry((name, measures) ->
                    measures.forEachEntry((measure, value) ->
                            assertThat(drift)
                                    .containsEntry(
                                            "measure=%s name=%s rule=%s"
                                                    .formatted(measure, name, rule),
                                            value.asDouble())));
        }
        assertThat(drift.get("measure=psi name=a rule=feature-drift")).isGreaterThan(1);
    }

    @Test
    void theLastWindowIsToldOfEachVersion() {
        String version = "risk/203";
        WatchedLog log = log("", 5_000);
        log.window(Traffic.USUAL.by(version));

        log.took(version, 1_000, 2);
        log.window(Traffic.USUAL.by(version).absent(0.3));

        JsonNode failures = log.verdicts("failures").getLast();
        double failed = failures.path("value").asDouble() / 100;
        assertThat(failed).isBetween(0.2, 0.4);
        only("leat_model_failed_ratio", version, "", failed);
        assertThat(series("leat_model_absent_ratio", version))
                .containsOnlyKeys("feature=a", "feature=gear")
                .containsEntry("feature=gear", 0.0);
        assertThat(series("leat_model_absent_ratio", version).get("feature=a"))
                .isEqualTo(
                        log.verdicts("missing-values").getLast().path("value").asDouble() / 100,
                        within(EXACT));
        assertThat(series("leat_model_delay_seconds", version))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("statistic=mean", 1.5, "statistic=max", 1.5));
        only("leat_model_age_seconds", version, "", 2 * MINUTE);
        only("leat_model_row_seconds", version, "", 0.002);
        only("leat_model_size_bytes", version, "", 5_000);
        only("leat_model_silent_seconds", version, "", MINUTE / WatchedLog.ROWS);
    }

    private static void only(String metric, String version, String labels, double value) {
        Map<String, Double> series = series(metric, version);
        assertThat(series).as(metric).containsOnlyKeys(labels);
        assertThat(series.get(labels)).as(metric).isEqualTo(value, within(EXACT));
    }

    private static final List<String> OF_A_WINDOW =
            List.of(
                    "leat_model_drift",
                    "leat_model_absent_ratio",
                    "leat_model_failed_ratio",
                    "leat_model_delay_seconds",
                    "leat_model_age_seconds",
                    "leat_model_row_seconds",
                    "leat_model_size_bytes");

    private static void assertTold(String version, boolean told) {
        for (String metric : OF_A_WINDOW) {
            assertThat(series(metric, version).isEmpty()).as(metric).isEqualTo(!told);
        }
    }

    @Test
    void aVersionThatIsGoneIsToldNoLonger() {
        WatchedLog log = log("silence: 5m", 1_000);
        log.window(Traffic.USUAL.by("risk/204"));
        log.took("risk/204", 1_000, 1);
        log.window(Traffic.USUAL.by("risk/204"));
        assertTold("risk/204", true);

        log.took("risk/205", 1_000, 1);
        log.window(Traffic.USUAL.by("risk/205"));
        log.took("risk/205", 1_000, 1);
        log.window(Traffic.USUAL.by("risk/205"));

        assertTold("risk/204", false);
        assertTold("risk/205", true);
        assertThat(series("leat_model_windows_total", "risk/204")).isNotEmpty();

        log.window();
        assertTold("risk/205", false);
        only("leat_model_silent_seconds", "risk/205", "", MINUTE + MINUTE / WatchedLog.ROWS);
    }

    @Test
    void nothingIsToldOfWhatIsNotCommittedNorWhenAnotherProcessWatches() {
        String version = "risk/206";
        WatchedLog log = log("", 1_000);
        log.window(Traffic.USUAL.by(version));
        Map<String, Double> counted = series("leat_model_windows_total", version);
        Map<String, Double> age = series("leat_model_age_seconds", version);

        log.drive(Traffic.USUAL.by(version));
        List<ProducerRecord<byte[], byte[]>> given = log.takeInVain();

        assertThat(given).isNotEmpty();
        assertThat(series("leat_model_windows_total", version)).isEqualTo(counted);
        assertThat(series("leat_model_age_seconds", version)).isEqualTo(age).isNotEmpty();

        log.restart();
        assertTold(version, false);
        assertThat(series("leat_model_silent_seconds", version)).isEmpty();
        assertThat(series("leat_model_windows_total", version)).isEqualTo(counted);
    }

    @Test
    void labelsAreToldOfTheWindowThatHasThem() {
        WatchedLog log =
                log(
                        """
                        labels:
                          contract: readings
                          when: event.a > 90.0
                          within: 30s
                          alarm: 0.8
                          precision: 0.5
                          recall: 0.5
                        """,
                        1_000);
        long begin = log.nowMillis();
        for (int car = 0; car < 10; car++) {
            log.foretell("car-" + car, 0.9, begin + 10_000);
        }
        for (int car = 0; car < 8; car++) {
            log.happen("car-" + car, begin + 20_000);
        }
        log.happen("other-1", begin + 20_000);
        log.happen("other-2", begin + 20_000);
        log.window();
        log.window();
        assertThat(log.verdicts("precision")).as("labels are still to come").isEmpty();
        assertThat(series("leat_model_recall_ratio", "risk/1")).isEmpty();

        log.window();

        only("leat_model_precision_ratio", "risk/1", "", 0.8);
        only("leat_model_recall_ratio", "risk/1", "", 0.8);
        // A prediction's query time is 1.5 s before it.
        only("leat_model_lead_seconds", "risk/1", "", 11.5);
        assertThat(log.words("precision")).containsExactly("passed");

        log.window();

        assertThat(series("leat_model_precision_ratio", "risk/1")).isEmpty();
        assertThat(series("leat_model_recall_ratio", "risk/1")).isEmpty();
        assertThat(series("leat_model_lead_seconds", "risk/1")).isEmpty();
    }
}
