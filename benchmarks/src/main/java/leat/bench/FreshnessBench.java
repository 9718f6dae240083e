package leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import leat.console.Console;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.Names;
import leat.core.feature.FeatureView;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureStore;
import leat.ml.featurestore.FeatureStoreSettings;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.LocalStore;
import leat.ml.featurestore.online.OnlineMetrics;
import leat.ml.featurestore.online.OnlineView;
import leat.stream.enricher.Enricher;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeLoaderSettings;
import leat.stream.sql.SqlEngine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `leat bench features`, the part of freshness: events at a steady rate through the platform, and
/// for one of a hundred how long it takes from the client's 202 until the features of its car,
/// asked for over HTTP, have it.
public final class FreshnessBench {

    private static final String ROLES =
            "broker, collector, enricher, lake, features, online store, console, HTTP client";

    /// The rate that the bars are stated for.
    public static final int EVENTS_PER_SECOND = 5_000;

    private static final int EVENTS_PER_POST = 20;

    /// The first round of all has so many times fewer events a second: a cold JVM does not keep up.
    private static final int COLD = 5;

    /// Of so many posts one has an event that is looked for.
    private static final int OF_POSTS = 5;

    private static final int ROUND_SECONDS_LEAST = 2;
    private static final int ROUND_SECONDS_MOST = 10;
    private static final double P50_MILLIS = 80;
    private static final double P99_MILLIS = 250;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Workbench bench;
    private final Names names = Workbench.names("freshness");
    private final BenchViews views;
    private final int perSecond;
    private final int roundSeconds;
    private final Feed feed;
    private int sent;

    private FreshnessBench(Workbench bench, List<FeatureView> views, int perSecond) {
        this.bench = bench;
        this.views = BenchViews.prepare(bench, names, views);
        this.perSecond = perSecond;
        this.roundSeconds =
                Math.clamp(
                        bench.events() / EVENTS_PER_SECOND,
                        ROUND_SECONDS_LEAST,
                        ROUND_SECONDS_MOST);
        // The newest are of now: older ones than the view's ttl would not be served.
        int most = (WarmUp.MOST_ROUNDS + bench.rounds()) * roundSeconds * perSecond;
        this.feed =
                BenchEvents.open(
                        bench.generator(), Instant.now().minusSeconds(most / BenchEvents.SOURCES));
    }

    /// Measures.
    ///
    /// @param views that run; the first is looked at
    /// @param perSecond events a second
    /// @throws IllegalStateException when an event does not show, or the vectors are not exactly
    ///   those of the events
    public static void run(Workbench bench, List<FeatureView> views, int perSecond) {
        new FreshnessBench(bench, views, perSecond).run();
    }

    private void run() {
        Path folder = SqlBench.folder(bench, "freshness");
        List<OnlineView> served =
                views.flows().stream().map(flow -> OnlineView.of(names, flow.compiled())).toList();
        try (LakeCatalog catalog = BenchLake.open(folder, names);
                RunningCollector collector =
                        RunningCollector.start(bench.log(), names, bench.contract());
                Enricher _ = Filling.enricher(bench, names);
                FeatureStore features = views.start("1", folder);
                LakeLoader _ = lake(catalog);
                SqlEngine sql = SqlBench.engine(bench, names, catalog, folder);
                LocalStore store = online(folder, served);
                Console console =
                        OnlineBench.console(
                                sql,
                                new FeatureQueries(served, store, InstantSource.system()),
                                Optional.empty())) {
            OnlineBench.awaitReady("the feature store", features::health);
            OnlineBench.awaitReady("the online store", store::health);
            try (Sightings sightings =
                    new Sightings(
                            store,
                            served.getFirst(),
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(), console.port()))) {
                measure(collector, sightings);
            }
            views.await(views.lastEvents(), 1, PATIENCE);
        }
        views.requireExact(sent);
    }

    private LakeLoader lake(LakeCatalog catalog) {
        return LakeLoader.start(
                new LakeLoader.Place(bench.log(), names, catalog),
                LakeLoaderSettings.DEFAULT,
                List.of(bench.contract()),
                views.flows().stream().map(FeatureFlow::vectors).toList());
    }

    private LocalStore online(Path folder, List<OnlineView> served) {
        return LocalStore.open(
                new LocalStore.Place(
                        bench.log(),
                        folder.resolve("online"),
                        "bench-freshness",
                        new OnlineMetrics(new PrometheusRegistry()),
                        InstantSource.system()),
                FeatureStoreSettings.DEFAULT.online(),
                served);
    }

    private void measure(RunningCollector collector, Sightings sightings) {
        bench.progress()
                .accept(
                        String.format(
                                Locale.ROOT,
                                "freshness: %,d events/s, %d a post, %,d a round, views %s,"
                                        + " commit interval %d ms",
                                perSecond,
                                EVENTS_PER_POST,
                                roundSeconds * perSecond,
                                views.flows().stream().map(FeatureFlow::name).toList(),
                                FeatureStoreSettings.DEFAULT.commitInterval().toMillis()));
        WarmUp.play(
                bench.rounds(),
                WarmUp.MOST_ROUNDS,
                () -> round(collector, sightings, " (warm-up)").run());
        double[] p50 = new double[bench.rounds()];
        double[] p99 = new double[bench.rounds()];
        for (int i = 0; i < bench.rounds(); i++) {
            Percentiles times = round(collector, sightings, "").times();
            p50[i] = times.p50();
            p99[i] = times.p99();
        }
        accept("feature-freshness-p50-millis", p50, P50_MILLIS);
        accept("feature-freshness-p99-millis", p99, P99_MILLIS);
    }

    /// @param times of the events that were looked for
    private record Round(Run run, Percentiles times) {}

    private Round round(RunningCollector collector, Sightings sightings, String what) {
        int rate = sent == 0 ? Math.max(1, perSecond / COLD) : perSecond;
        List<byte[]> own = BenchEvents.next(bench.generator(), feed, roundSeconds * rate);
        sent += own.size();
        List<byte[]> posts = RunningCollector.batchRequests(bench.contract(), own, EVENTS_PER_POST);
        List<Optional<Sightings.Wanted>> wanted = new ArrayList<>();
        for (int post = 0; post < posts.size(); post++) {
            wanted.add(
                    post % OF_POSTS == 0
                            ? Optional.of(
                                    wanted(
                                            own.get(
                                                    post * EVENTS_PER_POST
                                                            + post / OF_POSTS % EVENTS_PER_POST)))
                            : Optional.empty());
        }
        AtomicReference<double[]> millis = new AtomicReference<>();
        Run run =
                Run.of(() -> {
                    HttpLoad.sendPaced(
                            collector.address(),
                            posts,
                            1_000_000_000L * EVENTS_PER_POST / rate,
                            post -> wanted.get(post).ifPresent(sightings::accepted));
                    millis.setPlain(sightings.await());
                    return own.size();
                });
        Percentiles times = Percentiles.of(millis.getPlain());
        report(millis.getPlain().length, times, run, what);
        return new Round(run, times);
    }

    /// The event's key and time, as the example's contract has them.
    private static Sightings.Wanted wanted(byte[] event) {
        JsonNode json = JSON.readTree(new String(event, UTF_8));
        long seconds = json.required("time").asLong();
        return new Sightings.Wanted(json.required("car").asString(), seconds * 1_000_000 + 1);
    }

    private void report(int events, Percentiles times, Run run, String what) {
        bench.progress()
                .accept(
                        String.format(
                                Locale.ROOT,
                                "freshness: %,d events looked for: p50 %.1f ms, p99 %.1f ms, most"
                                        + " %.1f ms, compiler %.0f %%%s",
                                events,
                                times.p50(),
                                times.p99(),
                                times.most(),
                                100 * run.compilerShare(),
                                what));
    }

    private void accept(String metric, double[] figures, double bar) {
        bench.metrics()
                .accept(Metric.millis(metric, Contest.median(figures), bar, bench.rounds(), ROLES));
    }
}
