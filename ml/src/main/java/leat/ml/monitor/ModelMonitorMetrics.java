package leat.ml.monitor;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import leat.core.monitor.Drift;
import leat.core.monitor.FeatureProfile;
import leat.core.monitor.LabelledWindow;
import leat.core.monitor.ModelJudging.Finding;
import leat.core.monitor.SeenWindow;

/// What the watching of a scoring says in metrics, of the last judged window; only what is
/// committed.
final class ModelMonitorMetrics {

    private static final Counter WINDOWS =
            Counter.builder()
                    .name("leat_model_windows_total")
                    .help("Windows judged, by verdict: passed, failed or not-judged")
                    .labelNames("scoring", "version", "rule", "verdict")
                    .register(PrometheusRegistry.defaultRegistry);
    private static final Gauge DRIFT =
            gauge(
                    "leat_model_drift",
                    "Drift of a feature or score from the baseline, by measure: psi, ks or js",
                    "scoring",
                    "version",
                    "rule",
                    "name",
                    "measure");
    private static final Gauge ABSENT =
            gauge(
                    "leat_model_absent_ratio",
                    "Share of vectors in which a feature is null, NaN or infinite",
                    "scoring",
                    "version",
                    "feature");
    private static final Gauge FAILED =
            gauge(
                    "leat_model_failed_ratio",
                    "Share of predictions without values",
                    "scoring",
                    "version");
    private static final Gauge DISAGREEMENT =
            gauge(
                    "leat_model_disagreement_ratio",
                    "Share of the predictions made again that came out otherwise",
                    "scoring",
                    "version");
    private static final Gauge DELAY =
            gauge(
                    "leat_model_delay_seconds",
                    "Time from the query time to the prediction in the log, by statistic: mean or"
                            + " max",
                    "scoring",
                    "version",
                    "statistic");
    private static final Gauge AGE =
            gauge(
                    "leat_model_age_seconds",
                    "Time since the version was registered",
                    "scoring",
                    "version");
    private static final Gauge ROW_SECONDS =
            gauge(
                    "leat_model_row_seconds",
                    "Time that a version took for a row, reading and writing excluded",
                    "scoring",
                    "version");
    private static final Gauge SIZE =
            gauge("leat_model_size_bytes", "Size of the files of a version", "scoring", "version");
    private static final Gauge PRECISION =
            gauge(
                    "leat_model_precision_ratio",
                    "Share of alarms that were right, of the last window with labels",
                    "scoring",
                    "version");
    private static final Gauge RECALL =
            gauge(
                    "leat_model_recall_ratio",
                    "Share of events that had an alarm before, of the last window with labels",
                    "scoring");
    private static final Gauge LEAD =
            gauge(
                    "leat_model_lead_seconds",
                    "Median time from the first alarm to the event, of the last window with labels",
                    "scoring");
    private static final Gauge SILENT =
            gauge(
                    "leat_model_silent_seconds",
                    "Time from the last vector to the end of the window",
                    "scoring");

    private final String scoring;
    private final Set<List<String>> drifts = new HashSet<>();
    private final Set<List<String>> absent = new HashSet<>();
    private final Set<String> versions = new HashSet<>();

    ModelMonitorMetrics(String scoring) {
        this.scoring = scoring;
    }

    /// A window was judged.
    void judged(SeenWindow window, List<Finding> findings, long silentMillis) {
        forget();
        SILENT.labelValues(scoring).set(silentMillis / 1e3);
        for (SeenWindow.Version version : window.versions()) {
            seen(version, window.endMillis());
        }
        window.labelled().ifPresent(this::labelled);
        for (Finding finding : findings) {
            WINDOWS.labelValues(
                            scoring,
                            finding.version(),
                            finding.rule().id(),
                            finding.verdict().judgement().word())
                    .inc();
            finding.drifts().forEach((name, drift) -> drift(finding, name, drift));
        }
    }

    private void labelled(LabelledWindow window) {
        window.versions()
                .forEach((version, outcome) -> {
                    versions.add(version);
                    known(
                            outcome.confusion().precision(),
                            value -> PRECISION.labelValues(scoring, version).set(value));
                });
        known(window.recall(), value -> RECALL.labelValues(scoring).set(value));
        window.medianLeadMicros().ifPresent(micros -> LEAD.labelValues(scoring).set(micros / 1e6));
    }

    private static void known(double value, DoubleConsumer sink) {
        if (Double.isFinite(value)) {
            sink.accept(value);
        }
    }

    private void seen(SeenWindow.Version version, long endMillis) {
        versions.add(version.name());
        if (version.predictions() > 0) {
            FAILED.labelValues(scoring, version.name())
                    .set((double) version.failed() / version.predictions());
        }
        if (version.again().predictions() > 0) {
            DISAGREEMENT
                    .labelValues(scoring, version.name())
                    .set((double) version.again().different() / version.again().predictions());
        }
        if (Double.isFinite(version.delays().meanSeconds())) {
            DELAY.labelValues(scoring, version.name(), "mean").set(version.delays().meanSeconds());
            DELAY.labelValues(scoring, version.name(), "max").set(version.delays().maxSeconds());
        }
        if (version.cost().rows() > 0) {
            ROW_SECONDS
                    .labelValues(scoring, version.name())
                    .set(version.cost().seconds() / (double) version.cost().rows());
        }
        version.cost()
                .bytes()
                .ifPresent(size -> SIZE.labelValues(scoring, version.name()).set((double) size));
        version.createdMillis()
                .ifPresent(created ->
                        AGE.labelValues(scoring, version.name()).set((endMillis - created) / 1e3));
        for (Map.Entry<String, FeatureProfile> feature :
                version.features().now().features().entrySet()) {
            if (feature.getValue().rows() > 0) {
                absent.add(List.of(version.name(), feature.getKey()));
                ABSENT.labelValues(scoring, version.name(), feature.getKey())
                        .set((double) feature.getValue().absent() / feature.getValue().rows());
            }
        }
    }

    private void drift(Finding finding, String name, Drift drift) {
        set(finding, name, "psi", drift.psi());
        drift.ks().ifPresent(ks -> set(finding, name, "ks", ks));
        set(finding, name, "js", drift.js());
    }

    private void set(Finding finding, String name, String measure, double value) {
        List<String> labels = List.of(finding.version(), finding.rule().id(), name, measure);
        drifts.add(labels);
        DRIFT.labelValues(scoring, labels.get(0), labels.get(1), name, measure).set(value);
    }

    /// What the last window said: of versions that are gone, and when another process watches.
    void forget() {
        drifts.forEach(labels ->
                DRIFT.remove(scoring, labels.get(0), labels.get(1), labels.get(2), labels.get(3)));
        absent.forEach(labels -> ABSENT.remove(scoring, labels.get(0), labels.get(1)));
        for (String version : versions) {
            FAILED.remove(scoring, version);
            DISAGREEMENT.remove(scoring, version);
            AGE.remove(scoring, version);
            ROW_SECONDS.remove(scoring, version);
            SIZE.remove(scoring, version);
            PRECISION.remove(scoring, version);
            DELAY.remove(scoring, version, "mean");
            DELAY.remove(scoring, version, "max");
        }
        SILENT.remove(scoring);
        RECALL.remove(scoring);
        LEAD.remove(scoring);
        drifts.clear();
        absent.clear();
        versions.clear();
    }

    private static Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .register(PrometheusRegistry.defaultRegistry);
    }
}
