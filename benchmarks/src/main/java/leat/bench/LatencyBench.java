package leat.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import leat.core.event.Names;
import leat.stream.enricher.Enricher;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeLoaderSettings;
import leat.stream.sql.SqlEngine;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/// `leat bench latency`: events a second at a steady rate through collector, enricher and lake, and
/// how long each takes from its append to raw until a read_committed consumer has it, and until a
/// SQL query shows it. The append comes before the client's 202, so that the time since the client
/// was told is shorter.
public final class LatencyBench {

    private static final int MOST_WARM_UPS = 3;
    private static final String ROLES = "broker, collector, enricher, lake, HTTP client";
    private static final int EVENTS_PER_SECOND = 5_000;
    private static final int EVENTS_PER_POST = 20;
    private static final long POST_NANOS = 1_000_000_000L * EVENTS_PER_POST / EVENTS_PER_SECOND;
    private static final int ROUND_EVENTS_LEAST = 2 * EVENTS_PER_SECOND;
    private static final int ROUND_EVENTS_MOST = 10 * EVENTS_PER_SECOND;
    private static final double ENRICHED_P50_MILLIS = 20;
    private static final double ENRICHED_P99_MILLIS = 120;
    private static final double SQL_P99_MILLIS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private LatencyBench() {}

    /// Measures.
    public static void run(Workbench bench) {
        Names names = Workbench.names("latency");
        bench.createTopics(names);
        Path folder = SqlBench.folder(bench, "latency");
        int warmUps = Math.min(MOST_WARM_UPS, bench.rounds());
        int round = Math.clamp(bench.events(), ROUND_EVENTS_LEAST, ROUND_EVENTS_MOST);
        List<byte[]> requests =
                RunningCollector.batchRequests(
                        bench.contract(),
                        BenchEvents.of(bench.generator(), 2 * (warmUps + bench.rounds()) * round),
                        EVENTS_PER_POST);
        try (LakeCatalog catalog = BenchLake.open(folder, names);
                RunningCollector collector =
                        RunningCollector.start(bench.log(), names, bench.contract());
                Enricher _ = Filling.enricher(bench, names);
                LakeLoader _ = BenchLake.loader(bench, names, catalog, LakeLoaderSettings.DEFAULT);
                Receipts receipts = Receipts.start(bench, names);
                SqlEngine sql = SqlBench.engine(bench, names, catalog, folder)) {
            Rounds rounds =
                    new Rounds(bench, collector, requests, round / EVENTS_PER_POST, receipts);
            enriched(bench, rounds);
            sql(bench, rounds, sql);
        }
    }

    private static void enriched(Workbench bench, Rounds rounds) {
        List<Percentiles> measured = new ArrayList<>();
        int warmUps = Math.min(MOST_WARM_UPS, bench.rounds());
        for (int round = 0; round < warmUps + bench.rounds(); round++) {
            Percentiles latency = Percentiles.of(rounds.next().enrichedMillis());
            report(bench, "latency-enriched", latency, round < warmUps);
            if (round >= warmUps) {
                measured.add(latency);
            }
        }
        double p50 = median(measured.stream().mapToDouble(Percentiles::p50));
        double p99 = median(measured.stream().mapToDouble(Percentiles::p99));
        bench.metrics()
                .accept(
                        Metric.millis(
                                "latency-enriched-p50-millis",
                                p50,
                                ENRICHED_P50_MILLIS,
                                bench.rounds(),
                                ROLES));
        bench.metrics()
                .accept(
                        Metric.millis(
                                "latency-enriched-p99-millis",
                                p99,
                                ENRICHED_P99_MILLIS,
                                bench.rounds(),
                                ROLES));
    }

    private static void sql(Workbench bench, Rounds rounds, SqlEngine sql) {
        List<Percentiles> measured = new ArrayList<>();
        int warmUps = Math.min(MOST_WARM_UPS, bench.rounds());
        for (int round = 0; round < warmUps + bench.rounds(); round++) {
            Percentiles latency;
            try (Visibility visible = Visibility.watch(bench.contract(), sql)) {
                Receipts.Window window = rounds.next();
                visible.awaitAll(window, PATIENCE);
                latency = Percentiles.of(visible.millis(window));
                report(bench, "latency-sql" + visible.shortfalls(), latency, round < warmUps);
            }
            if (round >= warmUps) {
                measured.add(latency);
            }
        }
        bench.metrics()
                .accept(
                        Metric.millis(
                                "latency-sql-p99-millis",
                                median(measured.stream().mapToDouble(Percentiles::p99)),
                                SQL_P99_MILLIS,
                                bench.rounds(),
                                ROLES + ", sql"));
    }

    /// Sends one round after the other, each event once.
    private static final class Rounds {
        private final RunningCollector collector;
        private final List<byte[]> requests;
        private final int requestsARound;
        private final Receipts receipts;
        private int sent;

        Rounds(
                Workbench bench,
                RunningCollector collector,
                List<byte[]> requests,
                int requestsARound,
                Receipts receipts) {
            this.collector = collector;
            this.requests = requests;
            this.requestsARound = requestsARound;
            this.receipts = receipts;
            bench.progress()
                    .accept(
                            String.format(
                                    Locale.ROOT,
                                    "latency: %,d events/s, %d a post, %,d a round",
                                    EVENTS_PER_SECOND,
                                    EVENTS_PER_POST,
                                    requestsARound * EVENTS_PER_POST));
        }

        Receipts.Window next() {
            List<byte[]> own = requests.subList(sent, sent + requestsARound);
            sent += requestsARound;
            long before = receipts.count();
            HttpLoad.sendPaced(collector.address(), own, POST_NANOS);
            return receipts.await(
                    before, before + (long) requestsARound * EVENTS_PER_POST, PATIENCE);
        }
    }

    private static double median(java.util.stream.DoubleStream figures) {
        return Contest.median(figures.toArray());
    }

    private static void report(Workbench bench, String name, Percentiles latency, boolean warmUp) {
        bench.progress()
                .accept(
                        String.format(
                                Locale.ROOT,
                                "%s: p50 %.1f ms, p99 %.1f ms, most %.1f ms%s",
                                name,
                                latency.p50(),
                                latency.p99(),
                                latency.most(),
                                warmUp ? " (warm-up)" : ""));
    }

    /// How a consumer that wants to know soon is set.
    static Map<String, Object> eager() {
        return Map.of(
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                1,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000);
    }
}
