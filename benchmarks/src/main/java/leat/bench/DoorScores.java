package leat.bench;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;

/// How many questions a second a door answers, beside ONNX Runtime with as many rows one by one,
/// and how soon at a steady pace.
final class DoorScores {

    private static final int PER_SECOND = 5_000;
    private static final double P50_MILLIS = 2;
    private static final double P99_MILLIS = 10;
    private static final int LEAST_QUESTIONS = 10_000;
    private static final int DISTINCT_ROWS = 5_000;
    private static final int LONGEST_SECONDS = 5;

    private final Workbench bench;
    private final ScoreDoor door;
    private final BareOnnx bare;
    private final List<FloatBuffer> rows;

    DoorScores(Workbench bench, ScoreDoor door, BareOnnx bare, BenchVectors vectors) {
        this.bench = bench;
        this.door = door;
        this.bare = bare;
        this.rows = BareOnnx.batches(vectors.complete(DISTINCT_ROWS), 1);
    }

    void measure(int mostWarmUps) {
        requests(mostWarmUps);
        times(mostWarmUps);
    }

    private void requests(int mostWarmUps) {
        int questions = Math.max(LEAST_QUESTIONS, bench.events() / 3);
        int threads = Runtime.getRuntime().availableProcessors();
        OptionalDouble bar = door.leastPerSecond();
        String perSecond = "score-" + door.word() + "-requests-per-second";
        Metric againstOnnx =
                new Contest(door.roles(), () -> Run.of(() -> door.ask(questions)), bench.progress())
                        .against(
                                bar.isPresent() ? "score-" + door.word() + "-vs-onnx" : perSecond,
                                Map.of(
                                        "ONNX Runtime, a row a run, threads: " + threads,
                                        () -> Run.of(() -> bare.run(rows, questions, threads))))
                        .hold(bench.rounds(), mostWarmUps)
                        .getFirst();
        bench.metrics().accept(againstOnnx);
        bar.ifPresent(least -> bench.metrics().accept(againstOnnx.against(perSecond, least)));
    }

    private void times(int mostWarmUps) {
        WarmUp.play(bench.rounds(), mostWarmUps, this::warmUp);
        double[] p50 = new double[bench.rounds()];
        double[] p99 = new double[bench.rounds()];
        for (int round = 0; round < bench.rounds(); round++) {
            Percentiles times = times(ask(), "");
            p50[round] = times.p50();
            p99[round] = times.p99();
        }
        report("p50", p50, P50_MILLIS);
        report("p99", p99, P99_MILLIS);
    }

    /// With what the clients' process took: while it compiles, it takes from the door.
    private Run warmUp() {
        AtomicReference<LoadProcess.Sent> clients = new AtomicReference<>();
        Run door =
                Run.of(() -> {
                    LoadProcess.Sent sent = ask();
                    clients.set(sent);
                    return times(sent, " (warm-up)").count();
                });
        return door.with(clients.get().cpuNanos(), clients.get().compilerNanos());
    }

    private LoadProcess.Sent ask() {
        return door.askAt(
                PER_SECOND,
                Duration.ofSeconds(
                        Math.clamp(
                                bench.events() * LONGEST_SECONDS / 300_000, 1, LONGEST_SECONDS)));
    }

    private Percentiles times(LoadProcess.Sent sent, String note) {
        Percentiles times =
                Percentiles.of(
                        sent.answers().stream().mapToDouble(OpenLoad.Answered::millis).toArray());
        bench.progress()
                .accept(
                        String.format(
                                Locale.ROOT,
                                "score-%s: %,d requests/s: p50 %.2f ms, p99 %.2f ms, most"
                                        + " %.1f ms%s",
                                door.word(),
                                PER_SECOND,
                                times.p50(),
                                times.p99(),
                                times.most(),
                                note));
        return times;
    }

    private void report(String percentile, double[] millis, double bar) {
        bench.metrics()
                .accept(
                        Metric.millis(
                                "score-" + door.word() + "-" + percentile + "-millis",
                                Contest.median(millis),
                                bar,
                                bench.rounds(),
                                door.roles()));
    }
}
