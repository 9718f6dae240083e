package leat.stream.collector;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What the collector counts, whatever door an event came through.
final class CollectorMetrics {

    private final Counter events;
    private final Counter eventBytes;
    private final Histogram acknowledge;

    CollectorMetrics(PrometheusRegistry registry, InFlight bytes, InFlight requests) {
        events =
                Counter.builder()
                        .name("leat_collector_events_total")
                        .help("Events by fate: accepted, dead, refused, unacknowledged")
                        .labelNames("contract", "outcome")
                        .register(registry);
        eventBytes =
                Counter.builder()
                        .name("leat_collector_event_bytes_total")
                        .help("Payload bytes of accepted events")
                        .labelNames("contract")
                        .register(registry);
        acknowledge =
                Histogram.builder()
                        .name("leat_collector_acknowledge_seconds")
                        .help("From a batch's arrival as a whole to Kafka's acknowledgement of it")
                        .labelNames("contract")
                        .classicOnly()
                        .register(registry);
        GaugeWithCallback.builder()
                .name("leat_collector_in_flight_bytes")
                .help("Bodies that are being read or wait for Kafka, and answers left unread")
                .callback(gauge -> gauge.call((double) bytes.taken()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("leat_collector_in_flight_requests")
                .help("Requests that wait for Kafka")
                .callback(gauge -> gauge.call((double) requests.taken()))
                .register(registry);
    }

    Counters of(Inlet inlet) {
        String contract = inlet.contract().nameAndMajor();
        return new Counters(
                events.labelValues(contract, "accepted"),
                events.labelValues(contract, "dead"),
                events.labelValues(contract, "refused"),
                events.labelValues(contract, "unacknowledged"),
                eventBytes.labelValues(contract),
                acknowledge.labelValues(contract));
    }

    /// One contract's share.
    record Counters(
            CounterDataPoint accepted,
            CounterDataPoint dead,
            CounterDataPoint refused,
            CounterDataPoint unacknowledged,
            CounterDataPoint acceptedBytes,
            DistributionDataPoint acknowledgeSeconds) {}
}
