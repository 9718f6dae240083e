package leat.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// A subject against its peers in interleaved rounds, so that a slow minute of the machine meets
/// all of them. Peers stand in groups, one a metric; of each group the peer with the best median is
/// the limit.
final class Contest {

    private final String roles;
    private final Run.Round subject;
    private final Map<String, Map<String, Run.Round>> groups = new LinkedHashMap<>();
    private final Consumer<String> progress;

    Contest(String roles, Run.Round subject, Consumer<String> progress) {
        this.roles = roles;
        this.subject = subject;
        this.progress = progress;
    }

    /// Adds the peers of one metric.
    Contest against(String metric, Map<String, Run.Round> peers) {
        groups.put(metric, new LinkedHashMap<>(peers));
        return this;
    }

    /// `rounds` measured ones, after as many as it takes to [warm up][WarmUp].
    List<Metric> hold(int rounds) {
        return hold(rounds, WarmUp.MOST_ROUNDS);
    }

    /// The same with at most so many rounds that warm up.
    List<Metric> hold(int rounds, int mostWarmUps) {
        WarmUp.play(rounds, mostWarmUps, () -> play(" (warm-up)", (_, _) -> {}));
        List<Run> subjectRuns = new ArrayList<>();
        Map<String, List<Run>> peerRuns = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            subjectRuns.add(
                    play(
                            "",
                            (peer, run) ->
                                    peerRuns.computeIfAbsent(peer, _ -> new ArrayList<>())
                                            .add(run)));
        }
        List<Metric> metrics = new ArrayList<>();
        groups.forEach((metric, peers) -> {
            Map<String, List<Run>> own = new LinkedHashMap<>(peerRuns);
            own.keySet().retainAll(peers.keySet());
            metrics.add(metric(metric, subjectRuns, own));
        });
        return metrics;
    }

    private Metric metric(String metric, List<Run> subjectRuns, Map<String, List<Run>> peerRuns) {
        Map.Entry<String, List<Run>> best =
                peerRuns.entrySet().stream()
                        .max(
                                Comparator.comparingDouble(
                                        peer -> median(peer.getValue(), Run::eventsPerSecond)))
                        .orElseThrow();
        double value = median(subjectRuns, Run::eventsPerSecond);
        double limit = median(best.getValue(), Run::eventsPerSecond);
        return new Metric(
                metric,
                value,
                "events/s",
                limit,
                value / limit,
                median(subjectRuns, Run::cpuSecondsPerMillion),
                median(best.getValue(), Run::cpuSecondsPerMillion),
                best.getKey(),
                subjectRuns.size(),
                roles);
    }

    /// One round of everybody; the subject's run.
    private Run play(String note, BiConsumer<String, Run> peerRuns) {
        Run own = perform(groups.keySet().iterator().next(), "leat", subject, note);
        groups.forEach((metric, peers) ->
                peers.forEach((peer, round) ->
                        peerRuns.accept(peer, perform(metric, peer, round, note))));
        return own;
    }

    private Run perform(String metric, String name, Run.Round round, String note) {
        Run run = round.run();
        progress.accept(
                String.format(
                        Locale.ROOT,
                        "%s: %s %,.0f events/s, %.1f CPU-s a million, compiler %.0f %%%s",
                        metric,
                        name,
                        run.eventsPerSecond(),
                        run.cpuSecondsPerMillion(),
                        100 * run.compilerShare(),
                        note));
        return run;
    }

    static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
        return median(runs.stream().mapToDouble(figure).toArray());
    }

    static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
