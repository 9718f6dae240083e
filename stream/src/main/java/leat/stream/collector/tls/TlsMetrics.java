package leat.stream.collector.tls;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import leat.stream.collector.access.DoorKind;

/// What is counted of encrypted connections.
public final class TlsMetrics {

    private final Gauge filesSound;
    private final Gauge ends;
    private final Counter failed;

    public TlsMetrics(PrometheusRegistry registry) {
        filesSound =
                Gauge.builder()
                        .name("leat_tls_files_sound")
                        .help(
                                "1 while the certificates in use are those of the files, 0 while"
                                        + " the files are faulty")
                        .labelNames("server")
                        .register(registry);
        ends =
                Gauge.builder()
                        .name("leat_tls_certificate_end_seconds")
                        .help("When the certificate in use ends, in seconds since 1970")
                        .labelNames("server")
                        .register(registry);
        failed =
                Counter.builder()
                        .name("leat_collector_tls_failed_handshakes_total")
                        .help("Connections that ended before they were encrypted")
                        .labelNames("door")
                        .register(registry);
    }

    void inUse(String server, Instant end) {
        filesSound.labelValues(server).set(1);
        ends.labelValues(server).set((double) end.getEpochSecond());
    }

    void faulty(String server) {
        filesSound.labelValues(server).set(0);
    }

    void failedHandshake(DoorKind door) {
        failed.labelValues(door.word()).inc();
    }
}
