package leat.ml.featurestore.online;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the online store counts.
public final class OnlineMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(OnlineMetrics.class);

    private final Counter records;

    public OnlineMetrics(PrometheusRegistry registry) {
        records =
                Counter.builder()
                        .name("leat_features_online_records_total")
                        .help(
                                "Records of latest topics by view and fate: stored, removed (the"
                                        + " entity's vector), unreadable (no vector)")
                        .labelNames("view", "fate")
                        .register(registry);
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
