package leat.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import leat.core.event.Names;
import leat.core.feature.FeatureView;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureStore;
import leat.ml.featurestore.VerifyReport;
import org.apache.kafka.common.TopicPartition;

/// `leat bench features`, the part of equality: random events, unruly ones among them, through the
/// views while their instances come and go; then the log is replayed, and every vector compared.
public final class EqualityBench {

    private static final String ROLES = "broker, features, verify";
    private static final int FULL_EVENTS = 300_000;
    private static final int EVENTS = 1_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Workbench bench;
    private final BenchViews views;

    private EqualityBench(Workbench bench, List<FeatureView> views) {
        this.bench = bench;
        Names names = Workbench.names("equality");
        this.views = BenchViews.prepare(bench, names, views);
    }

    /// Measures.
    ///
    /// @param views of the bench's contract, each with a vector for each event
    /// @throws IllegalStateException when a vector differs, is missing or one too many
    public static void run(Workbench bench, List<FeatureView> views) {
        new EqualityBench(bench, views).run();
    }

    private void run() {
        int wanted = bench.events() >= FULL_EVENTS ? EVENTS : bench.events();
        bench.progress().accept("equality: filling enriched");
        UnrulyEvents.Written written;
        try (UnrulyEvents events = new UnrulyEvents(bench, views.source())) {
            written = events.write(wanted);
        }
        bench.progress()
                .accept(
                        String.format(
                                Locale.ROOT,
                                "equality: %,d events, of these %,d late, %,d written twice;"
                                        + " beside them %,d of aborted transactions, %,d records"
                                        + " that are none",
                                written.events(),
                                written.late(),
                                written.twice(),
                                written.aborted(),
                                written.others()));
        compute();
        report(written);
    }

    /// One instance begins, a second joins it, the first goes and comes back to the state that it
    /// left, the second goes.
    private void compute() {
        Map<TopicPartition, Long> last = views.lastEvents();
        try (FeatureStore _ = second(last)) {
            views.await(last, 0.6, PATIENCE);
            try (FeatureStore _ = start("1")) {
                views.await(last, 0.8, PATIENCE);
            }
            views.await(last, 1, PATIENCE);
        }
    }

    /// The second instance, when the first has gone for the first time.
    private FeatureStore second(Map<TopicPartition, Long> last) {
        try (FeatureStore one = start("1")) {
            views.await(last, 0.2, PATIENCE);
            OnlineBench.awaitReady("the feature store", one::health);
            FeatureStore second = start("2");
            views.await(last, 0.4, PATIENCE);
            return second;
        }
    }

    private FeatureStore start(String instance) {
        return views.start(instance, bench.folder().resolve("equality-" + instance));
    }

    private void report(UnrulyEvents.Written written) {
        List<VerifyReport> reports = views.verify();
        long vectors = reports.stream().mapToLong(VerifyReport::vectors).sum();
        long differences = reports.stream().mapToLong(VerifyReport::differences).sum();
        accept("feature-equality-differences", differences, 0, (double) differences);
        accept("feature-equality-compared", vectors, EVENTS, (double) vectors / EVENTS);
        long expected = written.events() * views.flows().size();
        if (differences > 0 || vectors != expected) {
            throw new IllegalStateException(
                    vectors + " vectors were compared of " + expected + ": " + reports);
        }
        bench.progress()
                .accept(
                        "equality: views "
                                + views.flows().stream().map(FeatureFlow::name).toList()
                                + ", replayed and equal");
    }

    private void accept(String metric, long value, double bar, double ratio) {
        bench.metrics()
                .accept(
                        new Metric(
                                metric,
                                (double) value,
                                "vectors",
                                bar,
                                ratio,
                                0,
                                0,
                                "the stated bar",
                                1,
                                ROLES));
    }
}
