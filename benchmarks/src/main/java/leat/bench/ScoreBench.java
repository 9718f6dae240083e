package leat.bench;

import java.net.URI;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import leat.console.Console;
import leat.console.grpc.ServingDoor;
import leat.console.inference.InferenceSettings;
import leat.core.event.Names;
import leat.core.feature.FeatureView;
import leat.core.prediction.Scoring;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.registry.ModelsInLog;
import leat.ml.scorer.Scorer;
import leat.ml.scorer.ScorerSettings;
import leat.ml.scorer.ScorerTopics;
import leat.ml.scoring.Inference;
import leat.stream.collector.access.Access;
import leat.stream.lake.LakeCatalog;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.sql.SqlEngine;
import org.apache.kafka.clients.admin.Admin;

/// `leat bench score`: the scorer from a full topic of vectors to predictions, against a copy that
/// looks at nothing and against ONNX Runtime alone, the doors that answer for a model, and a step
/// of enrichment that asks one of them. Each round of each contestant has a group and output topics
/// of its own, and each prediction is compared.
public final class ScoreBench {

    /// As many rounds as warm up for the other figures.
    public static final int WARM_UPS = WarmUp.MOST_ROUNDS;

    private static final String ROLES = "broker, scorer";
    private static final double EVENTS_PER_SECOND = 100_000;

    /// So many rows the scorer gives to a model in a run.
    private static final int ROWS_A_RUN = 1_000;

    /// Rows that ONNX Runtime computes in a round: it is quick, and a round has to take a while.
    private static final long BARE_ROWS = 1_000_000;

    private final Workbench bench;
    private final Names names;
    private final Admin admin;
    private final ModelsInLog models;
    private final BenchVectors vectors;
    private final AtomicInteger round = new AtomicInteger();

    private ScoreBench(
            Workbench bench, Names names, Admin admin, ModelsInLog models, BenchVectors vectors) {
        this.bench = bench;
        this.names = names;
        this.admin = admin;
        this.models = models;
        this.vectors = vectors;
    }

    /// Measures.
    ///
    /// @param view of the bench's contract, with as many numbers as the model takes
    /// @param mostWarmUps how many rounds may warm up
    /// @param settings of what answers at the doors
    /// @throws IllegalStateException when a prediction is lost, doubled or not what ONNX Runtime
    ///   says, or a question is not answered
    public static void run(
            Workbench bench, FeatureView view, int mostWarmUps, InferenceSettings settings) {
        Names names = Workbench.names("score");
        Path folder = SqlBench.folder(bench, "score");
        bench.progress().accept("score: filling vectors");
        BenchVectors vectors = BenchVectors.fill(bench, names, view);
        Autoencoder.register(bench, names, folder.resolve("uploads"));
        try (Admin admin = bench.log().admin();
                ModelsInLog models = new ModelsInLog(bench.log(), names);
                BareOnnx bare = BareOnnx.open()) {
            ScoreBench measurement = new ScoreBench(bench, names, admin, models, vectors);
            measurement.embedded(bare, mostWarmUps);
            measurement.doors(bare, folder, mostWarmUps, settings);
        }
    }

    private void embedded(BareOnnx bare, int mostWarmUps) {
        Map<String, Run.Round> copies = new LinkedHashMap<>();
        BareCopy.SETTINGS.forEach((name, batch) -> copies.put(name, () -> copy(batch)));
        List<Metric> metrics =
                new Contest(ROLES, this::score, bench.progress())
                        .against("score-embedded-vs-copy", copies)
                        .against("score-embedded-vs-onnx", bareRuns(bare))
                        .hold(bench.rounds(), mostWarmUps);
        metrics.forEach(bench.metrics());
        bench.metrics()
                .accept(
                        metrics.getFirst()
                                .against("score-embedded-events-per-second", EVENTS_PER_SECOND));
    }

    private void doors(BareOnnx bare, Path folder, int mostWarmUps, InferenceSettings settings) {
        try (LakeCatalog catalog = BenchLake.open(folder, names);
                SqlEngine sql = SqlBench.engine(bench, names, catalog, folder);
                Inference inference =
                        new Inference(models, FeatureQueries.NONE, settings.limits());
                Console console =
                        OnlineBench.console(sql, FeatureQueries.NONE, Optional.of(inference));
                ServingDoor serving =
                        ServingDoor.open(
                                new ServingDoor.Place(
                                        "127.0.0.1", 0, Access.OPEN, Optional.empty()),
                                FeatureQueries.NONE,
                                Optional.of(inference));
                ScoreDoor rest = RestDoor.open(console.port(), bare, vectors, folder);
                ScoreDoor grpc = GrpcDoor.open(serving.port(), bare, vectors, folder)) {
            for (ScoreDoor door : List.of(rest, grpc)) {
                new DoorScores(bench, door, bare, vectors).measure(mostWarmUps);
            }
            new StepScores(bench, names, admin, bare)
                    .measure(models, URI.create("http://127.0.0.1:" + console.port()), mostWarmUps);
        }
    }

    private Map<String, Run.Round> bareRuns(BareOnnx bare) {
        List<FloatBuffer> batches = BareOnnx.batches(vectors.rows(), ROWS_A_RUN);
        int processors = Runtime.getRuntime().availableProcessors();
        Map<String, Run.Round> runs = new LinkedHashMap<>();
        for (int threads : processors == 1 ? new int[] {1} : new int[] {1, processors}) {
            runs.put(
                    "ONNX Runtime, 1,000 rows a run, threads: " + threads,
                    () -> Run.of(() -> bare.run(batches, BARE_ROWS, threads)));
        }
        return runs;
    }

    private Run score() {
        Scoring scoring = Autoencoder.scoring("score-" + round.incrementAndGet(), vectors.view());
        List<TopicSpec> specs = new ScorerTopics(names).specs(List.of(scoring));
        Topics topics = new Topics(admin, 1);
        topics.apply(topics.plan(specs));
        Run run;
        try (Scorer _ =
                Scorer.start(
                        new Scorer.Place(bench.log(), names, "1"),
                        ScorerSettings.DEFAULT,
                        models,
                        List.of(scoring))) {
            run = follow(names.group(Scorer.ROLE + "." + scoring.nameAndVersion()));
        }
        vectors.requireScored(names.predictions(scoring.contract()));
        bench.deleteTopics(
                TopicSpec.ofPredictions(names, scoring.contract()).stream()
                        .map(TopicSpec::name)
                        .toList());
        return run;
    }

    private Run copy(int batch) {
        Names out = Workbench.names("score-" + round.incrementAndGet());
        String to = out.enriched(bench.contract());
        bench.createTopics(out, List.of(to));
        String group = out.group("copy");
        Run run;
        try (BareCopy _ = BareCopy.start(bench.log(), vectors.topic(), to, group, batch)) {
            run = follow(group);
        }
        long copied = Filling.count(bench, to);
        if (copied != vectors.count()) {
            throw new IllegalStateException(
                    copied + " of " + vectors.count() + " vectors were copied");
        }
        bench.deleteTopics(List.of(to));
        return run;
    }

    /// Of the offsets some are those of transactions' markers, which count for nobody.
    private Run follow(String group) {
        double share =
                (double) vectors.count()
                        / vectors.last().values().stream().mapToLong(Long::longValue).sum();
        return Run.following(
                () -> Math.round(BenchViews.behind(admin, group, vectors.last()) * share),
                vectors.count());
    }
}
