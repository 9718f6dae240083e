package leat.ml.featurestore.online;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import leat.core.catalog.OnlineReader;
import leat.core.catalog.OnlineReaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the online store counts.
public final class OnlineMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(OnlineMetrics.class);

    private final PrometheusRegistry registry;
    private final Counter records;

    public OnlineMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        records =
                Counter.builder()
                        .name("leat_features_online_records_total")
                        .help(
                                "Records of latest topics by view and fate: stored, removed (the"
                                        + " entity's vector), unreadable (no vector)")
                        .labelNames("view", "fate")
                        .register(registry);
    }

    /// Shows who asks, from now on.
    ///
    /// @param readers as they are, asked at each look
    public void show(Supplier<OnlineReaders> readers) {
        CounterWithCallback.builder()
                .name("leat_features_online_questions_total")
                .help("Answered questions for features by kind (view, set), its name, and who asks")
                .labelNames("kind", "name", "key")
                .callback(counter -> {
                    OnlineReaders now = readers.get();
                    show("view", now.views(), counter);
                    show("set", now.sets(), counter);
                })
                .register(registry);
    }

    private static void show(
            String kind,
            Map<String, List<OnlineReader>> readers,
            CounterWithCallback.Callback counter) {
        readers.forEach((name, all) ->
                all.forEach(one -> counter.call((double) one.questions(), kind, name, one.name())));
    }

    OfView of(OnlineView view) {
        return new OfView(
                fate(view, "stored"),
                fate(view, "removed"),
                fate(view, "unreadable"),
                new AtomicBoolean());
    }

    private CounterDataPoint fate(OnlineView view, String fate) {
        return records.labelValues(view.nameAndVersion(), fate);
    }

    /// Those of one view.
    ///
    /// @param told whether the log names an unreadable record already
    record OfView(
            CounterDataPoint stored,
            CounterDataPoint removed,
            CounterDataPoint unreadable,
            AtomicBoolean told) {

        /// A record is no vector. It stays in the log; what the entity had before stays in the
        /// store.
        void unreadable(ConsumerRecord<byte[], byte[]> record) {
            unreadable.inc();
            if (told.compareAndSet(false, true)) {
                LOG.atError()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .log("A record is no vector; more of them are only counted");
            }
        }
    }
}
