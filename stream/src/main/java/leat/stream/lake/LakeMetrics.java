package leat.stream.lake;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What the lake counts, by contract and kind of table (`enriched` or `dead`).
final class LakeMetrics {

    private static final Counter ROWS = counter("leat_lake_rows_total", "Rows committed");
    private static final Counter BYTES =
            counter("leat_lake_file_bytes_total", "Bytes of data files committed");
    private static final Counter COMMITS =
            counter("leat_lake_commits_total", "Snapshots committed");
    private static final Counter REFUSED =
            counter(
                    "leat_lake_refused_commits_total",
                    "Commits refused because another loader had moved the positions");
    private static final Counter RETRIES =
            counter("leat_lake_retries_total", "Attempts that failed and are repeated");
    private static final Counter DEAD =
            counter("leat_lake_dead_total", "Events that the table cannot take");
    private static final Counter SKIPPED =
            counter(
                    "leat_lake_skipped_offsets_total",
                    "Offsets skipped that retention had deleted");
    private static final Gauge LAG = gauge("leat_lake_lag_records", "Records not yet read");
    private static final Gauge FRESHNESS =
            gauge(
                    "leat_lake_newest_append_time_seconds",
                    "Append time of the newest event committed, seconds since the epoch");

    final CounterDataPoint rows;
    final CounterDataPoint bytes;
    final CounterDataPoint commits;
    final CounterDataPoint refused;
    final CounterDataPoint retries;
    final CounterDataPoint dead;
    final CounterDataPoint skipped;
    final GaugeDataPoint lag;
    final GaugeDataPoint newest;

    LakeMetrics(String contract, String kind) {
        rows = ROWS.labelValues(contract, kind);
        bytes = BYTES.labelValues(contract, kind);
        commits = COMMITS.labelValues(contract, kind);
        refused = REFUSED.labelValues(contract, kind);
        retries = RETRIES.labelValues(contract, kind);
        dead = DEAD.labelValues(contract, kind);
        skipped = SKIPPED.labelValues(contract, kind);
        lag = LAG.labelValues(contract, kind);
        newest = FRESHNESS.labelValues(contract, kind);
    }

    private static Counter counter(String name, String help) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames("contract", "kind")
                .register(PrometheusRegistry.defaultRegistry);
    }

    private static Gauge gauge(String name, String help) {
        return Gauge.builder()
                .name(name)
                .help(help)
                .labelNames("contract", "kind")
                .register(PrometheusRegistry.defaultRegistry);
    }
}
