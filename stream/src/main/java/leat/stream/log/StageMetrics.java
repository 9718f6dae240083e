package leat.stream.log;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What every stage counts, by stage.
final class StageMetrics {

    private static final Counter RECORDS =
            counter("leat_stage_records_total", "Records read and committed");
    private static final Counter COMMITS =
            counter("leat_stage_commits_total", "Transactions committed");
    private static final Counter RETRIES =
            counter("leat_stage_retries_total", "Transactions aborted and tried again");
    private static final Counter POISON =
            counter("leat_stage_poison_total", "Records that failed by themselves and are dead");
    private static final Counter REOPENS =
            counter("leat_stage_reopens_total", "Times that both Kafka clients were made again");

    final CounterDataPoint records;
    final CounterDataPoint commits;
    final CounterDataPoint retries;
    final CounterDataPoint poison;
    final CounterDataPoint reopens;

    StageMetrics(String stage) {
        records = RECORDS.labelValues(stage);
        commits = COMMITS.labelValues(stage);
        retries = RETRIES.labelValues(stage);
        poison = POISON.labelValues(stage);
        reopens = REOPENS.labelValues(stage);
    }

    private static Counter counter(String name, String help) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames("stage")
                .register(PrometheusRegistry.defaultRegistry);
    }
}
