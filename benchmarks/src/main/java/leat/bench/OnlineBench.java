package leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import leat.console.AlertSource;
import leat.console.Console;
import leat.console.ConsoleSettings;
import leat.console.StatusSource;
import leat.console.mlflow.MlflowApi;
import leat.core.catalog.Catalog;
import leat.core.contract.ContractName;
import leat.core.event.Names;
import leat.core.registry.ContractRegistry;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.LocalStore;
import leat.ml.featurestore.online.OnlineFeature;
import leat.ml.featurestore.online.OnlineMetrics;
import leat.ml.featurestore.online.OnlineSettings;
import leat.ml.featurestore.online.OnlineStore;
import leat.ml.featurestore.online.OnlineView;
import leat.ml.scoring.Inference;
import leat.stream.collector.access.Access;
import leat.stream.lake.LakeCatalog;
import leat.stream.log.LogUnavailable;
import leat.stream.log.StageHealth;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.sql.SqlEngine;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// `leat bench features`, its online part: a view of forty features and ten thousand entities, from
/// its `latest` topic through the online store and the console to a client that asks at a steady
/// rate, in a process of its own. A question's time counts from when it was due.
public final class OnlineBench {

    private static final String ROLES =
            "broker, online store, console; HTTP client in a process of its own";
    private static final int ENTITIES = 10_000;
    private static final int FEATURES = 40;
    private static final int PARTITIONS = 4;
    private static final int ENTITIES_AT_ONCE = 100;
    private static final int REQUESTS_PER_SECOND = 2_000;

    /// In the second measurement one request of so many asks for a hundred entities.
    private static final int OF_REQUESTS = 10;

    private static final int DISTINCT_REQUESTS = 5_000;
    private static final double ONE_P99_MILLIS = 1;
    private static final double HUNDRED_P99_MILLIS = 5;
    private static final int WARM_UPS = 3;
    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();
    private static final long SEED = 5;

    private final Workbench bench;

    private OnlineBench(Workbench bench) {
        this.bench = bench;
    }

    /// Measures.
    ///
    /// @throws IllegalStateException when a question is not answered by 200
    public static void run(Workbench bench) {
        Names names = Workbench.names("online");
        OnlineView view = view(names);
        fill(bench, view);
        Path folder = SqlBench.folder(bench, "online");
        try (LakeCatalog catalog = BenchLake.open(folder, names);
                SqlEngine sql = SqlBench.engine(bench, names, catalog, folder);
                OnlineStore store = store(bench, folder, view);
                Console console =
                        console(
                                sql,
                                new FeatureQueries(List.of(view), store, InstantSource.system()),
                                Optional.empty())) {
            awaitReady("the online store", store::health);
            OnlineBench measurement = new OnlineBench(bench);
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), console.port());
            measurement.one(address, view);
            measurement.hundred(address, view);
        }
    }

    private static OnlineView view(Names names) {
        return new OnlineView(
                new ContractName("bench"),
                1,
                "car",
                names.shared("latest.bench.v1"),
                IntStream.range(0, FEATURES)
                        .mapToObj(i ->
                                new OnlineFeature(
                                        "speed_mean_" + i + "m", OnlineFeature.Kind.NUMBER))
                        .toList(),
                Optional.of(Duration.ofDays(1)));
    }

    private static void fill(Workbench bench, OnlineView view) {
        try (Admin admin = bench.log().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(List.of(TopicSpec.compacted(view.topic(), PARTITIONS))));
        }
        Random random = new Random(SEED);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        try (Producer<byte[], byte[]> producer =
                bench.log().producer("bench-fill", Map.of("linger.ms", 20))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < ENTITIES; i++) {
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        view.topic(),
                                        entity(i).getBytes(UTF_8),
                                        vector(view, entity(i), now, random))));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot fill the topic", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static String entity(int number) {
        return "car-" + number;
    }

    private static byte[] vector(OnlineView view, String entity, Instant time, Random random) {
        StringBuilder json = new StringBuilder();
        json.append("{\"entity\":\"").append(entity);
        json.append("\",\"query_time\":\"").append(time).append('"');
        for (OnlineFeature feature : view.features()) {
            json.append(",\"")
                    .append(feature.name())
                    .append("\":")
                    .append(100 * random.nextDouble());
        }
        return json.append('}').toString().getBytes(UTF_8);
    }

    private static OnlineStore store(Workbench bench, Path folder, OnlineView view) {
        return LocalStore.open(
                new LocalStore.Place(
                        bench.log(),
                        folder.resolve("store"),
                        "bench-online",
                        new OnlineMetrics(new PrometheusRegistry()),
                        InstantSource.system()),
                OnlineSettings.DEFAULT,
                List.of(view));
    }

    /// @param what is named when it does not become ready
    static void awaitReady(String what, Supplier<Map<String, StageHealth>> health) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!health.get().values().stream().allMatch(StageHealth::ready)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(what + " is not ready: " + health.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// A platform of which nothing is told.
    private record Silent() implements StatusSource {
        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> status() {
            return Map.of();
        }
    }

    static Console console(SqlEngine sql, FeatureQueries queries, Optional<Inference> inference) {
        return Console.start(
                new ConsoleSettings("127.0.0.1", 0, List.of()),
                new Console.Parts(
                        sql,
                        List.of(),
                        new Silent(),
                        AlertSource.NONE,
                        queries,
                        Catalog.EMPTY,
                        List::of,
                        () -> ContractRegistry.EMPTY,
                        MlflowApi.Parts.NONE,
                        inference,
                        Access.OPEN,
                        Optional.empty()));
    }

    private void one(InetSocketAddress address, OnlineView view) {
        List<byte[]> requests =
                IntStream.range(0, DISTINCT_REQUESTS).mapToObj(i -> oneOf(view, i)).toList();
        double[] p99 = measure("one entity", address, requests, 1);
        report("feature-online-p99-millis", p99, ONE_P99_MILLIS);
    }

    private void hundred(InetSocketAddress address, OnlineView view) {
        Random random = new Random(SEED);
        List<byte[]> requests =
                IntStream.range(0, DISTINCT_REQUESTS)
                        .mapToObj(i ->
                                i % OF_REQUESTS == 0 ? hundredOf(view, random) : oneOf(view, i))
                        .toList();
        double[] p99 =
                measure(
                        "one of " + OF_REQUESTS + " for " + ENTITIES_AT_ONCE + " entities",
                        address,
                        requests,
                        OF_REQUESTS);
        report("feature-online-100-p99-millis", p99, HUNDRED_P99_MILLIS);
    }

    private static byte[] oneOf(OnlineView view, int number) {
        return ("GET /api/v1/features/"
                        + view.name()
                        + "/"
                        + entity(number % ENTITIES)
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                .getBytes(UTF_8);
    }

    private static byte[] hundredOf(OnlineView view, Random random) {
        List<String> entities = new ArrayList<>(Collections.nCopies(ENTITIES_AT_ONCE, ""));
        entities.replaceAll(_ -> '"' + entity(random.nextInt(ENTITIES)) + '"');
        return HttpLoad.request(
                "/api/v1/features/" + view.name(),
                "application/json",
                ("{\"entities\":[" + String.join(",", entities) + "]}").getBytes(UTF_8));
    }

    /// The 99th percentile of each round, of every `counted`-th request.
    private double[] measure(
            String what, InetSocketAddress address, List<byte[]> requests, int counted) {
        Path folder = SqlBench.folder(bench, "online").resolve("load");
        try (LoadProcess load =
                LoadProcess.start(folder, address, LoadProgram.Protocol.HTTP, requests)) {
            return measure(what, load, counted);
        }
    }

    private double[] measure(String what, LoadProcess load, int counted) {
        double[] p99 = new double[bench.rounds()];
        for (int round = -WARM_UPS; round < bench.rounds(); round++) {
            List<OpenLoad.Answered> answers = load.send(REQUESTS_PER_SECOND, ROUND).answers();
            answers.forEach(OnlineBench::requireAnswered);
            OpenLoad.Answered slowest =
                    Collections.max(answers, Comparator.comparingDouble(OpenLoad.Answered::millis));
            Percentiles times =
                    Percentiles.of(
                            answers.stream()
                                    .filter(answered -> answered.request() % counted == 0)
                                    .mapToDouble(OpenLoad.Answered::millis)
                                    .toArray());
            bench.progress()
                    .accept(
                            String.format(
                                    Locale.ROOT,
                                    "online: %s, %,d requests/s: p50 %.2f ms, p99 %.2f ms, most"
                                            + " %.1f ms, the slowest due at %.2f s%s",
                                    what,
                                    REQUESTS_PER_SECOND,
                                    times.p50(),
                                    times.p99(),
                                    times.most(),
                                    (slowest.dueNanos() - answers.getFirst().dueNanos()) / 1e9,
                                    round < 0 ? " (warm-up)" : ""));
            if (round >= 0) {
                p99[round] = times.p99();
            }
        }
        return p99;
    }

    private static void requireAnswered(OpenLoad.Answered answered) {
        if (answered.status() != 200) {
            throw new IllegalStateException("the console answered " + answered.status());
        }
    }

    private void report(String metric, double[] p99, double bar) {
        bench.metrics()
                .accept(Metric.millis(metric, Contest.median(p99), bar, bench.rounds(), ROLES));
    }
}
